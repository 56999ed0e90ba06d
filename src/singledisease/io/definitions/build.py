"""From the shape of a file to a disease: expressions are read, and everything is checked."""

from __future__ import annotations

import re
from typing import Any

from attrs import field, frozen

from singledisease.definitions.checks import check
from singledisease.definitions.citation import Citation, DatedValue, Names, Parameter
from singledisease.definitions.disease import Disease, Role, Service, Target
from singledisease.definitions.pathway import Pathway, Signal, State, Transition
from singledisease.definitions.timing import Length, Timing
from singledisease.errors import DefinitionError, Fault
from singledisease.io.definitions.shapes import (
    AfterShape,
    DiseaseShape,
    ParameterShape,
    PathwayShape,
    ServiceShape,
    SignalShape,
    StateShape,
    TargetShape,
    TimingShape,
    TransitionShape,
)
from singledisease.language.nodes import Apply, Attribute, Column, Literal, ParameterOf
from singledisease.language.parse import parse
from singledisease.vocabulary import Quantity

PARAMETER_NAME = re.compile(r"[\w-]+")
"""What is read as the name of a parameter where a length is expected; anything else is an expression."""


def disease_from(shape: DiseaseShape, name: str = "") -> Disease:
    """Make a disease of its shape.

    Raises
    ------
    DefinitionError
        With every expression that cannot be read and every check that fails.
    """
    quantities = tuple(Quantity(key, q.unit, q.low, q.high, q.zh, q.en) for key, q in shape.quantities.items())
    builder = _Builder(shape.id, quantities)
    disease = builder.disease(shape)
    faults = (*builder.faults, *check(disease))
    if faults:
        raise DefinitionError(f"{name or shape.id} is not sound", dict.fromkeys(faults))
    return disease


@frozen
class _Builder:
    """Reads the expressions of one file, collecting those that cannot be read."""

    id: str
    quantities: tuple[Quantity, ...]
    faults: list[Fault] = field(factory=list)

    def expression(self, text: str, where: str, of_person: bool = False) -> Any:
        """Read an expression.

        One that cannot be read is reported, and something that says nothing stands in its place, so that
        the checks find the other faults too and none that is not there.
        """
        try:
            return parse(text, self.id, self.quantities)
        except DefinitionError as error:
            for fault in error.faults:
                message = f"{fault.message} in {text!r}"
                self.faults.append(Fault(fault.check, f"{where}, {fault.where}", message, fault.hint))
            return Apply("known", (Attribute(where, "text") if of_person else Column(where, "text"),))

    def optional(self, text: str | None, where: str, of_person: bool = False) -> Any:
        return None if text is None else self.expression(text, where, of_person)

    def disease(self, shape: DiseaseShape) -> Disease:
        return Disease(
            id=shape.id,
            version=shape.version,
            names=shape.names,
            codes=tuple(shape.codes),
            citations=tuple(Citation(key, c.title, c.place, c.year) for key, c in shape.citations.items()),
            parameters=tuple(self.parameter(key, value) for key, value in shape.parameters.items()),
            quantities=self.quantities,
            roles=tuple(Role(id=key, names=names) for key, names in shape.roles.items()),
            pathway=self.pathway(shape.pathway),
            targets=tuple(self.target(key, value) for key, value in shape.targets.items()),
            services=tuple(self.service(service) for service in shape.services),
        )

    def parameter(self, name: str, shape: ParameterShape) -> Parameter:
        if (shape.value is None) == (not shape.values):
            hint = "value = 140, or values = [{ value = 140, valid_from = 2026-03-01 }]"
            self.faults.append(Fault("file_shape", f"parameters.{name}", "needs either value or values", hint))
        one = [] if shape.value is None else [DatedValue(value=shape.value)]
        dated = [DatedValue(value=each.value, valid_from=each.valid_from) for each in shape.values]
        return Parameter(
            name=name,
            names=shape.names,
            values=tuple(one + dated),
            unit=shape.unit,
            citation=shape.citation,
            status=shape.status,  # type: ignore[arg-type]  # the check unknown_status looks at it
            policy=shape.policy,
            note=shape.note,
        )

    def pathway(self, shape: PathwayShape) -> Pathway:
        return Pathway(
            initial=shape.initial,
            died=shape.died,
            states=tuple(_state(key, state) for key, state in shape.states.items()),
            signals=tuple(self.signal(signal) for signal in shape.signals),
            transitions=tuple(_transition(transition) for transition in shape.transitions),
            timings=tuple(self.timing(timing, f"pathway.timings.{timing.id}") for timing in shape.timings),
            sequence=shape.sequence,
        )

    def signal(self, shape: SignalShape) -> Signal:
        return Signal(
            id=shape.id,
            names=Names(shape.zh, shape.en),
            kinds=tuple(shape.kinds),
            when=self.optional(shape.when, f"pathway.signals.{shape.id}.when"),
            citation=shape.citation,
        )

    def timing(self, shape: TimingShape, where: str) -> Timing:
        return Timing(
            id=shape.id,
            names=Names(shape.zh, shape.en),
            states=tuple(shape.states),
            length=self.length(shape.after, f"{where}.after"),
            kinds=tuple(shape.met_by_kinds),
            met_by=self.optional(shape.met_by, f"{where}.met_by"),
            repeats=shape.repeats,
            breach=shape.breach,
            leads_to=shape.leads_to,
            citation=shape.citation,
        )

    def length(self, shape: AfterShape, where: str) -> Length:
        if (shape.days is None) == (shape.months is None):
            hint = 'after = { months = "…" } or { days = "…" }, with the name of a parameter'
            self.faults.append(Fault("file_shape", where, "needs either days or months", hint))
            return Length(Literal(1.0, "number"), "days")
        amount, unit = (shape.days, "days") if shape.days is not None else (shape.months, "months")
        return Length(self.amount(amount, where), unit)  # type: ignore[arg-type]

    def amount(self, amount: Any, where: str) -> Any:
        if isinstance(amount, str):
            named = PARAMETER_NAME.fullmatch(amount)
            return ParameterOf(self.id, amount) if named else self.expression(amount, where, of_person=True)
        return Literal(amount, "number")

    def service(self, shape: ServiceShape) -> Service:
        where = f"services.{shape.id}"
        return Service(
            timing=self.timing(shape, where),
            role=shape.role,
            levels=tuple(shape.levels),
            applies=self.optional(shape.applies, f"{where}.applies", of_person=True),
        )

    def target(self, name: str, shape: TargetShape) -> Target:
        return Target(
            id=name,
            names=Names(shape.zh, shape.en),
            columns=tuple(shape.columns),
            goal=self.expression(shape.goal, f"targets.{name}.goal"),
            citation=shape.citation,
        )


def _state(name: str, shape: StateShape) -> State:
    return State(
        id=name,
        names=Names(shape.zh, shape.en),
        stage=shape.stage,
        managed=shape.managed,
        refer=shape.refer,
        next_step=shape.next_step,
    )


def _transition(shape: TransitionShape) -> Transition:
    return Transition(
        sources=tuple(shape.sources),
        signal=shape.on,
        target=shape.to,
        another_day=shape.another_day,
        after_days=shape.after_days,
        citation=shape.citation,
    )
