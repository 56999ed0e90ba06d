"""Where two measures differ: the people of a log, and the smallest history there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from attrs import frozen

from singledisease.conformance.asked import AnyMeasure, definition_of, known, measure_of, period_of
from singledisease.conformance.decisions import Decided, decided
from singledisease.conformance.histories import History, log_of
from singledisease.conformance.search import reading, search
from singledisease.conformance.valued import Definition
from singledisease.dates import Period
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import Rule
from singledisease.errors import UsageError
from singledisease.eventlog.log import EventLog
from singledisease.tables import Heading, Table

Diseases = Mapping[str, Disease] | Iterable[Disease]

_HEADINGS: dict[str, Heading] = {
    "patient_id": ("患者编号", "Patient"),
    "row": ("行", "Row"),
    "group": ("前者分组", "Group by the first"),
    "rule": ("前者判定规则", "Deciding rule of the first"),
    "other_group": ("后者分组", "Group by the second"),
    "other_rule": ("后者判定规则", "Deciding rule of the second"),
}


def differing_people(
    one: AnyMeasure,
    other: AnyMeasure | None = None,
    log: EventLog | None = None,
    period: Period | str = "",
    *,
    policy: Mapping[str, str] | None = None,
    other_policy: Mapping[str, str] | None = None,
    diseases: Diseases | None = None,
) -> Table:
    """List the people of a log whom two measures, or one under two policies, put into different groups.

    Parameters
    ----------
    one, other
        Measures, or ids of the catalogue's; ``other=None``: the same measure, under another policy.
    log
        The registry.
    period
        The period asked about.
    policy, other_policy
        The options of each; what is not named is at its default.
    diseases
        Your own diseases that the measures name; those of the catalogue are known.

    Returns
    -------
    Table
        ``patient_id``, ``row`` (of a measure of rows), ``group`` and ``rule`` by the first, ``other_group`` and
        ``other_rule`` by the second; blank where the second counts no such row.

    Raises
    ------
    UsageError
        For an unknown measure or policy, or no log or period.

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=200, seed=1).log()
    >>> table = sd.differing_people("hypertension.control", None, log, "2024", other_policy={"lost": "exclude"})
    >>> set(table.columns["other_group"])
    {'excluded:lost'}
    """
    first, second, _ = _two(one, other, policy, other_policy, diseases)
    if log is None:
        raise UsageError("没有数据 / there is no log: differing_people(one, other, log, period)")
    seen = log.as_of(None)
    answers = decided([first, second], seen, period_of(period))
    people = np.flatnonzero(answers[0].differ(answers[1])).tolist()
    rows = [
        (seen.people.ids[person], *told)
        for person in people
        for told in _rows(answers[0].of(person), answers[1].of(person))
    ]
    return Table.of_rows(tuple(_HEADINGS), rows, headings=_HEADINGS)


def _two(
    one: AnyMeasure,
    other: AnyMeasure | None,
    policy: Mapping[str, str] | None,
    other_policy: Mapping[str, str] | None,
    diseases: Diseases | None,
) -> tuple[Definition, Definition, Mapping[str, Disease]]:
    named = known(diseases)
    measure = measure_of(one)
    second = measure if other is None else measure_of(other)
    return definition_of(measure, named, policy or {}), definition_of(second, named, other_policy or {}), named


def _rows(one: Decided, other: Decided) -> Iterator[tuple[str | None, ...]]:
    """Give each row that two measures put into different groups, with both groups and rules."""
    for name in sorted({*one, *other}):
        first, second = one.get(name), other.get(name)
        if (first and first.group) != (second and second.group):
            told = [None if each is None else text for each in (first, second) for text in _texts(each)]
            yield (name or None, *told)


def _texts(decision: object) -> tuple[str, str]:
    return (getattr(decision, "group", ""), getattr(decision, "rule", ""))


# THE SMALLEST HISTORY


@frozen(eq=False)
class Counterexample:
    """A smallest history on which two measures differ.

    Attributes
    ----------
    log
        It as a log of one person.
    answers
        As ``differing_people`` lists them.
    clauses
        The names of the deciding rules, in Chinese and English, of the first and of the second.
    """

    history: History
    log: EventLog
    answers: Table
    clauses: tuple[tuple[Heading, ...], tuple[Heading, ...]]

    @property
    def events(self) -> Table:
        """The events, a row each, with the columns that they fill."""
        columns = dict.fromkeys(("date", "kind", *(name for row in self.history.events for name in row)))
        return Table.of_rows(tuple(columns), [[row.get(name) for name in columns] for row in self.history.events])

    def to_text(self, language: str = "en") -> str:
        """Write the person, the events, and what each measure makes of them."""
        person = ", ".join(f"{name}={text}" for name, text in self.history.patient.items())
        decided = [
            f"{'前者 / first' if k == 0 else '后者 / second'}: {group} · {self._clause(k, language)}"
            for k, group in enumerate(self._groups())
        ]
        return "\n".join([person, self.events.to_text(language).rstrip("\n"), *decided])

    def _groups(self) -> list[str]:
        return [
            "; ".join(f"{row['row']}: {row[name]}" if row["row"] else str(row[name]) for row in self.answers.rows())
            for name in ("group", "other_group")
        ]

    def _clause(self, which: int, language: str) -> str:
        return "; ".join(dict.fromkeys(names[0 if language == "zh" else 1] for names in self.clauses[which]))

    def __str__(self) -> str:
        return self.to_text("en")


def counterexample(
    one: AnyMeasure,
    other: AnyMeasure | None = None,
    *,
    period: Period | str,
    policy: Mapping[str, str] | None = None,
    other_policy: Mapping[str, str] | None = None,
    diseases: Diseases | None = None,
    seed: int = 1,
) -> Counterexample | None:
    """Find a smallest history on which two measures, or one under two policies, differ; ``None``: none was found.

    Histories are made of the words, kinds, bounds and days of both, drawn by the thousand, changed a little, and the
    shortest is made as small as it can be.  Where a rate shows the difference that is preferred.

    Parameters are those of ``differing_people``, and ``seed``: the same seed finds the same.

    >>> import singledisease as sd
    >>> found = sd.counterexample("hypertension.control", period="2024", other_policy={"reading": "any_mode"})
    >>> [row["kind"] for row in found.events], found.answers["other_rule"]
    (['enrolment', 'follow_up'], ('at_goal',))
    """
    first, second, _ = _two(one, other, policy, other_policy, diseases)
    asked = period_of(period)
    found = search(first, [second], asked, seed=seed, like=[second], each=1).found.get(0)
    if not found:
        return None
    log = log_of(found, reading([first, second]))
    seen = log.as_of(None)
    answers = decided([first, second], seen, asked)
    rows = [(seen.people.ids[0], *told) for told in _rows(answers[0].of(0), answers[1].of(0))]
    table = Table.of_rows(tuple(_HEADINGS), rows, headings=_HEADINGS)
    clauses = tuple(
        _clauses(each.measure.rules, table[name]) for each, name in ((first, "rule"), (second, "other_rule"))
    )
    return Counterexample(found[0], log, table, clauses)  # type: ignore[arg-type]


def _clauses(rules: Sequence[Rule], named: Iterable[object]) -> tuple[Heading, ...]:
    names = {rule.name: (rule.names.zh, rule.names.en) for rule in rules}
    return tuple(names[str(name)] for name in named if name in names)
