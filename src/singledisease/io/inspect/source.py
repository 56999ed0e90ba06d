"""The draft of what one file is: its table, columns and codes, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from singledisease.io.inspect.code_guess import ENDS, becomes, codes_of
from singledisease.io.inspect.column_guess import Guess
from singledisease.io.inspect.content import Content, dated_or_serial
from singledisease.io.inspect.identifiers import joins
from singledisease.io.inspect.long_results import ResultColumns
from singledisease.io.inspect.profile import Looked
from singledisease.io.inspect.spelling import in_line, name_of, pattern_of, quoted
from singledisease.io.mapping.columns import DATE_COLUMNS
from singledisease.io.mapping.days import has_day
from singledisease.vocabulary import QUANTITIES

_MONTHS = "  # 只有年月，按当月 1 日计，请核对 / months without a day are taken for the first: check it"
_OF_A_RESULT = ("patient_id", "date", "recorded", "institution")
_SHOWN = 12
"""Tests that are nothing here and yet named; the rest are counted."""


def source(one: Looked, mixed: bool) -> Iterator[str]:
    """Write the block of a file; where files differ in their encoding, with its own."""
    encoding = f", {one.encoding}" if one.encoding else ""
    which = f"，每行第 {one.part} 次 / visit {one.part} of each row" if one.part else ""
    yield f"# {in_line(one.file)}: {one.rows} 行 rows{encoding}{which}"
    if one.role is None:
        yield "# 不知是什么表，未读 / what this is could not be guessed; it is not read.  Its columns:"
        yield from (f"#   {_described(name, content)}" for name, content in one.contents.items())
        return
    if one.listed:
        yield from tests(one, one.listed, mixed)
        return
    yield f"[sources.{quoted(name_of(one))}]"
    yield f"table = {quoted(one.role.table)}  # {one.by}"
    yield from how_read(one, _days(one), encoding=mixed)
    yield from _constants(one)
    if one.part:
        yield 'only_with = ["date"]'
    if one.pairs:
        yield f"split = {{ {quoted(one.pairs)} = {_pair(one)} }}"
    if one.id_number and one.role.table == "patients" and (said := _says_identity(one)):
        yield f"id_number = [{quoted(one.id_number)}]  # {said}"
    if joins(one):
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


def tests(one: Looked, results: ResultColumns, mixed: bool) -> Iterator[str]:
    """Write the block of each test of a list with one result a row."""
    assert one.role is not None
    shared = {foreign: name for name in _OF_A_RESULT if (foreign := one.column(name)) is not None}
    for test in results.known:
        unit = f" {test.unit}" if test.unit else ""
        yield f"[sources.{quoted(f'{name_of(one)} {test.name}{unit}')}]  # {test.rows} 行 rows"
        yield f'table = "events"  # {one.by}'
        yield from how_read(one, _days(one), encoding=mixed)
        chosen = {results.test: test.tests, **({results.unit: test.units} if results.unit else {})}
        cells = ", ".join(f"{quoted(name)} = [{', '.join(map(quoted, texts))}]" for name, texts in chosen.items())
        yield f"where = {{ {cells} }}"
        yield f'constants = {{ kind = "{one.role.kind or "test"}" }}'
        value = f'{{ name = "{test.name}", unit = "{test.unit}" }}' if test.unit else quoted(test.name)
        columns = [f"{quoted(foreign)} = {quoted(name)}" for foreign, name in shared.items()]
        yield f"columns = {{ {', '.join([*columns, f'{quoted(results.result)} = {value}'])} }}"
        yield ""
    if results.unknown:
        most = sorted(results.unknown.items(), key=lambda kind: (-kind[1], kind[0]))
        told = "; ".join(f"{in_line(what)} × {rows}" for what, rows in most[:_SHOWN])
        yield f"# 未取用的项目 / tests not taken: {told}{' …' if len(most) > _SHOWN else ''}"


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


def how_read(one: Looked, days: Iterable[str], *, encoding: bool = False) -> Iterator[str]:
    """Say how the file of a source is read, whose dates stand in the columns ``days``."""
    forms = _forms(one, tuple(days))
    yield f"files = [{quoted(pattern_of(one))}]"
    if encoding and one.encoding:
        yield f"encoding = {quoted(one.encoding)}"
    if one.layout.header > 1:
        yield f"header = {one.layout.header}  # 表头所在行 / the line on which the columns are named"
    if one.layout.header_lines > 1:
        yield f"header_lines = {one.layout.header_lines}  # 表头占两行 / columns are named on two lines"
    if one.layout.separator:
        yield f"separator = {quoted(one.layout.separator)}"
    if forms.decided:
        listed = ", ".join(map(quoted, forms.decided))
        yield f"dates = [{listed}]{'' if all(map(has_day, forms.decided)) else _MONTHS}"
    for form in forms.undecided:
        which = "日在前 the day first" if form.startswith("%d") else "月在前 the month first"
        every = ", ".join(map(quoted, (*forms.decided, form)))
        yield f"# dates = [{every}]  # {which}：看不出，请选一行去掉 # / nothing says: take the # from one line"
    for part, words in (("blank", one.blank), ("footers", one.footers)):
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
        constants |= _BY_NAME.get(next((word for word in _BY_NAME if word in one.file), ""), {"kind": "exit"})
    elif one.role.kind not in ("", "end") and "kind" not in known:
        constants["kind"] = one.role.kind
    if one.disease and one.role.table == "events" and "disease" not in known:
        constants["disease"] = one.disease
    if constants:
        inside = ", ".join(f"{name} = {quoted(text)}" for name, text in constants.items())
        yield f"constants = {{ {inside} }}  # {one.by}"
    if one.role.kind == "enrolment" and "disease" not in constants and "disease" not in known:
        yield '# 建档须注明病种 / an enrolment has to name its disease: add disease = "hypertension" to the constants'


_BY_NAME: Mapping[str, dict[str, str]] = {
    "失访": {"kind": "lost"},
    "迁出": {"kind": "exit", "reason": "moved"},
    "死亡": {"kind": "exit", "reason": "died"},
}


def _end_columns(one: Looked) -> bool:
    return any(guess.name in ENDS for guess in one.guesses.values())


def _days(one: Looked) -> list[str]:
    return [foreign for foreign, guess in one.guesses.items() if guess.name in DATE_COLUMNS]


class _Forms(NamedTuple):
    """How the dates of some columns are written, and two forms between which nothing in the file decides."""

    decided: tuple[str, ...]
    undecided: tuple[str, ...]


def _forms(one: Looked, days: Sequence[str]) -> _Forms:
    """Give the forms of the dates of some columns; where one leaves it open, another of the file decides."""
    decided = dict.fromkeys(form for foreign in days for form in one.contents[foreign].formats())
    open_ones = dict.fromkeys(pair for foreign in days if (pair := one.contents[foreign].undecided()))
    for pair in list(open_ones):
        said = {form for content in one.contents.values() for form in content.formats() if form in pair}
        if len(said) == 1:
            decided |= dict.fromkeys(said)
            del open_ones[pair]
    return _Forms(tuple(decided), next(iter(open_ones), ()))


def _columns(one: Looked) -> Iterator[str]:
    assert one.role is not None
    for foreign, guess in one.guesses.items():
        if one.role.kind == "death" and guess.name in ENDS:
            continue
        content = one.contents[foreign]
        yield f"{quoted(foreign)} = {_names(one, guess, content)}  # {guess.how}; {_seen(guess, content)}"
    apart = (*one.guesses, *one.managed, one.pairs, one.next_visit, one.enrolled, one.diagnosed, one.id_number)
    rest = [name for name in one.contents if name not in apart]
    if rest and one.first:
        yield f"# 未取用 / not taken: {', '.join(map(in_line, rest))}"


def _names(one: Looked, guess: Guess, content: Content) -> str:
    names = becomes(one, guess, content)
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
