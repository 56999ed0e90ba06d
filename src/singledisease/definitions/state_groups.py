"""Groups of states, and the list of states that a selection of them stands for.

Groups that every pathway has: ``@managed``, ``@unmanaged`` (open, not managed), ``@open`` (not closed),
``@closed``, ``@refer`` (in which the person has to be referred) and ``@stage:screening`` and so on.  Further
ones are declared and named in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from attrs import evolve, field, frozen

from singledisease.definitions.pathway import Pathway, State
from singledisease.definitions.state_selection import MARK, StateSelection
from singledisease.definitions.timing import Timing
from singledisease.errors import Fault, did_you_mean
from singledisease.vocabulary import STAGES

_BUILT_IN: Mapping[str, Callable[[State], bool]] = MappingProxyType(
    {
        "managed": lambda state: state.managed,
        "unmanaged": lambda state: not state.managed and state.stage != "closed",
        "open": lambda state: state.stage != "closed",
        "closed": lambda state: state.stage == "closed",
        "refer": lambda state: state.refer,
    }
)
BUILT_IN_GROUPS: tuple[str, ...] = (*_BUILT_IN, *(f"stage:{stage}" for stage in STAGES))
"""Names of the groups that every pathway has."""


@frozen
class Groups:
    """The groups of one pathway, which says what a selection stands for and collects what it cannot find."""

    states: tuple[State, ...]
    declared: Mapping[str, StateSelection]
    faults: list[Fault] = field(factory=list)
    found: dict[str, frozenset[str]] = field(factory=dict)
    circular: set[str] = field(factory=set)
    expanded: dict[StateSelection, tuple[str, ...]] = field(factory=dict)

    def expand(self, selection: StateSelection, where: str) -> tuple[str, ...]:
        """Give the states of a selection, in the order of the pathway; a plain list as it is written.

        A name that is no state is kept, for the check of references to find.
        """
        if selection.is_plain:
            return selection.named
        if selection not in self.expanded:
            known = len(self.faults)
            states = self._expand(selection, where)
            if len(self.faults) > known:
                # What is wrong is told wherever it stands.
                return states
            self.expanded[selection] = states
        return self.expanded[selection]

    def _expand(self, selection: StateSelection, where: str) -> tuple[str, ...]:
        chosen = self._all(selection.named, where, ()) - self._all(selection.left_out, where, ())
        told = where.removeprefix("pathway.groups.") in self.circular or any(
            each.where == where for each in self.faults
        )
        if not chosen and not told:
            self.faults.append(Fault("empty_group", where, "no state is left", "name a state, or leave fewer out"))
        order = {state.id: i for i, state in enumerate(self.states)}
        return tuple(sorted(chosen, key=lambda name: (order.get(name, len(order)), name)))

    def _all(self, names: tuple[str, ...], where: str, through: tuple[str, ...]) -> frozenset[str]:
        parts = (
            self._group(name.removeprefix(MARK), where, through) if name.startswith(MARK) else frozenset((name,))
            for name in names
        )
        return frozenset().union(*parts)

    def _group(self, name: str, where: str, through: tuple[str, ...]) -> frozenset[str]:
        if name in through:
            circle = (*through[through.index(name) :], name)
            message = f"the groups go round: {' → '.join(MARK + each for each in circle)}"
            self.faults.append(Fault("circular_group", f"pathway.groups.{name}", message, "take one out of another"))
            self.circular.update(circle)
            return frozenset()
        if name not in self.found:
            self.found[name] = self._make(name, where, (*through, name))
        return self.found[name]

    def _make(self, name: str, where: str, through: tuple[str, ...]) -> frozenset[str]:
        if name in self.declared:
            selection, place = self.declared[name], f"pathway.groups.{name}"
            return self._all(selection.named, place, through) - self._all(selection.left_out, place, through)
        if name.startswith("stage:") and name in BUILT_IN_GROUPS:
            return frozenset(state.id for state in self.states if f"stage:{state.stage}" == name)
        if name in _BUILT_IN:
            return frozenset(state.id for state in self.states if _BUILT_IN[name](state))
        known = (*self.declared, *BUILT_IN_GROUPS)
        message = f"no group of states is called {MARK + name!r}"
        self.faults.append(Fault("unknown_group", where, message, did_you_mean(name, known)))
        return frozenset()


def groups_of(pathway: Pathway) -> Groups:
    """Give the groups of a pathway, its own and those that every pathway has."""
    return Groups(pathway.states, {group.id: group.states for group in pathway.groups})


def expand_groups(pathway: Pathway) -> tuple[Pathway, list[Fault]]:
    """Put the states in the place of the groups that transitions and timings name, and give what is wrong.

    What is wrong: a group that is not declared, that is empty, that holds itself, or that takes the name of one
    that every pathway has.
    """
    groups = groups_of(pathway)
    groups.faults.extend(_wrong_groups(pathway, groups))
    transitions = tuple(
        each
        if each.selection is None
        else evolve(each, sources=groups.expand(each.selection, f"the transition on {each.signal} to {each.target}"))
        for each in pathway.transitions
    )
    timings = tuple(expand_timing(each, f"pathway.timings.{each.id}", groups) for each in pathway.timings)
    return evolve(pathway, transitions=transitions, timings=timings), groups.faults


def expand_timing(timing: Timing, where: str, groups: Groups) -> Timing:
    """Put the states in the place of the groups in which a clock runs."""
    return timing if timing.selection is None else evolve(timing, states=groups.expand(timing.selection, where))


def _wrong_groups(pathway: Pathway, groups: Groups) -> Iterator[Fault]:
    states = [state.id for state in pathway.states]
    for group in pathway.groups:
        where = f"pathway.groups.{group.id}"
        if group.id in BUILT_IN_GROUPS or group.id.startswith("stage:"):
            yield Fault("duplicate_id", where, "is a group that every pathway has", "rename it")
            continue
        for name in (*group.states.named, *group.states.left_out):
            if not name.startswith(MARK) and name not in states:
                yield Fault("unknown_state", where, f"no state is called {name!r}", did_you_mean(name, states))
        # Asked for itself, so that a group which is empty or goes round is found even where nothing names it.
        groups.expand(StateSelection((MARK + group.id,)), where)
