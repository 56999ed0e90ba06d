"""The data-quality page: all tables of it, as text and as HTML."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping

from attrs import fields, frozen

from singledisease.definitions.citation import Names
from singledisease.errors import require_kind
from singledisease.eventlog.log import EventLog
from singledisease.explanation.quality import refused
from singledisease.explanation.quality.completeness import columns, institutions, kinds
from singledisease.explanation.quality.digits import digits
from singledisease.explanation.quality.doubles import doubles
from singledisease.explanation.quality.gaps import gaps
from singledisease.tables import Table

MOST = 20
"""How many rows of a table the page shows."""

_TITLES: Mapping[str, tuple[Names, Names]] = {
    "rows": (Names("读入的行", "Rows read"), Names("没有文件", "no file")),
    "refusals": (Names("被拒绝的行与读数，按原因", "Refused rows and readings, by reason"), Names("没有", "none")),
    "kinds": (Names("事件", "Events"), Names("没有", "none")),
    "columns": (Names("各列完整率", "Completeness by column"), Names("没有", "none")),
    "institutions": (Names("各机构", "By institution"), Names("没有", "none")),
    "digits": (
        Names("血压末位数字（自动血压计各约 10 %）", "Last digit of pressures (a device: about 10 % each)"),
        Names("没有血压", "no pressures"),
    ),
    "gaps": (Names("没有任何事件的月份", "Months without any event"), Names("没有空缺", "no gap")),
    "doubles": (
        Names("同一人同日同类的多行", "Several rows of one person, day, kind and disease"),
        Names("没有", "none"),
    ),
}


@frozen(eq=False, kw_only=True)
class Quality:
    """Tables of what is there and what is missing.

    Attributes
    ----------
    rows
        What became of the rows of every table that was read.
    refusals
        Refusals by file, column and reason, with the first of each.
    kinds
        Rows, people, first and last day by kind of event.
    columns
        Share of rows in which a column is filled, for people and by kind of event.
    institutions
        People, people without events, and how complete the follow-ups are.
    digits
        Share of each last digit of the pressures; first of all readings, then by institution.
    gaps
        Runs of months without an event; first of all events, then by institution.
    doubles
        Rows of one person, day, kind and disease, by the files in which they stand.

    >>> import singledisease as sd
    >>> visit = {"patient_id": "P1", "kind": "follow_up", "dbp": 80}
    >>> rows = [{**visit, "date": "2024-01-05", "sbp": 150}, {**visit, "date": "2024-04-05", "sbp": None}]
    >>> found = sd.quality(sd.read_frames([{"patient_id": "P1", "birth_date": "1950-03-01"}], rows))
    >>> [(row["column"], row["share"]) for row in found.columns if row["kind"] == "follow_up"]
    [('dbp', 1.0), ('sbp', 0.5)]
    """

    rows: Table
    refusals: Table
    kinds: Table
    columns: Table
    institutions: Table
    digits: Table
    gaps: Table
    doubles: Table

    def tables(self) -> dict[str, Table]:
        """Give all tables by name."""
        return {one.name: getattr(self, one.name) for one in fields(Quality)}

    def parts(self, language: str = "en") -> Iterator[tuple[str, Table | str]]:
        """Give the parts of the page in order, each with its title: of a long table the first rows."""
        for name, table in self.tables().items():
            title, nothing = (names.in_language(language) for names in _TITLES[name])
            left = len(table) - MOST
            more = f"（前 {MOST} 行，另有 {left} 行）" if language == "zh" else f" (first {MOST} rows, {left} more)"
            body = _in_language(shown(table.first(MOST)), language)
            yield title + (more if left > 0 else ""), body if len(table) else nothing

    def to_text(self, language: str = "en") -> str:
        """Write the page; of a long table its first rows."""
        return page_text(self.parts(language), language)

    def __str__(self) -> str:
        return self.to_text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return "".join(_html(name, table) for name, table in self.tables().items())


def quality(log: EventLog) -> Quality:
    """Look at how good the data of a registry is.

    Parameters
    ----------
    log
        The registry, as ``read`` gave it; what was refused stands in its report.

    >>> from singledisease.eventlog.build import build
    >>> from singledisease.eventlog.raw import raw_rows
    >>> people = raw_rows("patients", {"patient_id": ["P1", "P2"], "birth_date": ["1960-01-01", None]})
    >>> visits = {"patient_id": ["P1"] * 2, "date": ["2024-01-05", "2024-04-05"], "kind": ["follow_up"] * 2}
    >>> found = quality(build(people, raw_rows("events", {**visits, "sbp": [150, None]})))
    >>> found.gaps.rows()[0]["months"], found.institutions["no_event"], found.digits["0"]
    (2, (1,), (1.0,))
    """
    require_kind(log, EventLog, way="sd.read(…)")
    return Quality(
        rows=refused.rows(log.report),
        refusals=refused.refusals(log.report),
        kinds=kinds(log),
        columns=columns(log),
        institutions=institutions(log),
        digits=digits(log),
        gaps=gaps(log),
        doubles=doubles(log),
    )


# SHOWN TO PEOPLE


def shown(table: Table) -> Table:
    """Give a table with its shares as percentages, and headings short enough for ten digits side by side."""
    made = {
        name: [_percent(value, whole=name.isdecimal()) for value in values] if _is_share(values) else values
        for name, values in table.columns.items()
    }
    if "institution" in made:
        made["institution"] = ["*" if value is None else value for value in made["institution"]]
    digit_headings = {name: (name, name) for name in table.columns if name.isdecimal()}
    return Table(made, headings={**table.headings, **digit_headings})


def _in_language(table: Table, language: str) -> Table:
    """Give the reasons, which are in both languages, in one."""
    if "reason" not in table.columns:
        return table
    halves = [text.partition(" / ") for text in table["reason"]]
    reasons = [zh if language == "zh" else en or zh for zh, _, en in halves]
    return Table({**table.columns, "reason": reasons}, headings=table.headings)


def title_of(name: str) -> tuple[Names, Names]:
    """Give the title of a table of the page, and what stands there if it is empty."""
    return _TITLES[name]


def _html(name: str, table: Table) -> str:
    title, nothing = (html.escape(f"{names.zh} / {names.en}") for names in _TITLES[name])
    return f"<h4>{title}</h4>{shown(table.first(MOST))._repr_html_() if len(table) else nothing}"


def _is_share(values: Iterable[object]) -> bool:
    return any(isinstance(value, float) for value in values)


def _percent(share: object, *, whole: bool) -> str | None:
    """Write a share as a percentage; ten of digits side by side leave no room for tenths."""
    if not isinstance(share, float):
        return None
    return f"{100 * share:3.0f}%" if whole else f"{100 * share:5.1f}%"


def page_text(parts: Iterable[tuple[str, Table | str]], language: str) -> str:
    """Write titled parts one under the other."""
    bodies = ((title, body if isinstance(body, str) else body.to_text(language)) for title, body in parts)
    return "\n\n".join(f"━━ {title} ━━\n{body.rstrip()}" for title, body in bodies)
