"""The parts of a disease in one language, short enough to be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease, Service
from singledisease.definitions.pathway import Signal, Transition
from singledisease.definitions.timing import Length
from singledisease.definitions.wording.sentences import say
from singledisease.definitions.wording.terms import KIND_NAMES, STAGE_NAMES, UNIT_NAMES, VALUE_NAMES
from singledisease.language.format import number_text
from singledisease.language.nodes import Literal, ParameterOf
from singledisease.vocabulary import STAGES


@frozen
class Phrases:
    """Says the parts of one disease in one language."""

    disease: Disease
    language: str

    def __call__(self, names: Names) -> str:
        """Say a name."""
        return names.in_language(self.language)

    @property
    def colon(self) -> str:
        """What stands between a word and its meaning."""
        return "：" if self.language == "zh" else ": "

    @property
    def comma(self) -> str:
        """What stands between the parts of a list."""
        return "、" if self.language == "zh" else "; "

    @property
    def signals(self) -> Mapping[str, Signal]:
        """The signals by id."""
        return {signal.id: signal for signal in self.disease.pathway.signals}

    def states(self, ids: Iterable[str]) -> str:
        """Name states, in the order in which the pathway has them."""
        wanted = set(ids)
        return self.comma.join(self(state.names) for state in self.disease.pathway.states if state.id in wanted)

    def any_of(self, ids: Iterable[str]) -> str:
        """Name many states in few words: those of a larger group, the others left out or added by name."""
        wanted = set(ids)
        base, name = self._group(wanted, set())
        return self._said(self(name) if base else "", wanted, base)

    def any_other(self, ids: Iterable[str], target: str) -> tuple[str, bool]:
        """Name states from which one is reached, that one aside, and say whether all of those named are meant.

        Of a larger group those that are left out are not named: where there are any, the second value is false.
        """
        wanted = set(ids) - {target}
        base, name = self._group(wanted, {target})
        called = Names(f"其他{name.zh}", name.en.replace("any ", "any other ", 1)) if target in base else name
        others = base - {target}
        return self._said(self(called) if base else "", wanted, others & wanted), not others - wanted

    def _group(self, wanted: set[str], beside: set[str]) -> tuple[set[str], Names]:
        """Give the group that leaves the fewest to be named, and its name; those of ``beside`` do not matter."""
        base, name = set[str](), Names("", "")
        for group, called in self._groups():
            if len((wanted ^ group) - beside) + 1 < len((wanted ^ base) - beside):
                base, name = group, called
        return base, name

    def _said(self, name: str, wanted: set[str], base: set[str]) -> str:
        said = [name] if name else []
        if name and base - wanted:
            said.append(f"{self(Names('除', 'but'))} {self.states(base - wanted)}")
        if name and wanted - base:
            said.append(self(Names("以及", "and")))
        return " ".join([*said, self.states(wanted - base)]).strip()

    def _groups(self) -> Iterator[tuple[set[str], Names]]:
        states = self.disease.pathway.states
        yield {state.id for state in states}, Names("任何状态", "any state")
        yield {state.id for state in states if state.stage != "closed"}, Names("任何未结案状态", "any state not closed")
        yield {state.id for state in states if state.managed}, Names("任何在管状态", "any managed state")
        waiting = {state.id for state in states if not state.managed and state.stage != "closed"}
        yield waiting, Names("任何尚未在管的状态", "any state not yet managed")
        sent = {state.id for state in states if state.refer}
        yield sent, Names("任何须转诊状态", "any state to be referred")
        overdue = {state.id for state in states if state.managed and state.refer}
        yield overdue, Names("任何在管且须转诊的状态", "any managed state to be referred")
        kept = {state.id for state in states if state.managed and not state.refer}
        yield kept, Names("任何在管且无须转诊的状态", "any managed state not to be referred")
        for i, stage in enumerate(STAGES[1:], 1):
            before = {state.id for state in states if state.stage in STAGES[:i]} & waiting
            called = STAGE_NAMES[stage]
            yield before, Names(f"任何{called.zh}之前的状态", f"any state before {called.en}")

    def meaning(self, signal: Signal) -> str:
        """Say which events a signal is heard in."""
        kinds = self.comma.join(self(KIND_NAMES.get(kind, Names(kind, kind))) for kind in signal.kinds)
        kinds = kinds or self(Names("任何事件", "any event"))
        return kinds if signal.when is None else f"{kinds}; {say(signal.when, self.language, self.disease)}"

    def condition(self, transition: Transition) -> str:
        """Say on which day a transition is heard; nothing if on any."""
        said = []
        if transition.another_day:
            said.append(self(Names("另一日", "on another day")))
        if transition.after_days:
            days = transition.after_days
            said.append(self(Names(f"满{days}天后", f"after {days} days")))
        return f" ({self.comma.join(said)})" if said else ""

    def after(self, length: Length) -> str:
        """Say how long, with the number if it is known."""
        amount = length.amount
        if isinstance(amount, ParameterOf):
            # A pathway that is shown without its disease has names for its numbers only.
            known = [one for one in self.disease.parameters if one.name == amount.name]
            text = "/".join(number_text(value.value) for one in known for value in one.values) or amount.name
        elif isinstance(amount, Literal):
            text = number_text(float(amount.value))
        else:
            text = say(amount, self.language, self.disease)
        unit = UNIT_NAMES[length.unit]
        return f"{text}{unit.zh}" if self.language == "zh" else f"{text} {unit.en}"

    def role(self, service: Service) -> str:
        """Name who does a service."""
        named = {role.id: role.names for role in self.disease.roles}
        return self(named[service.role]) if service.role in named else service.role

    def levels(self, service: Service) -> str:
        """Name the levels of institution at which a service is done."""
        named = VALUE_NAMES["level"]
        return self.comma.join(self(named.get(level, Names(level, level))) for level in service.levels)

    def service(self, service: Service) -> str:
        """Say a service in one line."""
        return f"{self(service.names)} ({self.after(service.timing.length)}{self.comma}{self.role(service)})"
