"""The teams of a simulated county: chief physicians by specialty, public-health doctors, family doctors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from attrs import frozen

from singledisease.catalogue.groups import GROUPS
from singledisease.eventlog.columns import AnyColumn, Coded, coded
from singledisease.simulation.county import SimulatedInstitution
from singledisease.vocabulary import PRIMARY, TEAM_COLUMNS

TEAM_OF_GROUP: Mapping[str, str] = MappingProxyType(
    {
        "cardiovascular": "cardiovascular",
        "cerebrovascular": "cerebrovascular",
        "endocrine": "endocrine",
        "respiratory": "respiratory",
        "rheumatic": "rheumatic",
        "renal": "renal",
        "digestive": "digestive",
        "tumour": "digestive",
        "mental": "cerebrovascular",
    }
)
"""Seven teams are published and four named: that two look after a second group is a proposal."""


@frozen
class Team:
    """A team: its id, its name, the institution it belongs to, of which kind it is, and its specialty group."""

    id: str
    name: str
    institution: str
    kind: str
    group: str = ""


def teams(places: Sequence[SimulatedInstitution]) -> tuple[Team, ...]:
    """Give the teams of a county.

    The first county hospital has a chief-physician team for each specialty; each township health centre a team of
    public-health doctors; each primary institution a team of family doctors, in charge of the people who live there.
    """
    hospital = next(place.id for place in places if place.level == "county")
    found = [_chief(group, hospital) for group in dict.fromkeys(TEAM_OF_GROUP.values())]
    for place in places:
        if place.level == "township":
            name = f"{_first(place.name, 0)} 公卫医师团队 / Public-Health Doctors, {_first(place.name, 1)}"
            found.append(Team(f"public-health-{place.id}", name, place.id, "public_health"))
        if place.level in PRIMARY:
            name = f"{_first(place.name, 0)} 家庭医生团队 / Family Doctors, {_first(place.name, 1)}"
            found.append(Team(family_team(place), name, place.id, "family_doctor"))
    return tuple(found)


def chief_team(group: str) -> str:
    """Give the id of the chief-physician team that looks after a specialty group."""
    return f"chief-{TEAM_OF_GROUP.get(group, group)}"


def family_team(place: SimulatedInstitution) -> str:
    """Give the id of the team of family doctors of an institution, blank of a hospital."""
    return f"family-doctors-{place.id}" if place.level in PRIMARY else ""


def team_table(every: Sequence[Team]) -> dict[str, AnyColumn]:
    """Give the columns of ``teams``."""
    return {name: _column(every, "id" if name == "team" else name) for name in TEAM_COLUMNS}


def _column(every: Sequence[Team], name: str) -> Coded:
    return coded([getattr(one, name) for one in every])


def _chief(group: str, hospital: str) -> Team:
    named = GROUPS[group].team
    return Team(chief_team(group), f"{named.zh} / {named.en}", hospital, "chief_physician", group)


def _first(name: str, number: int) -> str:
    return name.split(" / ")[number]
