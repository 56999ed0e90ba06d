"""A disease as TOML text, in the layout in which people write it."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from singledisease.definitions.citation import Citation, Names, Parameter
from singledisease.definitions.disease import Disease, Service, Target
from singledisease.definitions.pathway import Pathway, Signal, State, Transition
from singledisease.definitions.timing import Timing
from singledisease.io.definitions.build import PARAMETER_NAME
from singledisease.language.format import number_text
from singledisease.language.nodes import Literal, ParameterOf
from singledisease.language.parse import write
from singledisease.vocabulary import Quantity

Table = Mapping[str, Any]
"""Keys and values of one table; a value of ``None``, blank text, an empty list and a default are left out."""


def write_disease(disease: Disease) -> str:
    """Write a disease as TOML text, which ``read_disease`` reads back to an equal disease."""
    return "\n".join(_Emitter(disease).lines()) + "\n"


class _Expression(str):
    """Text of an expression: written in single quotes where that spares escaping the double ones."""

    __slots__ = ()


class _Emitter:
    def __init__(self, disease: Disease) -> None:
        self.disease = disease

    def lines(self) -> Iterator[str]:
        d = self.disease
        yield from _pairs({"id": d.id, "version": d.version, "codes": list(d.codes)}, keep=("codes",))
        yield from _table("names", _names(d.names), keep=("zh", "en"))
        for citation in d.citations:
            yield from _table(f"citations.{_key(citation.id)}", _citation(citation), keep=("title",))
        for parameter in d.parameters:
            yield from _table(f"parameters.{_key(parameter.name)}", _parameter(parameter), keep=("citation", "status"))
        for quantity in d.quantities:
            yield from _table(f"quantities.{_key(quantity.name)}", _quantity(quantity), keep=("unit", "zh", "en"))
        if d.roles:
            yield from _table("roles", {role.id: _names(role.names) for role in d.roles})
        yield from self.pathway(d.pathway)
        for service in d.services:
            yield from _table(
                "services", self.service(service), many=True, keep=("zh", "en", "states", "levels", "role")
            )
        for target in d.targets:
            yield from _table(f"targets.{_key(target.id)}", self.target(target), keep=("zh", "en", "columns"))

    def pathway(self, pathway: Pathway) -> Iterator[str]:
        sequence = pathway.sequence if pathway.sequence != "person" else ""
        top: dict[str, Any] = {"initial": pathway.initial, "died": pathway.died, "sequence": sequence}
        # An empty list of tables has no other way of being written.
        top |= {name: [] for name in ("signals", "transitions") if not getattr(pathway, name)}
        yield from _table("pathway", top, keep=("initial", "died", "signals", "transitions"))
        yield from _table("pathway.states", {state.id: _state(state) for state in pathway.states})
        for signal in pathway.signals:
            yield from _table("pathway.signals", self.signal(signal), many=True, keep=("id", "zh", "en"))
        for transition in pathway.transitions:
            yield from _table("pathway.transitions", _transition(transition), many=True, keep=("from", "on", "to"))
        for timing in pathway.timings:
            yield from _table("pathway.timings", self.timing(timing), many=True, keep=("id", "zh", "en", "states"))

    def expression(self, node: Any) -> _Expression | None:
        return None if node is None else _Expression(write(node, self.disease.id, self.disease.quantities))

    def signal(self, signal: Signal) -> Table:
        return {
            "id": signal.id,
            **_names(signal.names),
            "kinds": list(signal.kinds),
            "when": self.expression(signal.when),
            "citation": signal.citation,
        }

    def timing(self, timing: Timing) -> dict[str, Any]:
        return {
            "id": timing.id,
            **_names(timing.names),
            "states": list(timing.states),
            "after": {timing.length.unit: self.amount(timing.length.amount)},
            "met_by_kinds": list(timing.kinds),
            "met_by": self.expression(timing.met_by),
            "repeats": timing.repeats or None,
            "breach": timing.breach,
            "leads_to": timing.leads_to,
            "citation": timing.citation,
        }

    def amount(self, amount: Any) -> Any:
        if (
            isinstance(amount, ParameterOf)
            and amount.disease == self.disease.id
            and PARAMETER_NAME.fullmatch(amount.name)
        ):
            return amount.name
        if isinstance(amount, Literal) and amount.kind == "number" and not amount.unit:
            return float(amount.value)
        return self.expression(amount)

    def service(self, service: Service) -> Table:
        timing = self.timing(service.timing)
        citation = timing.pop("citation")
        return {
            **timing,
            "role": service.role,
            "levels": list(service.levels),
            "applies": self.expression(service.applies),
            "citation": citation,
        }

    def target(self, target: Target) -> Table:
        return {
            **_names(target.names),
            "columns": list(target.columns),
            "goal": self.expression(target.goal),
            "citation": target.citation,
        }


# TABLES OF PARTS


def _names(names: Names) -> dict[str, Any]:
    return {"zh": names.zh, "en": names.en}


def _citation(citation: Citation) -> Table:
    return {"title": _names(citation.title), "place": citation.place, "year": citation.year}


def _parameter(parameter: Parameter) -> Table:
    values: dict[str, Any]
    if len(parameter.values) == 1 and parameter.values[0].valid_from is None:
        values = {"value": parameter.values[0].value}
    else:
        values = {"values": [{"value": each.value, "valid_from": each.valid_from} for each in parameter.values]}
    return {
        **values,
        "unit": parameter.unit,
        "names": _names(parameter.names),
        "citation": parameter.citation,
        "status": parameter.status,
        "policy": parameter.policy,
        "note": parameter.note,
    }


def _quantity(quantity: Quantity) -> Table:
    return {
        "unit": quantity.unit,
        "low": float(quantity.low),
        "high": float(quantity.high),
        "zh": quantity.zh,
        "en": quantity.en,
    }


def _state(state: State) -> Table:
    return {
        "stage": state.stage,
        "managed": state.managed or None,
        "refer": state.refer or None,
        **_names(state.names),
        "next_step": None if state.next_step is None else _names(state.next_step),
    }


def _transition(transition: Transition) -> Table:
    return {
        "from": list(transition.sources),
        "on": transition.signal,
        "to": transition.target,
        "another_day": transition.another_day or None,
        "after_days": transition.after_days or None,
        "citation": transition.citation,
    }


# TOML


def _table(name: str, values: Table, *, many: bool = False, keep: Iterable[str] = ()) -> Iterator[str]:
    yield ""
    yield f"[[{name}]]" if many else f"[{name}]"
    yield from _pairs(values, keep)


def _pairs(values: Table, keep: Iterable[str] = ()) -> Iterator[str]:
    for key, value in values.items():
        if key in keep or value not in (None, "", []):
            yield f"{_key(key)} = {_value(value)}"


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _string(key)


def _string(text: str) -> str:
    # JSON writes a string as TOML does, but lets the one control character DEL stand.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case _Expression():
            return f"'{value}'" if value.isprintable() and "'" not in value else _string(value)
        case str():
            return _string(value)
        case float() | int():
            return number_text(value)
        case dt.date():
            return value.isoformat()
        case list():
            return f"[{', '.join(_value(each) for each in value)}]"
    pairs = ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items() if each is not None)
    return f"{{ {pairs} }}"
