"""A conformance deck: small histories, each with its group, that together tell a definition from its mutants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.conformance.asked import AnyMeasure, definition_of, known, measure_of, period_of
from singledisease.conformance.decisions import Decided, Decisions, Groups, amounts_in, decided, groups_in
from singledisease.conformance.histories import History, log_of
from singledisease.conformance.mutants import Mutant, mutants_of
from singledisease.conformance.search import Search, reading, search
from singledisease.conformance.valued import Definition
from singledisease.dates import Period
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import policies_of
from singledisease.eventlog.log import EventLog
from singledisease.frozen_mapping import frozen_mapping

OFTEN = 2
"""By how many cases each mutant is told, where so many were found: one may be missed for another reason."""


@frozen(kw_only=True)
class DeckCase:
    """One person of a deck.

    Attributes
    ----------
    id
        ``C01``, ``C02`` …: the person's id in the tables.
    history
        The person's rows.
    expected
        The group, and the rule that decides; of a measure of rows for each row by name.
    tests
        Ids of the mutants that get it wrong.
    """

    id: str
    history: History
    expected: Decided = field(converter=frozen_mapping)
    tests: tuple[str, ...]


@frozen(kw_only=True)
class DeckMutant:
    """A mutant as a deck knows it.

    Attributes
    ----------
    answers
        By id of a case what it answers, where that is not what is expected.
    reason
        Of one that no case tells: why, as far as is known.
    """

    id: str
    kind: str
    place: str
    names: Names
    answers: Mapping[str, Groups] = field(converter=frozen_mapping)
    reason: Names | None = None


@frozen(kw_only=True)
class Deck:
    """Cases and mutants of one measure under one policy in one period."""

    measure: str
    version: str
    names: Names
    policy: Mapping[str, str] = field(converter=frozen_mapping)
    period: Period
    seed: int
    cases: tuple[DeckCase, ...]
    mutants: tuple[DeckMutant, ...]

    @property
    def survivors(self) -> tuple[DeckMutant, ...]:
        """The mutants that no case tells."""
        return tuple(mutant for mutant in self.mutants if not mutant.answers)

    @property
    def groups(self) -> frozenset[str]:
        """Every group that a case is expected in, or that a mutant answers."""
        expected = {decision.group for case in self.cases for decision in case.expected.values()}
        return frozenset(expected | {said for one in self.mutants for rows in one.answers.values() for _, said in rows})

    @property
    def adds_amounts(self) -> bool:
        """Whether it is of a ratio: each person, or row, adds a number to the numerator and one to the denominator."""
        return any(amounts_in(group) for group in self.groups)

    def __repr__(self) -> str:
        told = f"{len(self.mutants) - len(self.survivors)} of {len(self.mutants)} mutants told"
        return f"<Deck of {self.measure} {self.version}, {self.period}: {len(self.cases)} cases, {told}>"


def conformance_deck(
    measure: AnyMeasure,
    *,
    period: Period | str,
    policy: Mapping[str, str] | None = None,
    diseases: Mapping[str, Disease] | Iterable[Disease] | None = None,
    seed: int = 1,
) -> Deck:
    """Make the deck of a measure: cases that together tell every mutant that was found to differ.

    Parameters
    ----------
    measure
        A measure, or the id of one of the catalogue's; of people, or of rows that belong to people.
    period
        The one period that the system is asked about.
    policy
        Option by name of policy; what is not named is at its default.
    diseases
        Your own diseases that the measure names; those of the catalogue are known.
    seed
        The same seed makes the same deck.

    Raises
    ------
    UsageError
        For an unknown measure or policy, or a measure without groups or of institutions.
    DefinitionError
        If the measure cannot be resolved.

    >>> import singledisease as sd
    >>> deck = sd.conformance_deck("hypertension.managed", period="2024")
    >>> deck.cases[0].id, {mutant.kind for mutant in deck.survivors}
    ('C01', {'policy'})
    """
    return deck_of(measure_of(measure), known(diseases), policy or {}, period_of(period), seed=seed)


def deck_of(
    measure: Countable, diseases: Mapping[str, Disease], policy: Mapping[str, str], period: Period, *, seed: int = 1
) -> Deck:
    """Make the deck of a measure; see ``conformance_deck``."""
    original = definition_of(measure, diseases, policy)
    mutants = mutants_of(measure, diseases, policy, period)
    others = [Definition(one.measure, one.diseases) for one in mutants]
    rules = reading([original, *others])
    like = [other for other, one in zip(others, mutants, strict=True) if one.kind == "policy"]
    result = search(original, others, period, seed=seed, like=like)
    pool = [one for i in sorted(result.found) for one in result.found[i]]
    histories = [with_records(one, k) if measure.of is not None else one for k, one in enumerate(dict.fromkeys(pool))]
    chosen = [histories[k] for k in _cover(_told([original, *others], log_of(histories, rules), period))]
    if measure.of is not None:
        chosen = [with_records(one, k + 1) for k, one in enumerate(chosen)]
    answers = decided([original, *others], log_of(chosen, rules).as_of(None), period)
    names = [case_id(k) for k in range(len(chosen))]
    made = [_mutant(one, answers[0], answer, names, result) for one, answer in zip(mutants, answers[1:], strict=True)]
    return Deck(
        measure=measure.id,
        version=measure.version,
        names=measure.names,
        policy={each.name: str(policy.get(each.name, each.default)) for each in policies_of(measure, diseases)},
        period=period,
        seed=seed,
        cases=tuple(_cases(chosen, answers[0], made)),
        mutants=tuple(made),
    )


def case_id(place: int) -> str:
    """Give the id of the case at a place."""
    return f"C{place + 1:02d}"


def with_records(one: History, number: int) -> History:
    """Give a history whose events have identifiers, by which rows are named."""
    return History(one.patient, [{**row, "record": f"{number:03d}-{k + 1}"} for k, row in enumerate(one.events)])


def _told(definitions: Sequence[Definition], log: EventLog, period: Period) -> NDArray[np.bool_]:
    """Say which person of a log (column) tells which mutant (row): in the group, and below that in the rate."""
    first, *answers = decided(definitions, log.as_of(None), period)
    return np.stack([first.differ(one, in_rate=in_rate) for in_rate in (False, True) for one in answers])


def _cover(told: NDArray[np.bool_]) -> list[int]:
    """Choose few histories that together tell each mutant as often as is wanted, where so many do."""
    needed = np.minimum(told.sum(axis=1), OFTEN)
    left = list(range(told.shape[1]))
    chosen: list[int] = []
    while needed.any():
        gains = (told[:, left] & (needed > 0)[:, None]).sum(axis=0)
        best = left[int(np.argmax(gains))]
        needed = needed - (told[:, best] & (needed > 0))
        left.remove(best)
        chosen.append(best)
    return sorted(chosen)


def _mutant(one: Mutant, expected: Decisions, given: Decisions, names: Sequence[str], result: Search) -> DeckMutant:
    where = np.flatnonzero(expected.differ(given))
    answers = {names[k]: groups_in(given.of(k)) for k in where.tolist()}
    reason = None if answers else _reason(one, result)
    return DeckMutant(id=one.id, kind=one.kind, place=one.place, names=one.names, answers=answers, reason=reason)


def _reason(one: Mutant, result: Search) -> Names:
    rules = one.place.split("+")
    missed = [rule for rule in rules if rule in result.reached or rule in ("of", "measure")]
    if not missed:
        return Names(
            f"在 {result.looked_at} 份病史中没有一份由规则 {one.place} 判定",
            f"none of {result.looked_at} histories is decided by the rule {one.place}",
        )
    return Names(
        f"{result.looked_at} 份病史的结果全部相同：等价，或差别在生成的病史之外",
        f"all of {result.looked_at} histories come out alike: equivalent, or beyond what is generated",
    )


def _cases(histories: Sequence[History], expected: Decisions, mutants: Iterable[DeckMutant]) -> list[DeckCase]:
    listed = tuple(mutants)
    return [
        DeckCase(
            id=case_id(k),
            history=one,
            expected=expected.of(k),
            tests=tuple(mutant.id for mutant in listed if case_id(k) in mutant.answers),
        )
        for k, one in enumerate(histories)
    ]
