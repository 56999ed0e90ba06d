"""Groups of states: what they stand for, and which are refused."""

from __future__ import annotations

import pytest
from attrs import evolve
from definitions_world import gout, small

from singledisease.definitions.state_groups import groups_of
from singledisease.definitions.state_selection import StateGroup, StateSelection
from singledisease.errors import DefinitionError
from singledisease.io.definitions import read_disease_text, write_disease

GROUPS = '[pathway.groups]\nin_care = { states = ["@managed"], except = ["lost"] }\nleft = ["lost", "@closed"]\n\n'
WITH_GROUPS = ("[[pathway.signals]]", GROUPS + "[[pathway.signals]]")


def expanded(*named: str, left_out: tuple[str, ...] = (), groups: tuple[StateGroup, ...] = ()) -> tuple[str, ...]:
    """Give the states of a selection in the small disease."""
    return groups_of(evolve(gout().pathway, groups=groups)).expand(StateSelection(named, left_out), "here")


def refused(*changes: tuple[str, str]) -> set[str]:
    """Give the faults of the small disease with some changes, as check and place."""
    with pytest.raises(DefinitionError) as error:
        read_disease_text(small(*changes))
    return {f"{fault.check} {fault.where}" for fault in error.value.faults}


@pytest.mark.parametrize(
    ("named", "left_out", "states"),
    [
        (("@managed",), (), ("managed", "lost")),
        (("@unmanaged",), (), ("well",)),
        (("@open",), (), ("well", "managed", "lost")),
        (("@closed",), (), ("closed", "died")),
        (("@refer",), (), ("lost",)),
        (("@stage:prevention", "@stage:closed"), (), ("well", "closed", "died")),
        (("lost", "@unmanaged"), (), ("well", "lost")),
        (("@open",), ("@managed",), ("well",)),
        (("@open",), ("lost", "managed"), ("well",)),
        (("lost", "well"), (), ("lost", "well")),
        (("lost", "well"), ("well",), ("lost",)),
    ],
)
def test_what_a_selection_stands_for(named, left_out, states):
    """Groups give their states in the order of the pathway; a plain list stays as it is written."""
    assert expanded(*named, left_out=left_out) == states


def test_groups_of_groups():
    """A group may name groups and leave some out; the inner ones are taken whole."""
    care = StateGroup(id="care", states=StateSelection(("@managed",), ("lost",)))
    outer = StateGroup(id="outer", states=StateSelection(("@care", "@unmanaged")))
    assert expanded("@outer", groups=(care, outer)) == ("well", "managed")


def test_transitions_timings_and_services_name_groups():
    """Each of them holds the states themselves, and how they were written."""
    found = read_disease_text(
        small(
            WITH_GROUPS,
            ('from = ["well", "managed", "lost"]', 'from = ["@open"]'),
            ('states = ["managed"]\nafter = { months = "lost_after" }', 'states = ["@in_care"]\nafter = "lost_after"'),
            (
                'states = ["managed"]\nafter = { months = "visit',
                'states = ["@managed"]\nexcept = ["@left"]\nafter = { months = "visit',
            ),
        )
    )
    assert found == gout()
    assert found.pathway.transitions[2].selection == StateSelection(("@open",))
    assert found.pathway.timings[0].selection == StateSelection(("@in_care",))
    assert found.services[0].timing.selection == StateSelection(("@managed",), ("@left",))
    assert [group.id for group in found.pathway.groups] == ["in_care", "left"]


def test_groups_are_written_back():
    """What was written with groups is written so again, and expanded if asked; both are read back the same."""
    found = read_disease_text(small(WITH_GROUPS, ('from = ["well", "managed", "lost"]', 'from = ["@open"]')))
    written, expanded = write_disease(found), write_disease(found, expanded=True)
    assert 'from = ["@open"]' in written
    assert GROUPS in written
    assert "@" not in expanded
    assert read_disease_text(written) == read_disease_text(expanded) == found
    assert read_disease_text(written).pathway.groups == found.pathway.groups


def test_a_selection_that_no_longer_holds_is_not_written():
    """Where the states were changed afterwards, the states are written."""
    found = read_disease_text(small(('from = ["well", "managed", "lost"]', 'from = ["@open"]')))
    transitions = tuple(
        evolve(each, sources=("managed", "lost")) if each.selection else each for each in found.pathway.transitions
    )
    changed = evolve(found, pathway=evolve(found.pathway, transitions=transitions))
    assert 'from = ["managed", "lost"]\non = "exit"' in write_disease(changed)


@pytest.mark.parametrize(
    ("groups", "faults"),
    [
        ('care = ["@manage"]', {"unknown_group pathway.groups.care"}),
        ('care = ["manage"]', {"unknown_state pathway.groups.care"}),
        (
            'care = ["managed", "lost"]\nother = { states = ["@care"], except = ["@managed"] }',
            {"empty_group pathway.groups.other"},
        ),
        ("care = []", {"empty_group pathway.groups.care"}),
        ('one = ["@two"]\ntwo = ["@one"]', {"circular_group pathway.groups.one"}),
        ('care = ["@care"]', {"circular_group pathway.groups.care"}),
        ('managed = ["lost"]', {"duplicate_id pathway.groups.managed"}),
        ('"stage:mine" = ["lost"]', {"duplicate_id pathway.groups.stage:mine"}),
        (
            'care = ["@nothing"]\nother = ["nobody"]',
            {"unknown_group pathway.groups.care", "unknown_state pathway.groups.other"},
        ),
    ],
)
def test_groups_that_are_refused(groups, faults):
    """Groups that are unknown, empty or circular, or take a name that is taken, are all told."""
    assert refused(("[[pathway.signals]]", f"[pathway.groups]\n{groups}\n\n[[pathway.signals]]")) == faults


def test_an_unknown_or_empty_group_is_told_where_it_is_named():
    """A transition and a service that name no group, or leave nothing, are told at their place."""
    assert refused(('from = ["well", "managed", "lost"]', 'from = ["@opn"]')) == {
        "unknown_group the transition on exit to closed",
        "unknown_state the transition on exit to closed",
        *(f"no_way_to_closed pathway.states.{state}" for state in ("well", "managed", "lost")),
    } | {"unreachable_state pathway.states.closed"}
    assert "empty_group services.visit" in refused(
        (
            'states = ["managed"]\nafter = { months = "visit',
            'states = ["lost"]\nexcept = ["@managed"]\nafter = { months = "visit',
        )
    )
