"""Which clauses keep somebody out of the numerator as things stand: in words, with what is there and what is needed."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.care_gaps.futures import Future
from singledisease.care_gaps.reachable import Outlook, conjuncts, counted_in
from singledisease.conformance.valued import Definition
from singledisease.dates import MISSING
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import NUMERATOR, Rule
from singledisease.definitions.wording.sentences import say
from singledisease.engines.columnar import walk
from singledisease.engines.columnar.values import values
from singledisease.engines.reference.make_context import person_context
from singledisease.language import nodes as n
from singledisease.language.traversal import inside
from singledisease.pathway_courses import Courses
from singledisease.person_values import Values


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
    """Say where people stand: the clauses of everybody at once, and what nothing can fulfil any more one at a time.

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
    work = _Reader.of(some, definition, _courses(some, definition), first)
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
    """What the rules are read with: what is asked of everybody is answered for all at once, the rest when it is read.

    Attributes
    ----------
    asked
        The clauses of the first rule that puts people into the numerator.
    """

    future: Future
    definition: Definition
    courses: Mapping[str, Courses]
    first: int
    asked: tuple[_Clause, ...]
    _words: dict[int, tuple[n.Value, Names]] = field(factory=dict)

    @classmethod
    def of(cls, future: Future, definition: Definition, courses: Mapping[str, Courses], first: int) -> _Reader:
        """Read the clauses of everybody in one pass."""
        clauses = _asked(definition.measure.rules)
        counts = [counted_in(clause) for clause in clauses]
        nodes = [*clauses, *(found[0] for found in counts if found is not None)]
        answers = values(nodes, future.log, (future.period,), courses, matures=definition.measure.matures)
        numbers = iter(answers[len(clauses) :])
        asked = []
        for clause, holds, found in zip(clauses, answers, counts, strict=False):
            count, needed = (None, None) if found is None else (next(numbers), found[1])
            asked.append(_Clause(clause, holds.true[0], count, needed))
        return cls(future, definition, courses, first, tuple(asked))

    def standing(self, place: int, deciding: str, *, is_solved: bool) -> Standing:
        """Say where one person stands, about whom a rule of that name decides."""
        rules = self.definition.measure.rules
        unmet = [clause for clause in self.asked if not clause.holds[place]]
        counting = next((clause for clause in unmet if clause.needed is not None), None)
        rule = next(one for one in rules if one.name == deciding)
        before = () if rule.name == rules[-1].name else (rule.names,)
        return Standing(
            clauses=(*before, *self._said([clause.node for clause in unmet])),
            done=None if counting is None else counting.done(place),
            needed=None if counting is None or counting.needed is None else int(counting.needed),
            blocking=() if is_solved else self._said(self._outlook(place).blocking(rules)),
        )

    def _outlook(self, place: int) -> Outlook:
        """Give what can still happen to one person, as the reference engine reads the rules."""
        log, period = self.future.log, self.future.period
        context = person_context(log, place, period, self.courses, self.definition.measure.matures)
        death = int(log.people.death[place])
        return Outlook(context, self.first, period.end if death == MISSING else min(period.end, death))

    def _said(self, nodes: Sequence[n.Value]) -> tuple[Names, ...]:
        return tuple(map(self._in_words, nodes))

    def _in_words(self, node: n.Value) -> Names:
        # One and the same clause keeps many people out: it is put into words once.
        if id(node) not in self._words:
            diseases = tuple(self.definition.diseases.values())
            self._words[id(node)] = node, Names(say(node, "zh", *diseases), say(node, "en", *diseases))
        return self._words[id(node)][1]


@frozen(eq=False)
class _Clause:
    """A clause, of whom it holds, and of one that counts events how many there are and have to be."""

    node: n.Value
    holds: NDArray[np.bool_]
    count: Values | None
    needed: float | None

    def done(self, place: int) -> int:
        """Count the events of one person."""
        assert self.count is not None
        return int(self.count.value[0, place]) if self.count.known[0, place] else 0


def _asked(rules: Sequence[Rule]) -> list[n.Value]:
    """Give the clauses of the first rule that puts people into the numerator."""
    return next((conjuncts(rule.when) for rule in rules if rule.group == NUMERATOR), [])
