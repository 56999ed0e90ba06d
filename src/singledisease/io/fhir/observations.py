"""Observations: readings of the quantities that are kept here, by code and unit, and the others if asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from singledisease.eventlog.validation_rules import PRESSURES_CROSSED, ValidationIssue, pressures_crossed
from singledisease.io.fhir.elements import Coding, codings, element, listed, text, words
from singledisease.io.fhir.references import target_of
from singledisease.io.fhir.said import (
    NO_CODE,
    NO_PERSON,
    NOT_DONE,
    Problem,
    Resource,
    Row,
    Said,
    about,
    chosen,
    coded,
    day_at,
    event,
    skipped,
    when,
)
from singledisease.io.fhir.ucum import NO_VALUE, in_our_unit
from singledisease.vocabulary import Quantity

OTHER = "未取用的观察项目 / observations of codes that are not taken"
PANEL = "只列出其他观察的组合 / panels that only list other observations"
ABSENT = "注明了无值的原因 / without a value, for a reason that is stated"
_SETTLED = ("", "final", "amended", "corrected", "entered-in-error")
"""Statuses that leave nothing to be added; another one is kept, because some measures take no preliminary results."""
SELF = ("Patient", "RelatedPerson")
"""Who makes a reading a measurement of one's own."""


def observation(resource: Resource) -> Said:
    """Make readings of an observation: of what it and its components are coded as."""
    status = text(resource.body, "status")
    if status in ("registered", "cancelled"):
        return skipped(NOT_DONE, status)
    patient = about(resource, "subject")
    if patient is None:
        return skipped(NO_PERSON)
    said = Said(patient=patient)
    read = list(_parts(said, resource))
    if not read and not said.problems:
        return _other(said, resource)
    values = list(_values(said, read))
    moment = when(
        said, resource, ("effectiveDateTime",), ("effectiveInstant",), ("effectivePeriod", "start"), ("issued",)
    )
    if not values and not said.problems:
        return skipped(ABSENT)
    if moment is None or not values:
        return said
    row = event(resource, "test", patient, moment, "issued") | _where(resource)
    if any(one.type in SELF for one in resource.targets("performer")):
        row["kind"] = "measurement"
    for number, panel in enumerate(_panels(values)):
        said.panels.append(row | {"values": panel} | ({"record": ""} if number else {}))
    return said


def _where(resource: Resource) -> Row:
    performers = (one.key for one in resource.targets("performer") if one.type == "Organization")
    return {
        "_encounter": target_of(element(resource.body, "encounter"), resource.body).key,
        "institution": next(performers, ""),
    }


Part = tuple[str, Quantity, dict[str, Any]]
"""Where it stands, the quantity, and what has its value."""


def _parts(said: Said, resource: Resource) -> Iterator[Part]:
    """Give what is coded as a quantity: the observation itself, and its components."""
    own = _quantity(resource, resource.body.get("code"))
    components = list(listed(resource.body, "component"))
    if own is not None:
        yield "value", own, resource.body
    for number, component in enumerate(components, 1):
        where = f"component[{number}]"
        found = _quantity(resource, component.get("code"))
        if found is not None:
            yield f"{where}.value", found, component
        elif not any(codings(component.get("code"))) and _value_of(component) is not None:
            said.problems.append(Problem(f"{where}.code", words(component.get("code")), NO_CODE))


def _quantity(resource: Resource, concept: Any) -> Quantity | None:
    known = resource.options.codes.observations
    for coding in codings(concept):
        name = known.get((coding.system, coding.code))
        if name is not None:
            return resource.options.quantities[name]
    return None


def _value_of(part: dict[str, Any]) -> Any:
    return next((part[name] for name in part if name.startswith("value") and part[name] is not None), None)


def _values(said: Said, parts: list[Part]) -> Iterator[tuple[str, float]]:
    """Give the values, and put those that are none among the problems; both pressures if they are crossed."""
    found: list[tuple[str, str, float]] = []
    for where, quantity, part in parts:
        given = _value_of(part)
        if given is None and (element(part, "dataAbsentReason") is not None or (where == "value" and len(parts) > 1)):
            continue
        number = NO_VALUE if given is None else in_our_unit(quantity, given)
        if isinstance(number, ValidationIssue):
            said.problems.append(Problem(where, _written(given), number))
        else:
            found.append((where, quantity.name, number))
    by_name = {name: (where, number) for where, name, number in reversed(found)}
    crossed = {"sbp", "dbp"} <= by_name.keys() and pressures_crossed(by_name["sbp"][1], by_name["dbp"][1])
    if crossed:
        both = f"{by_name['sbp'][1]:g}/{by_name['dbp'][1]:g}"
        said.problems.append(Problem(by_name["dbp"][0], both, PRESSURES_CROSSED))
    for _, name, number in found:
        if not (crossed and name in ("sbp", "dbp")):
            yield name, number


def _written(given: Any) -> str:
    """Write a value as it stands, for the report."""
    if not isinstance(given, dict):
        return "" if given is None else str(given)[:80]
    unit = text(given, "code") or text(given, "unit")
    value = given.get("value")
    return f"{text(given, 'comparator')}{'' if value is None else value} {unit}".strip()[:80]


def _panels(values: list[tuple[str, float]]) -> Iterator[dict[str, float]]:
    """Give the values as readings that have each quantity once: a second one begins another reading."""
    panels: list[dict[str, float]] = []
    for name, number in values:
        panel = next((one for one in panels if name not in one), None)
        if panel is None:
            panels.append(panel := {})
        panel[name] = number
    yield from panels


# THE OTHERS


def _other(said: Said, resource: Resource) -> Said:
    found = chosen(list(codings(resource.body.get("code"))))
    if resource.options.other_observations == "keep":
        return _kept(said, resource, found)
    if element(resource.body, "hasMember") is not None and _value_of(resource.body) is None:
        return skipped(PANEL)
    return skipped(OTHER, f"{found.system} {found.code}".strip() if found is not None else "?")


def _kept(said: Said, resource: Resource, coding: Coding | None) -> Said:
    moment = when(
        said, resource, ("effectiveDateTime",), ("effectiveInstant",), ("effectivePeriod", "start"), ("issued",)
    )
    if coding is None:
        said.problems.append(Problem("code", words(resource.body.get("code")), NO_CODE))
    if moment is not None and coding is not None:
        row = event(resource, "observation", said.patient, moment, "issued") | coded(coding) | _where(resource)
        row["value"] = _as_text(_value_of(resource.body))
        status, ended = text(resource.body, "status"), day_at(resource, "effectivePeriod", "end")
        row |= {"status": status} if status not in _SETTLED else {}
        said.events.append(row if ended is None or ended <= moment.day else row | {"until": ended})
    return said


def _as_text(value: Any) -> str:
    if isinstance(value, dict):
        first = next(iter(codings(value)), None)
        return first.code if first is not None else words(value) or _written(value)
    return "" if value is None or isinstance(value, list) else str(value)
