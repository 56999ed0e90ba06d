"""Two scorecards of one question: the cells and the people that moved, and what moved them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from attrs import frozen

from singledisease.dates import Period, date_of, iso
from singledisease.definitions.citation import Names
from singledisease.definitions.resolve import Resolved
from singledisease.errors import Fault, UsageError
from singledisease.eventlog.changes import CHANGE_NAMES, LogChange
from singledisease.scorecard.card import Scorecard, require_scorecard
from singledisease.scorecard.group_moves import GroupMove, group_moves
from singledisease.scorecard.row_groups import counts_places
from singledisease.scorecard.show import cells_of
from singledisease.tables import Heading, Table, displayed

HEADINGS: Mapping[str, Heading] = MappingProxyType(
    {
        "measure": ("指标", "Measure"),
        "period_start": ("起始日", "From"),
        "period_end": ("截止日", "To"),
        "by": ("分层", "Stratum"),
        "numerator_before": ("原分子", "Numerator before"),
        "numerator_after": ("现分子", "Numerator after"),
        "denominator_before": ("原分母", "Denominator before"),
        "denominator_after": ("现分母", "Denominator after"),
        "rate_before": ("原率", "Rate before"),
        "rate_after": ("现率", "Rate after"),
        "groups": ("各组增减", "Change of groups"),
        "patient_id": ("患者编号", "Patient"),
        "before": ("原", "Before"),
        "after": ("现", "After"),
        "because": ("原因", "Because of"),
        "change": ("变化", "Change"),
        "date": ("日期", "Date"),
        "kind": ("类型", "Kind"),
        "recorded": ("录入日", "Recorded"),
        "file": ("文件", "File"),
        "line": ("行", "Line"),
        "what": ("内容", "What"),
    }
)
_CELL = ("numerator", "denominator", "rate")
CAUSES: Mapping[str, Heading] = MappingProxyType(
    {**CHANGE_NAMES, "definition": ("定义或口径", "definition or policy"), "time": ("时间推移", "time went on")}
)


@displayed
@frozen(eq=False, kw_only=True)
class ScoreDifference:
    """What differs between two scorecards.

    Attributes
    ----------
    definitions
        ``measure``, ``what`` (version, a policy, or rules), ``before``, ``after``: where another thing was asked.
    cells
        The cells with another count: ``measure``, period, ``by``, numerator, denominator and rate before and after,
        and how much each group gained.
    moves
        The people who are in another group, or whose rows are.

    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}]
    >>> log = sd.read_frames(people, [{"patient_id": "P1", "date": "2024-09-03", "kind": "follow_up"}])
    >>> visited = sd.Measure(id="visited", numerator=sd.events("follow_up").within(sd.PERIOD).exists())
    >>> then, now = (sd.evaluate(visited, log, period="2024", as_of=day) for day in ("2024-06-30", "2024-12-31"))
    >>> found = sd.score_difference(then, now)
    >>> [(row["patient_id"], row["before"], row["after"], row["because"]) for row in found.people]
    [('P1', 'not_numerator', 'numerator', 'new')]
    """

    definitions: Table
    cells: Table
    moves: tuple[GroupMove, ...]

    def table(self) -> Table:
        """Give the cells that moved."""
        return self.cells

    @property
    def people(self) -> Table:
        """Who moved: ``measure``, period, ``patient_id``, ``before``, ``after``, ``because``.

        ``because`` names kinds of change (see ``events``), ``definition``, or ``time``.
        """
        names = ("measure", "period_start", "period_end", "patient_id", "before", "after", "because")
        rows = [
            [one.measure, *_days(one.period), one.patient_id, one.before, one.after, ", ".join(one.causes)]
            for one in self.moves
        ]
        called = {", ".join(one.causes): _causes(one) for one in self.moves}
        return Table.of_rows(names, rows, headings=HEADINGS, called={"because": called})

    @property
    def events(self) -> Table:
        """What of these people is known otherwise: each row once, with the file and line it came from.

        ``change`` is ``late``, ``new``, ``added``, ``corrected``, ``withdrawn``, ``removed`` or ``person``;
        ``before`` and ``after`` hold the values that differ.
        """
        names = ("patient_id", "change", "date", "kind", "recorded", "before", "after", "file", "line")
        listed = {one.patient_id: one.changes for one in self.moves}
        rows = [[who, *_told(one)] for who, changes in sorted(listed.items()) for one in changes]
        return Table.of_rows(names, rows, headings=HEADINGS, called={"change": CHANGE_NAMES})

    def to_text(self, language: str = "en") -> str:
        """Write what moved, for people to read, in ``zh`` or ``en``."""
        titles = (
            Names("定义", "Definitions"),
            Names("单元格", "Cells"),
            Names("人员", "People"),
            Names("事件", "Events"),
        )
        tables = (self.definitions, self.cells, self.people, self.events)
        nothing = "没有变化" if language == "zh" else "nothing moved"
        parts = [
            f"{title.in_language(language)}\n{table.to_text(language)}"
            for title, table in zip(titles, tables, strict=True)
            if len(table)
        ]
        return "\n\n".join(parts) or nothing

    def __str__(self) -> str:
        return self.to_text()


def _causes(one: GroupMove) -> Heading:
    zh, en = ([CAUSES[cause][i] for cause in one.causes] for i in (0, 1))
    return "、".join(zh), ", ".join(en)


def _days(period: Period) -> tuple[Any, Any]:
    return date_of(period.start), date_of(period.end)


def _told(one: LogChange) -> list[Any]:
    day, recorded = (None if each is None else date_of(each) for each in (one.date, one.recorded))
    before, after = _values(one.before), _values(one.after)
    return [one.change, day, one.kind, recorded, before or None, after or None, one.file or None, one.line]


def _values(part: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}={_text(name, value)}" for name, value in part.items())


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and (name.endswith("date") or name == "until"):
        return iso(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def score_difference(before: Scorecard, after: Scorecard) -> ScoreDifference:
    """Say what differs between two scorecards: cells, people, and the events that moved them.

    Measures and periods that only one of them has are left out.  People are named of measures of
    people and of their rows; of what institutions did the cells are compared.

    Parameters
    ----------
    before, after
        From ``evaluate``: as of two days, of two exports, or by two definitions.

    Raises
    ------
    UsageError
        If they have no measure or no period in common, or differ in strata; or one was made of counts alone.

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=300, seed=1).log()
    >>> control = sd.measures("cn-bphs-2017", diseases="hypertension")[2]
    >>> then, now = (sd.evaluate(control, log, period="2024", as_of=day) for day in ("2024-06-30", "2024-12-31"))
    >>> found = sd.score_difference(then, now)
    >>> len(found.cells), len(found.people) > 0, len(sd.score_difference(now, now).people)
    (1, True, 0)
    """
    require_scorecard(before, "before")
    require_scorecard(after, "after")
    pairs = _pairs(before, after)
    definitions = [row for one, other in pairs for row in _definitions(one, other)]
    cells = [row for one, other in pairs for row in _cells(before, after, one, other)]
    moves = tuple(
        move
        for one, other in pairs
        if not counts_places(one.measure)
        for move in group_moves(before, after, one, other)
    )
    counts = tuple(f"{name}_{when}" for name in _CELL for when in ("before", "after"))
    formats = {"rate_before": ".1%", "rate_after": ".1%"}
    columns = ("measure", "period_start", "period_end", "by", *counts, "groups")
    return ScoreDifference(
        definitions=Table.of_rows(("measure", "what", "before", "after"), definitions, headings=HEADINGS),
        cells=Table.of_rows(
            columns,
            cells,
            headings=HEADINGS,
            formats=formats,
        ),
        moves=moves,
    )


def _pairs(before: Scorecard, after: Scorecard) -> list[tuple[Resolved, Resolved]]:
    old = {one.measure.id: one for one in before.measures}
    pairs = [(old[one.measure.id], one) for one in after.measures if one.measure.id in old]
    if before.by != after.by:
        fault = Fault("other_strata", "by", f"{before.by} before and {after.by} after", "evaluate both by the same")
        raise UsageError("these scorecards cannot be compared:", [fault])
    if not pairs or not {*before.periods} & {*after.periods}:
        ids = ", ".join(old), ", ".join(one.measure.id for one in after.measures)
        spans = ", ".join(map(str, before.periods)), ", ".join(map(str, after.periods))
        fault = Fault("nothing_in_common", f"{ids[0]} in {spans[0]}", f"and {ids[1]} in {spans[1]}")
        raise UsageError("these scorecards have no measure or no period in common:", [fault])
    return pairs


# DEFINITIONS


def _definitions(one: Resolved, other: Resolved) -> Iterator[list[Any]]:
    name = one.measure.id
    if one.measure.version != other.measure.version:
        yield [name, "version", one.measure.version, other.measure.version]
    for policy in {**one.policy, **other.policy}:
        if one.policy.get(policy) != other.policy.get(policy):
            yield [name, policy, one.policy.get(policy), other.policy.get(policy)]
    if one.measure != other.measure and one.policy == other.policy:
        yield [name, "rules", None, None]
    for disease in {**one.diseases, **other.diseases}:
        first, second = one.diseases.get(disease), other.diseases.get(disease)
        if first != second and one.policy == other.policy:
            yield [name, disease, getattr(first, "version", None), getattr(second, "version", None)]


# CELLS


def _cells(before: Scorecard, after: Scorecard, one: Resolved, other: Resolved) -> Iterator[list[Any]]:
    old = {(cell.period, cell.stratum): cell for cell in cells_of(before, one)}
    new = {(cell.period, cell.stratum): cell for cell in cells_of(after, other)}
    both = {*before.periods} & {*after.periods}
    for period, stratum in dict.fromkeys((*new, *old)):
        first, second = (cells.get((period, stratum)) for cells in (old, new))
        was, now = ({} if cell is None else dict(cell.groups) for cell in (first, second))
        gained = {group: now.get(group, 0) - was.get(group, 0) for group in {**was, **now}}
        moved = {group: n for group, n in gained.items() if n}
        figures = [[None if cell is None else cell.figures.get(name) for cell in (first, second)] for name in _CELL]
        if period in both and (moved or any(a != b for a, b in figures)):
            by = dict(zip(before.by, stratum, strict=True))
            yield [one.measure.id, *_days(period), by, *(each for pair in figures for each in pair), moved]
