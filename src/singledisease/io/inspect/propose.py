"""A mapping proposed as TOML, to be read and corrected by a person: every line says what it rests on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve

from singledisease.events.cells import read_flag
from singledisease.events.columns import coded
from singledisease.events.rules import Problem
from singledisease.io.inspect.content import Content, dated_or_serial
from singledisease.io.inspect.guess import SURE, Guess
from singledisease.io.inspect.look import Looked
from singledisease.io.mapping import CodeList, code_lists
from singledisease.io.mapping.codes import recode
from singledisease.io.mapping.columns import DATE_COLUMNS
from singledisease.vocabulary import FLAGS, QUANTITIES

LISTS: Mapping[str, str] = {
    "sex": "GB/T 2261.1",
    "mode": "CV06.00.207",
    "adverse_reaction": "adverse reaction (form)",
    "complication": "CV05.10.012 complication",
    "evaluation": "CV05.10.012",
    "adherence": "DE06.00.027.00",
    "hypoglycaemia": "DE04.50.024.00",
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
_BROKEN = """\
# 身份证号已被电子表格改坏（3.7E+17 或末三位为 000），无法区分各人：请从原系统重新导出，该列设为文本
# A spreadsheet has broken the identity numbers (3.7E+17, or 000 at the end): people cannot be told apart.
# Export them again, that column as text."""
_NO_COMMON = """\
# 各文件没有共同的人员标识：有的只有档案号，有的只有身份证号。请重新导出，使每个文件都带同一种编号
# The files have no identifier of people in common: some have record numbers only, some identity numbers only.
# Export them again, each with the same one."""


def propose(looked: Sequence[Looked], *, first_visit_enrols: bool = False) -> str:
    """Write the mapping of files that were looked at.

    Parameters
    ----------
    looked
        The files.
    first_visit_enrols
        If no file says when management began: take each person's first follow-up for it, rather than offer that.
    """
    looked = agreed(_told_apart(looked))
    blocks = [_HEAD + "".join(_common(looked))]
    mixed = len({one.encoding for one in looked if one.encoding}) > 1
    blocks += ["\n".join(_source(one, mixed)) for one in looked]
    blocks += ["\n".join(_next_visits(one)) for one in looked if one.next_visit and _is_visit(one)]
    if not any(one.role and one.role.table == "patients" for one in looked):
        blocks += ["\n".join(people(one)) for one in looked if _names_people(one) and one.first]
    begun = [one for one in looked if one.enrolled and one.first and one.role and _begins(one)]
    blocks += ["\n".join(enrolments(one)) for one in begun]
    enrolling = any(one.role and one.role.kind in ("enrolment", "") and one.role.table == "events" for one in looked)
    if not begun and not enrolling:
        visits = [one for one in looked if _is_visit(one) and one.first]
        blocks += ["\n".join(first_visits(one, assumed=first_visit_enrols)) for one in visits]
    return "\n\n".join(block.rstrip() for block in blocks if block) + "\n"


def _names_people(one: Looked) -> bool:
    return one.role is not None and one.role.table == "events" and one.column("patient_id") is not None


def _begins(one: Looked) -> bool:
    """Tell whether the day on which a record was made is that on which the management of a disease began."""
    return bool(one.disease) or "disease" in {guess.name for guess in one.guesses.values()}


def _common(looked: Sequence[Looked]) -> Iterator[str]:
    if any(one.broken_ids for one in looked):
        yield f"{_BROKEN}\n"
    if not _have_common(looked):
        yield f"{_NO_COMMON}\n"
    used = {one.encoding for one in looked if one.encoding}
    if len(used) == 1 and used != {"utf-8"}:
        yield f"encoding = {quoted(used.pop())}\n"


def _is_visit(one: Looked) -> bool:
    return one.role is not None and one.role.kind == "follow_up" and bool(one.column("date"))


def quoted(text: str) -> str:
    """Write a text as TOML does.

    >>> print(quoted("收缩压"))
    "收缩压"
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _in_line(text: str) -> str:
    """Write a text so that a remark of one line can hold it: headings may be broken into several."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def name_of(one: Looked) -> str:
    """Give the name of the source of a file, or of one visit in its rows."""
    return _stem(one) + (f" 第{one.part}次" if one.part else "")


def _stem(one: Looked) -> str:
    """Give the name of a file without its suffix, or with it if another file has the same."""
    return one.file if one.has_twin else one.file.rpartition(".")[0]


def _told_apart(looked: Sequence[Looked]) -> tuple[Looked, ...]:
    stems = Counter(stem for stem, _, _ in (name.rpartition(".") for name in {one.file for one in looked}))
    return tuple(evolve(one, has_twin=stems[one.file.rpartition(".")[0]] > 1) for one in looked)


# WHO PEOPLE ARE


def agreed(looked: Sequence[Looked]) -> tuple[Looked, ...]:
    """Let all files call people by one identifier: the record number if each has it, otherwise the identity number.

    Where some have one and some the other, a file calls people by what it has; the table of people joins the two.
    """
    naming = [one for one in looked if one.role and one.role.table != "institutions"]
    if all(one.column("patient_id") for one in naming):
        return tuple(looked)
    everywhere = all(one.id_number and not one.broken_ids for one in naming)
    return tuple(
        _by_number(one) if one.id_number and (everywhere or not one.column("patient_id")) else one for one in looked
    )


def _by_number(one: Looked) -> Looked:
    others = {name: guess for name, guess in one.guesses.items() if guess.name != "patient_id"}
    return evolve(one, guesses={one.id_number: Guess("patient_id", SURE), **others})


def _have_common(looked: Sequence[Looked]) -> bool:
    naming = [one for one in looked if one.role and one.role.table != "institutions"]
    kinds = {one.column("patient_id") == one.id_number for one in naming if one.column("patient_id")}
    return len(kinds) < 2 or any(_joins(one) for one in naming)


def _joins(one: Looked) -> bool:
    """Tell whether a table of people has both numbers."""
    known = one.role is not None and one.role.table == "patients" and one.column("patient_id")
    return bool(known) and bool(one.id_number) and not one.broken_ids and one.column("patient_id") != one.id_number


# ONE FILE


def _source(one: Looked, mixed: bool) -> Iterator[str]:
    encoding = f", {one.encoding}" if one.encoding else ""
    which = f"，每行第 {one.part} 次 / visit {one.part} of each row" if one.part else ""
    yield f"# {_in_line(one.file)}: {one.rows} 行 rows{encoding}{which}"
    if one.role is None:
        yield "# 不知是什么表，未读 / what this is could not be guessed; it is not read.  Its columns:"
        yield from (f"#   {_described(name, content)}" for name, content in one.contents.items())
        return
    yield f"[sources.{quoted(name_of(one))}]"
    yield f"table = {quoted(one.role.table)}  # {one.by}"
    yield from _how(one, _formats(one), encoding=mixed)
    yield from _constants(one)
    if one.part:
        yield 'only_with = ["date"]'
    if one.pairs:
        yield f"split = {{ {quoted(one.pairs)} = {_pair(one)} }}"
    if one.id_number and one.role.table == "patients" and (said := _says_identity(one)):
        yield f"id_number = [{quoted(one.id_number)}]  # {said}"
    if _joins(one):
        yield f"also = [{quoted(one.id_number)}]  # 其他文件可用此编号 / other files may call people by it"
    listed, spelt = codes_of(one, one.guesses)
    yield from (f"codes.{name} = {quoted(code_list)}{remark}" for name, code_list, remark in listed)
    yield ""
    yield f"[sources.{quoted(name_of(one))}.columns]"
    yield from _columns(one)
    for name, lines in spelt.items():
        yield ""
        yield f"[sources.{quoted(name_of(one))}.codes.{name}]"
        yield from lines


def _pair(one: Looked) -> str:
    if one.pair_unit in ("", "mmHg"):
        return '["sbp", "dbp"]'
    return f'{{ name = ["sbp", "dbp"], unit = {quoted(one.pair_unit)} }}'


def _says_identity(one: Looked) -> str:
    """Say what identity numbers are taken for; blank if every row says birth date and sex itself."""
    missing = [
        zh
        for name, zh in (("birth_date", "出生日期 birth date"), ("sex", "性别 sex"))
        if (foreign := one.column(name)) is None or one.contents[foreign].filled < one.rows
    ]
    return f"取其{'、'.join(missing)}" if missing else ""


def _how(one: Looked, formats: Sequence[str], *, encoding: bool = False) -> Iterator[str]:
    """Say how the file of a source is read."""
    yield f"files = [{quoted(one.file)}]"
    if encoding and one.encoding:
        yield f"encoding = {quoted(one.encoding)}"
    if one.layout.header > 1:
        yield f"header = {one.layout.header}  # 表头所在行 / the line on which the columns are named"
    if one.layout.header_lines > 1:
        yield f"header_lines = {one.layout.header_lines}  # 表头占两行 / columns are named on two lines"
    if one.layout.separator:
        yield f"separator = {quoted(one.layout.separator)}"
    for part, words in (("dates", formats), ("blank", one.blank), ("footers", one.footers)):
        if words:
            yield f"{part} = [{', '.join(map(quoted, words))}]"


def _constants(one: Looked) -> Iterator[str]:
    assert one.role is not None
    known = {guess.name for guess in one.guesses.values()}
    constants = {}
    if one.role.table == "patients" and not {"birth_date"} & known and not one.id_number:
        constants["birth_date"] = ""
    if one.role.kind == "death":
        constants |= {"kind": "exit", "reason": "died"}
    elif one.role.kind == "end" and not _end_columns(one):
        constants |= _ENDS.get(next((word for word in _ENDS if word in one.file), ""), {"kind": "exit"})
    elif one.role.kind not in ("", "end") and "kind" not in known:
        constants["kind"] = one.role.kind
    if one.disease and one.role.table == "events" and "disease" not in known:
        constants["disease"] = one.disease
    if constants:
        inside = ", ".join(f"{name} = {quoted(text)}" for name, text in constants.items())
        yield f"constants = {{ {inside} }}  # {one.by}"
    if one.role.kind == "enrolment" and "disease" not in constants and "disease" not in known:
        yield '# 建档须注明病种 / an enrolment has to name its disease: add disease = "hypertension" to the constants'


_ENDS: Mapping[str, dict[str, str]] = {
    "失访": {"kind": "lost"},
    "迁出": {"kind": "exit", "reason": "moved"},
    "死亡": {"kind": "exit", "reason": "died"},
}


def _end_columns(one: Looked) -> bool:
    return any(guess.name in _END for guess in one.guesses.values())


def _formats(one: Looked, *further: str) -> tuple[str, ...]:
    columns = [foreign for foreign, guess in one.guesses.items() if guess.name in DATE_COLUMNS]
    return tuple(dict.fromkeys(form for foreign in (*columns, *further) for form in one.contents[foreign].formats()))


def _columns(one: Looked) -> Iterator[str]:
    assert one.role is not None
    for foreign, guess in one.guesses.items():
        if one.role.kind == "death" and guess.name in _END:
            continue
        content = one.contents[foreign]
        yield f"{quoted(foreign)} = {_names(one, guess, content)}  # {guess.how}; {_seen(guess, content)}"
    apart = (*one.guesses, one.pairs, one.next_visit, one.enrolled, one.id_number)
    rest = [name for name in one.contents if name not in apart]
    if rest and one.first:
        yield f"# 未取用 / not taken: {', '.join(map(_in_line, rest))}"


def _is_end(one: Looked, guess: Guess) -> bool:
    return one.role is not None and one.role.kind == "end" and guess.name in _END


def _becomes(one: Looked, guess: Guess, content: Content) -> tuple[str, ...]:
    """Give the names that a column becomes: the class of a follow-up is itself, and a flag."""
    if _is_end(one, guess):
        return tuple(_END)
    return ("complication", "evaluation") if _is_class(guess.name, content) else (guess.name,)


def _is_class(name: str, content: Content) -> bool:
    return name == "complication" and bool(content.filled) and not _is_plain(name, content)


def _names(one: Looked, guess: Guess, content: Content) -> str:
    names = _becomes(one, guess, content)
    if len(names) > 1:
        return f"[{', '.join(map(quoted, names))}]"
    if guess.unit:
        return f"{{ name = {quoted(guess.name)}, unit = {quoted(guess.unit)} }}"
    return quoted(guess.name)


def _described(name: str, content: Content) -> str:
    return f"{quoted(name)}: {_share(content)}, {content.distinct} 种值 distinct"


def _seen(guess: Guess, content: Content) -> str:
    """Say how full a column is, and of numbers the range; never a value that could name a person."""
    numbers = content.amounts()
    if guess.name in QUANTITIES and numbers.size:
        kept = QUANTITIES[guess.name].unit
        why = "列名 its name says so" if guess.said else "按数值猜测 guessed by the values, check it"
        unit = f"{guess.unit} → {kept} ({why})" if guess.unit else kept
        return f"{_share(content)}, {numbers.min():g}–{numbers.max():g} {unit}"
    if guess.name in DATE_COLUMNS and guess.name != "birth_date" and content.texts:
        days = [text for text in content.texts if dated_or_serial(text)]
        return f"{_share(content)}, {min(days)} … {max(days)}" if days else _share(content)
    return _share(content)


def _share(content: Content) -> str:
    return f"{100 * content.filled / content.rows if content.rows else 0:.0f} % 已填 filled"


# CODES


def codes_of(one: Looked, columns: Mapping[str, Guess]) -> tuple[list[tuple[str, str, str]], dict[str, list[str]]]:
    """Give the columns whose codes are all of a known list, and for the others what each code could mean."""
    assert one.role is not None
    listed: list[tuple[str, str, str]] = []
    spelt: dict[str, list[str]] = {}
    for foreign, guess in columns.items():
        content = one.contents[foreign]
        for name in _becomes(one, guess, content):
            code_list = code_lists().get(_END[name] if _is_end(one, guess) else LISTS.get(name, ""))
            if code_list is None or _is_plain(name, content) or (one.role.kind == "death" and name in _END):
                continue
            unknown = _unknown(name, content, code_list, one.blank)
            if not unknown:
                status = "" if code_list.status == "confirmed" else f"，{code_list.status}，请核对 / check it"
                listed.append((name, code_list.name, f"  # {code_list.title}{status}"))
            else:
                spelt[name] = list(_spelt(name, content, code_list, unknown))
    return listed, spelt


def _is_plain(name: str, content: Content) -> bool:
    """Tell whether the values are read as they are: flags that say true, false, 1, 0, 是, 否."""
    return name in FLAGS and content.share(lambda text: not isinstance(read_flag(text), Problem)) == 1.0


def _unknown(name: str, content: Content, code_list: CodeList, blank: Sequence[str]) -> set[str]:
    made = recode(name, coded(content.texts), code_list)
    found = zip(content.texts, made.unknown.tolist(), strict=True)
    return {text for text, strange in found if strange and text not in blank}


def _spelt(name: str, content: Content, code_list: CodeList, unknown: set[str]) -> Iterator[str]:
    yield f"# {code_list.title}: {code_list.source} [{code_list.status}]"
    for text, times in list(zip(content.texts, content.times.tolist(), strict=True))[:_MOST]:
        if text in unknown:
            why = "含义不明，填写后去掉 # / what does it mean? until it says so its rows are refused"
            yield f'# {quoted(text)} = ""  # {times} 行 rows: {why}'
        else:
            column = recode(name, coded([text]), code_list).column
            yield f"{quoted(text)} = {quoted(column.text(0) or '')}  # {times} 行 rows"


# WHAT ELSE A FILE CAN SAY


def _block(one: Looked, what: str, remark: str) -> str:
    return f"[sources.{quoted(_stem(one) + what)}]{f'  # {remark}' if remark else ''}"


def _further(one: Looked, columns: Mapping[str, str], *days: str) -> Iterator[str]:
    """Write how a further table of a file is read, with which columns, and the codes that these have."""
    formats = dict.fromkeys(form for day in days for form in one.contents[day].formats())
    yield from _how(one, tuple(formats), encoding=one.encoding not in ("", "utf-8"))
    coded_columns = {foreign: Guess(name, SURE) for foreign, name in columns.items() if foreign not in days}
    listed, spelt = codes_of(one, coded_columns)
    yield from (f"codes.{name} = {quoted(code_list)}" for name, code_list, _ in listed)
    for name, lines in spelt.items():
        inside = ", ".join(line.partition("  # ")[0] for line in lines if not line.startswith("#"))
        yield f"codes.{name} = {{ {inside} }}"
    yield f"columns = {{ {', '.join(f'{quoted(foreign)} = {quoted(name)}' for foreign, name in columns.items())} }}"


def _shared(one: Looked, *names: str) -> dict[str, str]:
    found = ((one.column(name), name) for name in names)
    return {foreign: name for foreign, name in found if foreign}


def _next_visits(one: Looked) -> Iterator[str]:
    disease = f", disease = {quoted(one.disease)}" if one.disease else ""
    yield _block(one, f" 预约{one.part}", "下次随访 / the next visit is an appointment")
    yield 'table = "events"'
    yield f'constants = {{ kind = "appointment"{disease} }}'
    yield 'only_with = ["until"]'
    day = one.column("date")
    assert day is not None
    columns = _shared(one, "patient_id", "date", "institution", *(() if disease else ("disease",)))
    yield from _further(one, {**columns, one.next_visit: "until"}, day, one.next_visit)


def people(one: Looked) -> Iterator[str]:
    """Write the table of people that a file of events holds besides."""
    columns = {**_shared(one, "patient_id"), **{foreign: guess.name for foreign, guess in one.person.items()}}
    foreign = one.column("patient_id")
    assert foreign is not None
    if one.contents[foreign].distinct == one.contents[foreign].filled:
        columns |= _shared(one, "institution")
    births = [name for name, guess in one.person.items() if guess.name == "birth_date"]
    numbers = one.id_number and not one.broken_ids
    yield "# 没有人员表，人员取自此表 / no table of people: they are taken from here"
    if not births and not numbers:
        yield "# 出生日期未知，与年龄有关的指标无法判定 / birth dates are unknown, and so is what depends on age."
    yield _block(one, " 人员", "")
    yield 'table = "patients"'
    if numbers:
        yield f"id_number = [{quoted(one.id_number)}]  # 取其出生日期、性别 / for birth date and sex"
    elif not births:
        yield 'constants = { birth_date = "" }'
    yield from _further(one, columns, *births)


def enrolments(one: Looked, *, day: str = "") -> Iterator[str]:
    """Write the table of enrolments that a file holds besides: management began on the day of a column of its own."""
    foreign = day or one.enrolled
    columns = _shared(one, "patient_id", "institution", "disease")
    disease = "" if "disease" in columns.values() else f", disease = {quoted(one.disease or 'hypertension')}"
    if not day:
        yield f"# {_in_line(foreign)} 作为纳入管理日期，请核对 / is taken for the day when management began: check it"
    yield _block(one, " 建档", "纳入管理 / management begins")
    yield 'table = "events"'
    yield f'constants = {{ kind = "enrolment"{disease} }}'
    yield 'only_with = ["date"]'
    yield "once = true"
    yield from _further(one, {**columns, foreign: "date"}, foreign)


def first_visits(one: Looked, *, assumed: bool) -> Iterator[str]:
    """Write that the first follow-up stands for the beginning of management, as a comment unless it is assumed."""
    day = one.column("date")
    assert day is not None
    block = enrolments(one, day=day)
    if assumed:
        yield "# 没有建档（纳入管理）记录，以首次随访代之"
        yield "# Nothing says when management began: the first follow-up is taken for it."
        yield from block
        return
    yield "# 没有建档（纳入管理）记录，无人算作在管。如首次随访即为纳入管理，请去掉以下各行的 #"
    yield "# 或重新运行 / or run again: singledisease inspect DATA --enrolment first_follow_up --out mapping.toml"
    yield "# Nothing says that management began, so nobody counts as managed.  If the first follow-up stands for that,"
    yield "# take the # away:"
    yield from (f"# {line}" for line in block)
