"""What can happen to a person: the events that the simulation knows to write, each in some variants."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np
from attrs import field, frozen

from singledisease.definitions.disease import Disease
from singledisease.errors import UsageError
from singledisease.events.event import Event

VARIANTS = 24
"""Different values that a happening with a reading comes in; signals are asked once for each."""

Reading = Literal["", "good", "bad"]
Band = tuple[float, float]

BANDS: Mapping[str, tuple[Band, Band]] = MappingProxyType(
    {
        "sbp": ((108.0, 138.0), (151.0, 176.0)),
        "dbp": ((62.0, 88.0), (91.0, 106.0)),
        "fpg": ((4.4, 6.8), (7.2, 12.5)),
    }
)
"""Values at goal and not at goal, wide of every age's goal, by quantity: made up, no thresholds."""


@frozen
class Happening:
    """An event without its day: kind, columns, and what kind of reading it has."""

    kind: str
    columns: Mapping[str, str | bool] = field(factory=dict, hash=False)
    reading: Reading = ""
    at_county: bool = False


_CLINIC, _HOME = {"mode": "clinic"}, {"mode": "home"}

HAPPENINGS: Mapping[str, Happening] = MappingProxyType(
    {
        "enrolment": Happening("enrolment"),
        "screening_good": Happening("screening", reading="good"),
        "screening_bad": Happening("screening", reading="bad"),
        "diagnosis": Happening("diagnosis", at_county=True),
        "visit_good": Happening("follow_up", _CLINIC, "good"),
        "visit_bad": Happening("follow_up", _CLINIC, "bad"),
        "home_good": Happening("follow_up", _HOME, "good"),
        "home_bad": Happening("follow_up", _HOME, "bad"),
        "visit_blank": Happening("follow_up", _CLINIC),
        "phone": Happening("follow_up", {"mode": "phone"}),
        "visit_adverse": Happening("follow_up", {"mode": "clinic", "adverse_reaction": True}, "good"),
        "visit_complication": Happening("follow_up", {"mode": "clinic", "complication": True}, "bad"),
        "visit_emergency": Happening("follow_up", {"mode": "clinic", "emergency": True}, "bad"),
        "checkup": Happening("checkup"),
        "referral_up": Happening("referral", {"direction": "up"}),
        "county_visit": Happening("encounter", {"level": "county", "setting": "outpatient"}, at_county=True),
        "admission": Happening("admission", {"level": "county"}, at_county=True),
        "discharge": Happening("discharge", {"level": "county"}, at_county=True),
        "referral_down": Happening("referral", {"direction": "down"}, at_county=True),
        "rehabilitation": Happening("rehabilitation"),
        "rehabilitation_completed": Happening("rehabilitation", {"status": "completed"}),
        "call": Happening("call"),
        "lost": Happening("lost"),
        "moved": Happening("exit", {"reason": "moved"}),
        "refused": Happening("exit", {"reason": "refused"}),
        "misdiagnosed": Happening("exit", {"reason": "misdiagnosed"}),
    }
)
NAMES: tuple[str, ...] = tuple(HAPPENINGS)
NUMBER: Mapping[str, int] = MappingProxyType({name: number for number, name in enumerate(NAMES)})

FACE_TO_FACE: tuple[str, ...] = tuple(
    name
    for name, one in HAPPENINGS.items()
    if one.kind == "follow_up" and one.columns.get("mode") in ("clinic", "home")
)


@frozen
class Cast:
    """The happenings of one disease, with their values.

    ``values`` holds for each quantity the values of each variant, of good and of bad readings.
    """

    disease: Disease
    values: Mapping[str, Mapping[Reading, tuple[float, ...]]]

    def columns(self, name: str, variant: int) -> dict[str, str | bool | float]:
        """Give the columns of a happening in one of its variants."""
        happening = HAPPENINGS[name]
        found: dict[str, str | bool | float] = {"disease": self.disease.id, **happening.columns}
        if happening.kind in ("enrolment", "diagnosis") and self.disease.codes:
            found["code"] = self.disease.codes[0]
        if happening.reading:
            found |= {quantity: values[happening.reading][variant] for quantity, values in self.values.items()}
        return found

    def event(self, name: str, variant: int, day: int) -> Event:
        """Give a happening as an event."""
        return Event(HAPPENINGS[name].kind, day, values=self.columns(name, variant))


def cast(disease: Disease, chance: np.random.Generator) -> Cast:
    """Draw the values of a disease's readings: those its targets ask for.

    Raises
    ------
    UsageError
        If a target asks for a quantity of which no values are known.
    """
    wanted = dict.fromkeys(column for target in disease.targets for column in target.columns)
    unknown = [name for name in wanted if name not in BANDS]
    if unknown:
        raise UsageError(f"{disease.id} cannot be simulated: no values of {', '.join(unknown)} are known")
    return Cast(disease, {name: _drawn(BANDS[name], name, chance) for name in wanted})


def _drawn(bands: tuple[Band, Band], name: str, chance: np.random.Generator) -> dict[Reading, tuple[float, ...]]:
    digits = 1 if name == "fpg" else 0
    good, bad = (np.round(chance.uniform(low, high, VARIANTS), digits) for low, high in bands)
    return {"good": tuple(good.tolist()), "bad": tuple(bad.tolist())}
