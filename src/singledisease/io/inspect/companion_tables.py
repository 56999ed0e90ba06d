"""The draft of what a file of events says besides: people, the next visit, the beginning of management."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from singledisease.io.inspect.code_guess import codes_of
from singledisease.io.inspect.column_guess import SURE, Guess
from singledisease.io.inspect.profile import Looked
from singledisease.io.inspect.rosters import Marked
from singledisease.io.inspect.source import how_read
from singledisease.io.inspect.spelling import in_line, quoted, stem_of


def _block(one: Looked, what: str, remark: str) -> str:
    return f"[sources.{quoted(stem_of(one) + what)}]{f'  # {remark}' if remark else ''}"


def _further(one: Looked, columns: Mapping[str, str], *days: str) -> Iterator[str]:
    """Write how a further table of a file is read, with which columns, and the codes that these have."""
    yield from how_read(one, days, encoding=one.encoding not in ("", "utf-8"))
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


def next_visits(one: Looked) -> Iterator[str]:
    """Write the table of appointments that a file of visits holds besides."""
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


def enrolments(one: Looked, *, day: str = "", ticked: Marked | None = None) -> Iterator[str]:
    """Write the table of enrolments that a file holds besides: management began on the day of a column of its own."""
    foreign = day or one.enrolled
    columns = _shared(one, "patient_id", "institution", "disease", *_code(one))
    named = ticked.disease if ticked else one.disease or "hypertension"
    disease = "" if {"disease", "code"} & {*columns.values()} else f", disease = {quoted(named)}"
    if not day:
        yield f"# {in_line(foreign)} 作为纳入管理日期，请核对 / is taken for the day when management began: check it"
    yield _block(one, f" 建档{f' {ticked.column}' if ticked else ''}", "纳入管理 / management begins")
    yield 'table = "events"'
    yield f'constants = {{ kind = "enrolment"{disease} }}'
    if ticked:
        yield f"where = {{ {quoted(ticked.column)} = [{', '.join(map(quoted, ticked.ticks))}] }}"
    yield 'only_with = ["date"]'
    yield "once = true"
    yield from _further(one, {**columns, foreign: "date"}, foreign)


def _code(one: Looked) -> tuple[str, ...]:
    """Give ``code`` where a roster says by codes alone what people are managed for."""
    return () if one.disease or one.column("disease") or not one.managed else ("code",)


def diagnoses(one: Looked) -> Iterator[str]:
    """Write the table of diagnoses that a file holds besides."""
    columns = _shared(one, "patient_id", "disease", *_code(one))
    disease = "" if {"disease", "code"} & {*columns.values()} else f", disease = {quoted(one.disease)}"
    yield _block(one, " 诊断", "确诊 / diagnosis")
    yield 'table = "events"'
    yield f'constants = {{ kind = "diagnosis"{disease} }}'
    yield 'only_with = ["date"]'
    yield from _further(one, {**columns, one.diagnosed: "date"}, one.diagnosed)


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
