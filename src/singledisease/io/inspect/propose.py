"""A mapping proposed as TOML, to be read and corrected by a person: every line says what it rests on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from singledisease.events.cells import read_flag
from singledisease.events.columns import coded
from singledisease.events.rules import Problem
from singledisease.io.inspect.content import Content
from singledisease.io.inspect.guess import Looked
from singledisease.io.mapping import CodeList, code_lists
from singledisease.io.mapping.codes import recode
from singledisease.io.mapping.take import DATE_COLUMNS
from singledisease.vocabulary import FLAGS, QUANTITIES

LISTS: Mapping[str, str] = {
    "sex": "GB/T 2261.1",
    "mode": "CV06.00.207",
    "adverse_reaction": "adverse reaction (form)",
    "complication": "CV05.10.012 complication",
    "direction": "direction of referral",
    "level": "level of institution",
    "disease": "diseases, by name",
}
_END = {"kind": "end of management, kind", "reason": "end of management, reason"}
_MOST = 40
_HEAD = """\
# 由 singledisease inspect 猜测，请逐行核对后使用 / guessed by singledisease inspect: read every line before using it.
#     singledisease kpi DATA --mapping mapping.toml --period 2024
# 左边是贵系统的名称，右边是本库的名称 / on the left your system's names, on the right the names used here.
"""


def propose(looked: Sequence[Looked]) -> str:
    """Write the mapping of files that were looked at."""
    blocks = [_HEAD + _encoding(looked)]
    mixed = len({one.encoding for one in looked if one.encoding}) > 1
    blocks += ["\n".join(_source(one, mixed)) for one in looked]
    blocks += ["\n".join(_next_visits(one)) for one in looked if one.next_visit and _is_visit(one)]
    if not any(one.role and one.role.table == "patients" for one in looked):
        blocks += ["\n".join(_people(one)) for one in looked if one.column("patient_id")]
    if not any(one.role and one.role.kind in ("enrolment", "") and one.role.table == "events" for one in looked):
        blocks += ["\n".join(_enrolments(one)) for one in looked if _is_visit(one)]
    return "\n\n".join(block.rstrip() for block in blocks if block) + "\n"


def _encoding(looked: Sequence[Looked]) -> str:
    used = {one.encoding for one in looked if one.encoding}
    return f"encoding = {quoted(used.pop())}\n" if len(used) == 1 and used != {"utf-8"} else ""


def _is_visit(one: Looked) -> bool:
    return one.role is not None and one.role.kind == "follow_up" and bool(one.column("date"))


def quoted(text: str) -> str:
    """Write a text as TOML does.

    >>> print(quoted("收缩压"))
    "收缩压"
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def name_of(one: Looked) -> str:
    """Give the name of the source of a file."""
    return one.file.rpartition(".")[0]


# ONE FILE


def _source(one: Looked, mixed: bool) -> Iterator[str]:
    where = f"sources.{quoted(name_of(one))}"
    encoding = f", {one.encoding}" if one.encoding else ""
    yield f"# {one.file}: {one.rows} 行 rows{encoding}"
    if one.role is None:
        yield "# 不知是什么表，未读 / what this is could not be guessed; it is not read.  Its columns:"
        yield from (f"#   {_described(name, content)}" for name, content in one.contents.items())
        return
    yield f"[{where}]"
    yield f"table = {quoted(one.role.table)}  # {one.by}"
    yield f"files = [{quoted(one.file)}]"
    if mixed and one.encoding:
        yield f"encoding = {quoted(one.encoding)}"
    yield from _constants(one)
    formats = _formats(one)
    if formats:
        yield f"dates = [{', '.join(map(quoted, formats))}]"
    if one.pairs:
        yield f'split = {{ {quoted(one.pairs)} = ["sbp", "dbp"] }}'
    listed, spelt = _codes(one)
    yield from (f"codes.{name} = {quoted(code_list)}{remark}" for name, code_list, remark in listed)
    yield ""
    yield f"[{where}.columns]"
    yield from _columns(one)
    for name, lines in spelt.items():
        yield ""
        yield f"[{where}.codes.{name}]"
        yield from lines


def _constants(one: Looked) -> Iterator[str]:
    assert one.role is not None
    known = {guess.name for guess in one.guesses.values()}
    constants = {}
    if one.role.table == "patients" and "birth_date" not in known:
        constants["birth_date"] = ""
    if one.role.kind not in ("", "end") and "kind" not in known:
        constants["kind"] = one.role.kind
    if one.disease and one.role.table == "events" and "disease" not in known:
        constants["disease"] = one.disease
    if constants:
        inside = ", ".join(f"{name} = {quoted(text)}" for name, text in constants.items())
        yield f"constants = {{ {inside} }}  # {one.by}"
    if one.role.kind == "enrolment" and "disease" not in constants and "disease" not in known:
        yield '# 建档须注明病种 / an enrolment has to name its disease: add disease = "hypertension" to the constants'


def _formats(one: Looked) -> tuple[str, ...]:
    columns = [foreign for foreign, guess in one.guesses.items() if guess.name in DATE_COLUMNS]
    return tuple(dict.fromkeys(form for foreign in columns for form in one.contents[foreign].formats()))


def _columns(one: Looked) -> Iterator[str]:
    assert one.role is not None
    for foreign, guess in one.guesses.items():
        names = '["kind", "reason"]' if one.role.kind == "end" and guess.name in _END else quoted(guess.name)
        yield f"{quoted(foreign)} = {names}  # {guess.how}; {_seen(guess.name, one.contents[foreign])}"
    rest = [name for name in one.contents if name not in one.guesses and name not in (one.pairs, one.next_visit)]
    if rest:
        yield f"# 未取用 / not taken: {', '.join(rest)}"


def _described(name: str, content: Content) -> str:
    return f"{quoted(name)}: {_share(content)}, {len(content.texts)} 种值 distinct"


def _seen(name: str, content: Content) -> str:
    """Say how full a column is, and of numbers the range; never a value that could name a person."""
    if name in QUANTITIES and content.numbers().size:
        numbers = content.numbers()
        return f"{_share(content)}, {numbers.min():g}–{numbers.max():g} {QUANTITIES[name].unit}"
    if name in DATE_COLUMNS and content.texts:
        return (
            f"{_share(content)}, {min(content.texts)} … {max(content.texts)}"
            if name != "birth_date"
            else _share(content)
        )
    return _share(content)


def _share(content: Content) -> str:
    return f"{100 * content.filled / content.rows if content.rows else 0:.0f} % 已填 filled"


# CODES


def _codes(one: Looked) -> tuple[list[tuple[str, str, str]], dict[str, list[str]]]:
    """Give the columns whose codes are all of a known list, and for the others what each code could mean."""
    assert one.role is not None
    listed: list[tuple[str, str, str]] = []
    spelt: dict[str, list[str]] = {}
    for foreign, guess in one.guesses.items():
        end = one.role.kind == "end" and guess.name in _END
        for name in _END if end else (guess.name,):
            code_list = code_lists().get(_END[name] if end else LISTS.get(name, ""))
            content = one.contents[foreign]
            if code_list is None or _is_plain(name, content):
                continue
            unknown = _unknown(name, content, code_list)
            if not unknown:
                status = "" if code_list.status == "confirmed" else f"，{code_list.status}，请核对 / check it"
                listed.append((name, code_list.name, f"  # {code_list.title}{status}"))
            else:
                spelt[name] = list(_spelt(name, content, code_list, unknown))
    return listed, spelt


def _is_plain(name: str, content: Content) -> bool:
    """Tell whether the values are read as they are: flags that say true, false, 1, 0, 是, 否."""
    return name in FLAGS and content.share(lambda text: not isinstance(read_flag(text), Problem)) == 1.0


def _unknown(name: str, content: Content, code_list: CodeList) -> set[str]:
    made = recode(name, coded(content.texts), code_list)
    return {text for text, strange in zip(content.texts, made.unknown.tolist(), strict=True) if strange}


def _spelt(name: str, content: Content, code_list: CodeList, unknown: set[str]) -> Iterator[str]:
    yield f"# {code_list.title}: {code_list.source} [{code_list.status}]"
    for text, times in list(zip(content.texts, content.times.tolist(), strict=True))[:_MOST]:
        if text in unknown:
            why = "含义不明，填写后去掉 # / what does it mean? until it says so its rows are refused"
            yield f'# {quoted(text)} = ""  # {times} 行 rows: {why}'
        else:
            column = recode(name, coded([text]), code_list).column
            yield f"{quoted(text)} = {quoted(column.text(0) or '')}  # {times} 行 rows"


# WHAT ELSE A FILE OF VISITS CAN SAY


def _shared(one: Looked, *names: str) -> str:
    found = ((one.column(name), name) for name in ("patient_id", "date", "institution") if name not in names)
    return ", ".join(f"{quoted(foreign)} = {quoted(name)}" for foreign, name in found if foreign)


def _tail(one: Looked) -> Iterator[str]:
    if one.encoding not in ("", "utf-8"):
        yield f"encoding = {quoted(one.encoding)}"
    formats = dict.fromkeys((*_formats(one), *(one.contents[one.next_visit].formats() if one.next_visit else ())))
    if formats:
        yield f"dates = [{', '.join(map(quoted, formats))}]"


def _next_visits(one: Looked) -> Iterator[str]:
    disease = f", disease = {quoted(one.disease)}" if one.disease else ""
    yield f"[sources.{quoted(name_of(one) + ' 预约')}]  # 下次随访 / the next visit is an appointment"
    yield 'table = "events"'
    yield f"files = [{quoted(one.file)}]"
    yield f'constants = {{ kind = "appointment"{disease} }}'
    yield 'only_with = ["until"]'
    yield from _tail(one)
    yield f'columns = {{ {_shared(one)}, {quoted(one.next_visit)} = "until" }}'


def _people(one: Looked) -> Iterator[str]:
    foreign = one.column("patient_id")
    assert foreign is not None
    yield "# 没有人员表，人员取自此表，出生日期未知，与年龄有关的指标无法判定"
    yield "# No table of people: they are taken from here; birth dates are unknown, and so is what depends on age."
    yield f"[sources.{quoted(name_of(one) + ' 人员')}]"
    yield 'table = "patients"'
    yield f"files = [{quoted(one.file)}]"
    yield 'constants = { birth_date = "" }'
    if one.encoding not in ("", "utf-8"):
        yield f"encoding = {quoted(one.encoding)}"
    yield f'columns = {{ {quoted(foreign)} = "patient_id" }}'


def _enrolments(one: Looked) -> Iterator[str]:
    disease = quoted(one.disease or "hypertension")
    yield "# 没有建档（纳入管理）记录，无人算作在管。如首次随访即为纳入管理，请去掉以下各行的 #"
    yield "# Nothing says that management began, so nobody counts as managed.  If the first follow-up stands for that,"
    yield "# take the # away:"
    lines = (
        f"[sources.{quoted(name_of(one) + ' 建档')}]",
        'table = "events"',
        f"files = [{quoted(one.file)}]",
        f'constants = {{ kind = "enrolment", disease = {disease} }}',
        "once = true",
        *_tail(one),
        f"columns = {{ {_shared(one)} }}",
    )
    yield from (f"# {line}" for line in lines)
