"""Strategies for measures: ordered rules with generated conditions and any groups."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from singledisease.definitions.citation import Names
from singledisease.definitions.measure import Measure, Rule
from singledisease.language.nodes import Literal, Value
from singledisease.testing.expressions import expressions
from singledisease.testing.world import DISEASES

GROUPS: tuple[str, ...] = (
    "outside",
    "excluded:reason",
    "exception:reason",
    "numerator",
    "not_numerator",
    "unknown",
)


@st.composite
def measures(
    draw: st.DrawFn,
    *,
    id: str = "generated.measure",
    diseases: Sequence[str] = DISEASES,
    conditions: SearchStrategy[Value] | None = None,
    max_rules: int = 3,
) -> Measure:
    """Give measures with up to ``max_rules`` generated rules and a last one that catches the rest.

    Parameters
    ----------
    draw
        Given by hypothesis; leave it out.
    id
        The measure's id.
    diseases
        Ids of the diseases that conditions may ask about.
    conditions
        Conditions to draw from; none given: any expression of a person.
    max_rules
        At most so many rules before the last.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(measures(max_rules=2))
    ... def ends_with_a_rule_that_catches_the_rest(measure):
    ...     assert 1 <= len(measure.rules) <= 3 and measure.rules[-1].name == "otherwise"
    >>> ends_with_a_rule_that_catches_the_rest()
    """
    when = expressions("person", "bool", diseases=diseases, depth=2) if conditions is None else conditions
    groups = st.sampled_from(GROUPS)
    rules = [_rule(f"rule{i}", draw(when), draw(groups)) for i in range(draw(st.integers(0, max_rules)))]
    last = _rule("otherwise", Literal(True, "bool"), draw(groups))
    return Measure(id=id, names=Names(id, id), rules=(*rules, last), disease=diseases[0])


def _rule(name: str, when: Value, group: str) -> Rule:
    return Rule(name=name, names=Names(name, name), when=when, group=group)
