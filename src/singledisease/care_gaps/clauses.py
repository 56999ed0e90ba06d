"""Which clauses keep somebody out of the numerator as things stand: in words, with what is there and what is needed."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from attrs import frozen

from singledisease.care_gaps.futures import Future
from singledisease.care_gaps.reachable import Outlook, conjuncts, counted_in
from singledisease.conformance.valued import Definition
from singledisease.dates import MISSING
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import NUMERATOR, Rule
from singledisease.definitions.wording.sentences import say
from singledisease.engines.columnar import walk
from singledisease.engines.reference.make_context import person_context, value_of
from singledisease.language import nodes as n
from singledisease.language.traversal import inside
from singledisease.pathway_courses import Courses


@frozen(kw_only=True)
class Standing:
    """Where somebody stands.

    Attributes
    ----------
    clauses
        The clauses that are not fulfilled, in words.
    done, needed
        Of the first that counts events: how many there are, and how many there have to be.
    blocking
        The clauses that nothing can fulfil any more, in words; none if that is not shown.
    """

    clauses: tuple[Names, ...]
    done: int | None = None
    needed: int | None = None
    blocking: tuple[Names, ...] = ()


def standings(
    future: Future, definition: Definition, deciding: Mapping[int, str], first: int, solved: Container[int]
) -> dict[int, Standing]:
    """Say where people stand, one at a time, as the reference engine reads the rules.

    Parameters
    ----------
    future
        The log if nothing more happens.
    definition
        The measure, resolved.
    deciding
        By place of a person the rule that decides about them if nothing more happens.
    first
        The first day that is still to come.
    solved
        People for whom a plan works: what is possible is blocked by nothing.
    """
    people = sorted(deciding)
    some = future.only(people)
    work = _Reader(some, definition, _courses(some, definition), first)
    return {
        person: work.standing(place, deciding[person], is_solved=person in solved)
        for place, person in enumerate(people)
    }


def _courses(future: Future, definition: Definition) -> dict[str, Courses]:
    until = definition.measure.matures.day_after(future.period.end)
    timed = {node.disease for node in inside(definition.measure, n.Breaches, n.Services)}
    return {
        name: walk(disease, future.log, max(until, future.period.end), obligations=name in timed)
        for name, disease in definition.diseases.items()
    }


@frozen(eq=False)
class _Reader:
    """What the rules are read with, person by person."""

    future: Future
    definition: Definition
    courses: Mapping[str, Courses]
    first: int

    def standing(self, place: int, deciding: str, *, is_solved: bool) -> Standing:
        """Say where one person stands, about whom a rule of that name decides."""
        measure, log, period = self.definition.measure, self.future.log, self.future.period
        context = person_context(log, place, period, self.courses, measure.matures)
        death = int(log.people.death[place])
        outlook = Outlook(context, self.first, period.end if death == MISSING else min(period.end, death))
        unmet = [part for part in _asked(measure.rules) if value_of(part, context) is not True]
        counts = [(value_of(found[0], context), found[1]) for found in map(counted_in, unmet) if found is not None]
        rule = next(one for one in measure.rules if one.name == deciding)
        before = () if rule.name == measure.rules[-1].name else (rule.names,)
        return Standing(
            clauses=(*before, *self._said(unmet)),
            done=int(float(counts[0][0] or 0)) if counts else None,
            needed=int(counts[0][1]) if counts else None,
            blocking=() if is_solved else self._said(outlook.blocking(measure.rules)),
        )

    def _said(self, nodes: Sequence[n.Value]) -> tuple[Names, ...]:
        diseases = tuple(self.definition.diseases.values())
        return tuple(Names(say(node, "zh", *diseases), say(node, "en", *diseases)) for node in nodes)


def _asked(rules: Sequence[Rule]) -> list[n.Value]:
    """Give the clauses of the first rule that puts people into the numerator."""
    return next((conjuncts(rule.when) for rule in rules if rule.group == NUMERATOR), [])
