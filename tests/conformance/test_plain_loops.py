"""Both engines against plain loops, on registries drawn for three sets: HEARTS360, county indicators and QOF.

The long form asks the columnar engine about ten thousand people, and the reference engine about two thousand of them.
"""

from collections import Counter
from functools import cache

import pytest
from plain_loops import drawn_registry, first_contact, hearts360, histories, primary_share, qof_control

import singledisease as sd

SHORT = [("columnar", 300), ("reference", 300)]
SIZES = [
    *SHORT,
    *(pytest.param(*size, marks=pytest.mark.deep) for size in (("columnar", 10_000), ("reference", 2_000))),
]
QOF_YEAR = "2023-04-01..2024-03-31"


@cache
def world(people):
    """Give the log of a registry, and of everybody the row of patients and the ordered rows."""
    patients, events = drawn_registry(11, people)
    log = sd.read_frames(patients, events)
    assert not log.report.refusals
    return log, histories(patients, events)


def measure(name, id):
    """Give a measure of a set."""
    (one,) = [each for each in sd.measures(name) if each.id == id]
    return one


def groups(one, log, period, engine, policy=None):
    """Give everybody's group."""
    score = sd.evaluate(one, log, period=period, engine=engine, policy=policy)
    found = dict.fromkeys(log.people.ids, "outside")
    for group in score.table()["groups"][0]:
        if group != "outside":
            found.update((row["patient_id"], group) for row in sd.people(score, one.id, group))
    return found


@pytest.mark.parametrize(("engine", "people"), SIZES)
@pytest.mark.parametrize(
    ("month", "deaths", "lost"), [("2024-06", "retroactive", "without"), ("2024-03", "by_then", "with")]
)
def test_care_states_and_control_of_hearts360(month, deaths, lost, engine, people):
    """Everybody is lost, new, without a visit, controlled or not as a loop over their rows says."""
    log, everybody = world(people)
    end = {"2024-06": "2024-06-30", "2024-03": "2024-03-31"}[month]
    expected = {who: hearts360(*person, end, deaths=deaths, lost=lost) for who, person in everybody.items()}
    policy = {"deaths": deaths}
    state = groups(measure("hearts360", "hearts360.care_state"), log, month, engine, policy)
    control = groups(
        measure("hearts360", "hearts360.control"), log, month, engine, {**policy, "lost_to_follow_up": lost}
    )
    assert {who: (state[who], control[who]) for who in state} == expected
    assert len({*expected.values()}) >= 6


@pytest.mark.parametrize(("engine", "people"), SIZES)
@pytest.mark.parametrize("reading", ["people", "first_visits", "visits"])
def test_first_contact_of_a_county(reading, engine, people):
    """By each of three readings the sums are those of a loop over visits."""
    log, everybody = world(people)
    added = [first_contact(rows, "2024-01-01", "2024-12-31", reading) for _, rows in everybody.values()]
    one = measure("cn-county", "county.first_contact")
    (row,) = sd.evaluate(one, log, period="2024", engine=engine, policy={"first_contact": reading}).table()
    assert (row["numerator"], row["denominator"]) == tuple(map(sum, zip(*added, strict=True)))


@pytest.mark.parametrize(("engine", "people"), SIZES)
def test_share_of_visits_at_the_primary_level(engine, people):
    """Each visit is in the group in which a loop puts it; of what place it was may stay unknown."""
    log, everybody = world(people)
    expected = sum((primary_share(rows, "2024-01-01", "2024-12-31") for _, rows in everybody.values()), Counter())
    (row,) = sd.evaluate(measure("cn-county", "county.primary_share"), log, period="2024", engine=engine).table()
    assert {group: n for group, n in row["groups"].items() if n} == dict(expected)


@pytest.mark.parametrize(("engine", "people"), SIZES)
@pytest.mark.parametrize("adjustments", ["after_achievement", "before_achievement", "none"])
def test_control_of_pressure_by_qof(adjustments, engine, people):
    """The register, both sides of eighty, and each adjustment before and after achievement, as a loop has them."""
    log, everybody = world(people)
    expected = {who: qof_control(*person, "2024-03-31", adjustments=adjustments) for who, person in everybody.items()}
    one = measure("qof", "qof.hyp_control")
    assert groups(one, log, QOF_YEAR, engine, {"adjustments": adjustments}) == expected
    assert len({*expected.values()}) >= 4
