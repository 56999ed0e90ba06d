"""Definitions as values: what they are looked up by, and how they are shown and said."""

import pytest
from attrs import evolve
from definitions_world import gout

import singledisease as sd
from singledisease.dates import Maturity
from singledisease.definitions.checks import check, wrong_named_parts
from singledisease.definitions.code_set import CodeSet
from singledisease.definitions.tier import Tier, TierLevel, TierRule
from singledisease.definitions.wording.difference import changed_parts
from singledisease.definitions.wording.sentences import wording
from singledisease.language.parse import parse

RATIO = sd.Ratio(id="share", numerator=sd.events("call").count(), denominator=sd.events().count(), matures=15)
AGES = sd.Distribution(id="ages", value=sd.age(on=sd.PERIOD.end), unit="years", of=None)
SCORE = sd.Derived(id="score", value='rate("share") / 2')


def test_figures_are_shown_by_what_they_ask():
    """The short form of a figure has its id, its version and its expressions."""
    assert repr(RATIO) == f'<Ratio share {RATIO.version}: events("call").count() / events().count()>'
    assert repr(AGES) == f"<Distribution ages {AGES.version}: age(on=PERIOD.end)>"
    assert repr(SCORE) == f'<Derived score {SCORE.version}: rate("share") / 2'.rstrip() + ">"


def test_equal_figures_are_one_in_a_set():
    """They hash by id and version, as measures do."""
    assert {RATIO, evolve(RATIO), AGES, evolve(AGES)} == {RATIO, AGES}
    assert len({RATIO, evolve(RATIO, version="2")}) == 2


def test_a_figure_of_rows_says_which():
    """What is counted stands before what is asked of it."""
    visits = sd.events("encounter").within(sd.PERIOD)
    stays = sd.Distribution(id="stays", of=visits, value=sd.days_between(sd.column("date"), sd.column("until")))
    assert wording(stays).splitlines()[1].startswith("Counted, one by one: encounters")
    assert wording(stays, "zh").splitlines()[1].startswith("统计对象（逐条）：")


def test_figures_are_said_in_both_languages():
    """A ratio names both sums and how long it matures, a distribution its value, a derived figure its formula."""
    said = wording(RATIO, "zh").splitlines()
    assert said[1].startswith("合计相除：")
    assert "15" in wording(RATIO, "en").splitlines()[2]
    assert "2" in wording(evolve(RATIO, matures=Maturity(months=2)), "zh").splitlines()[2]
    assert wording(AGES).splitlines()[1].startswith("Distribution of: age")
    assert wording(SCORE).endswith('rate("share") / 2')


def test_two_figures_differ_in_words():
    """Parts that one has and the other has not, or differently, are told before and after."""
    longer = evolve(RATIO, matures=Maturity(days=30))
    (changed,) = changed_parts(RATIO, longer, "en", {})
    assert (changed.place, changed.change) == ("matures", "changed")
    (added,) = changed_parts(evolve(RATIO, matures=Maturity()), RATIO, "en", {})
    (removed,) = changed_parts(RATIO, evolve(RATIO, matures=Maturity()), "en", {})
    assert (added.change, removed.change) == ("added", "removed")
    assert list(changed_parts(gout(), gout(), "zh", {})) == []


def test_parts_of_a_disease_are_found_by_name():
    """Code sets, tiers, targets and states are found; another name is an error of its own."""
    codes = [CodeSet(name=name, names=sd.Names(name, name), codes=("M10",)) for name in ("first", "second")]
    levels = (TierLevel(id="low", names=sd.Names("低", "low")),)
    rules = (TierRule(level="low", when=parse("sbp.known()")),)
    tiers = tuple(
        Tier(id=id, names=sd.Names(id, id), levels=levels, kinds=("test",), rules=rules) for id in ("one", "two")
    )
    made = evolve(gout(), code_sets=tuple(codes), tiers=tiers)
    assert (made.code_set("second"), made.tier("two")) == (codes[1], tiers[1])
    state = made.pathway.states[-1]
    assert made.pathway.state(state.id) is state
    for find in (made.code_set, made.tier, made.target, made.pathway.state, tiers[0].level):
        with pytest.raises(KeyError, match="nothing"):
            find("nothing")


def test_a_pathway_moves_between_different_states():
    """Transitions and timings that lead on, and death from everywhere; never to itself, nor out of death."""
    pathway = gout().pathway
    moves = pathway.moves()
    assert {(state.id, pathway.died) for state in pathway.states if state.id != pathway.died} <= set(moves)
    assert all(source not in (target, pathway.died) for source, target in moves)
    assert f"{len(pathway.states)} states" in repr(pathway)


def test_a_shared_code_is_one_of_the_diseases():
    """A code that is shared with another disease has to be, or begin with, a code of this one."""
    shared = evolve(gout(), shared_codes=("I10",))
    assert ("code_not_its_own", "shared_codes") in {(fault.check, fault.where) for fault in check(shared)}
    assert "code_not_its_own" not in {fault.check for fault in check(evolve(gout(), shared_codes=("M10.1",)))}


def test_an_order_of_texts_is_no_order_of_a_tier():
    """Only tiers say which levels have a place; any other text may take no part."""
    asked = parse('worst(sex, attribute("region"), order=("a", "b"))')
    assert list(wrong_named_parts("here", asked, [gout()])) == []
