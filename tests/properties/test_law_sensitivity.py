"""A row of a sensitivity table is what plain evaluation gives under that policy, on any log and any measure."""

from hypothesis import given
from hypothesis import strategies as st

from singledisease.comparison.sensitivity import sensitivity
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import GroupChoice, GroupOption, Measure, Rule
from singledisease.language import nodes as n
from singledisease.scorecard.evaluate import evaluate
from singledisease.testing import diseases, expressions, logs, periods


@st.composite
def contested(draw):
    """Draw a measure with a contested condition and a contested group."""
    when = st.deferred(lambda: expressions("person", "bool", depth=1))
    choice = n.Choice("word", tuple(n.Option(name, draw(when)) for name in ("a", "b", "c")), "b")
    groups = tuple(GroupOption(name, name) for name in ("not_numerator", "outside", "excluded:so"))
    rules = (
        _rule("numerator", choice, "numerator"),
        _rule("known", draw(when), GroupChoice("where", groups, "outside")),
        _rule("otherwise", n.Literal(True, "bool"), "not_numerator"),
    )
    return Measure(id="contested", names=Names("争议", "contested"), rules=rules, disease="alpha")


def _rule(name, when, group):
    return Rule(name=name, names=Names(name, name), when=when, group=group)


@given(contested(), st.tuples(diseases("alpha"), diseases("beta")), logs(5), periods(), st.booleans())
def test_rows_are_plain_figures(measure, pair, log, span, single):
    """Every row has the groups that evaluating under its policies gives, and the people moved are those who differ."""
    known = {one.id: one for one in pair}
    seen = log.as_of(None)
    found = sensitivity(measure, [seen], span, known, one_at_a_time=single)
    assert len(found.readings) >= (5 if single else 9)
    plain = [evaluate(measure, log, span, diseases=known, policy=one.policy) for one in found.readings]
    for number, (row, score) in enumerate(zip(found.table(), plain, strict=True)):
        (cell,) = score.table()
        assert {group: n for group, n in cell["groups"].items() if n} == found.placements.counts(number)
        assert (row["numerator"], row["denominator"], row["rate"]) == (
            cell["numerator"],
            cell["denominator"],
            cell["rate"],
        )
        base, other = (_groups(each, each.parts[0].assigned[0][0]) for each in (plain[0], score))
        moved = [who for who, (one, two) in enumerate(zip(base, other, strict=True)) if one != two]
        assert found.people(number)["patient_id"] == tuple(log.people.ids[moved])


def _groups(score, codes):
    (counted,) = score.counts.blocks
    return [counted.groups[code] for code in codes]
