"""The county of the published accounts, in small: its totals are exact, its teams are written, its truth is found."""

import numpy as np
import pytest
from attrs import evolve

from singledisease.catalogue import diseases
from singledisease.dates import Period, day_of, iso
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar import walk
from singledisease.errors import UsageError
from singledisease.io.folder import read_folder
from singledisease.simulation import PRESETS, simulate
from singledisease.simulation.batches import _LARGE_BLOCK
from singledisease.simulation.county import places, settle
from singledisease.simulation.enrolled import enrolled
from singledisease.simulation.shouguang import ENROLMENT
from singledisease.simulation.teams import TEAM_OF_GROUP, teams

FEW = ["hypertension", "type2-diabetes", "fatty-liver", "copd"]


@pytest.fixture(scope="module")
def made():
    """Give a two-hundredth of the county, with four of its diseases."""
    return simulate(preset="shouguang", patients=5000, diseases=[diseases()[name] for name in FEW])


@pytest.fixture(scope="module")
def log(made):
    """Give its log."""
    return made.log()


def ever_enrolled(log, disease):
    """Give who has a row of enrolment for a disease."""
    kind, tag = log.kind, log.columns["disease"]
    chosen = (kind.codes == kind.categories.index("enrolment")) & (tag.codes == tag.categories.index(disease))
    return set(np.searchsorted(log.offsets, np.flatnonzero(chosen), side="right").tolist())


def test_published_totals_are_exact(made, log):
    """97,000 and 36,000 in a million are 485 and 180 in five thousand: in the truth, and in the rows."""
    for name, count in (("hypertension", 485), ("type2-diabetes", 180)):
        assert made.figures["diseases"][name]["sick"] == count
        assert len(ever_enrolled(log, name)) == count
    both = ever_enrolled(log, "hypertension") & ever_enrolled(log, "type2-diabetes")
    assert len(both) == round(0.55 * 180)


@pytest.mark.parametrize("people", [1, 7, 1000, _LARGE_BLOCK + 1000])
def test_whoever_is_enrolled_for_anything_is_counted_once(people):
    """288,900 of a million have at least one of the sixty diseases, however many come in however many blocks."""
    days, chance, of, found = (
        Period(day_of("2023-01-01"), day_of("2024-12-31")),
        np.random.default_rng(3),
        places(10),
        0,
    )
    for first in range(0, people, 4000):
        some = settle(min(4000, people - first), of, days, chance, died=0.01, reassigned=0.02, first=first)
        found += int(enrolled(ENROLMENT, some, days.start, first, chance).any(axis=0).sum())
    assert found == round(0.2889 * people)
    assert len(ENROLMENT.diseases) == 60 == len(diseases())


def test_the_engine_finds_the_true_stays(made, log):
    """What an engine makes of the rows is what the simulation knows, of everybody who was walked."""
    true = {}
    for person, disease, state, entered, left in made.truth:
        true.setdefault(disease, {}).setdefault(person, []).append((state, entered, left))
    for name in FEW:
        disease = resolve_disease(diseases()[name], {})
        spells, states = walk(disease, log.as_of(None), day_of("2024-12-31")).spells, disease.pathway.states
        for i, person in enumerate(log.people.ids.tolist()):
            if person in true[name]:
                rows = range(spells.offsets[i], spells.offsets[i + 1])
                found = [(states[spells.state[j]].id, iso(spells.entered[j]), iso(spells.left[j])) for j in rows]
                assert found == true[name][person], (name, person)


def test_people_are_with_the_family_doctors_of_their_institution(log):
    """Everybody's team is one of the table and belongs to their institution; seven chief teams are at the county."""
    team, place = log.people.attributes["team"], log.people.attributes["institution"]
    home = dict(zip(log.teams.ids, log.teams.columns["institution"], strict=True))
    for i in range(0, len(log.people), 50):
        assert home[team.text(i)] == place.text(i)
    kinds = list(log.teams.columns["kind"])
    assert kinds.count("chief_physician") == 7 == len(set(TEAM_OF_GROUP.values()))
    assert {one.kind for one in teams(places(1))} == {"chief_physician", "public_health", "family_doctor"}


def test_every_number_says_what_it_rests_on(made):
    """Published counts, what was worked out of them, and assumptions are told apart; every rate is an assumption."""
    rows = {row["id"]: row for row in made.assumptions.rows()}
    assert (rows["enrolled"]["value"], rows["enrolled"]["basis"]) == (288_900, "published")
    assert all(row["source"] for row in rows.values() if row["basis"] != "assumed")
    assert rows["share.hypertension"]["basis"] == "derived"
    assert {rows[f"rates.{name}"]["basis"] for name in made.figures["rates"]} == {"assumed"}
    assert made.figures["assumptions"]["residents"] == {"value": 1_000_000, "basis": "assumed"}
    assert {row["basis"] for row in simulate(patients=20).assumptions.rows()} == {"assumed"}


def test_teams_are_read_back_from_the_files(made, tmp_path):
    """The folder has a table of teams, which is read as it was made."""
    assert read_folder(made.write(tmp_path / "county")).teams == made.log().teams


def test_a_disease_without_a_number_is_refused(tmp_path):
    """A disease of which the preset does not say how many have it is refused, with the nearest name."""
    with pytest.raises(UsageError, match="does not say how many have 'hypertensionn'"):
        PRESETS["shouguang"].enrolment.rows(["hypertensionn"])


def test_some_people_at_a_time_are_the_county():
    """Simulated in two halves the county has its totals, its institutions, and no person or record twice."""
    chosen = [diseases()[name] for name in FEW[:2]]
    halves = [
        simulate(preset=evolve(PRESETS["shouguang"], before=before, residents=2000), patients=1000, diseases=chosen)
        for before in (0, 1000)
    ]
    assert sum(half.figures["diseases"]["hypertension"]["sick"] for half in halves) == 194
    first, second = (half.log() for half in halves)
    assert first.institutions == second.institutions
    assert first.institutions.ids == tuple(sorted(place.id for place in places(2000)))
    assert not set(first.people.ids) & set(second.people.ids)
    assert not set(first.columns["record"].categories[1:]) & set(second.columns["record"].categories[1:])
