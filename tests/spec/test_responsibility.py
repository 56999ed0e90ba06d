"""Who is responsible on a day: figures and work of a team are of the same people, and leaves sum to the whole.

Five people with hypertension, of two villages below one township, one of them of a county hospital's team for a while.
"""

import pytest

import singledisease as sd

PEOPLE = [
    {"patient_id": "ann", "birth_date": "1950-01-01", "institution": "V1", "team": "F1", "region": "north"},
    {"patient_id": "bob", "birth_date": "1950-01-01", "institution": "V1", "team": "F1", "region": "north"},
    {"patient_id": "cy", "birth_date": "1950-01-01", "institution": "V2", "team": "F2", "region": "south"},
    {"patient_id": "di", "birth_date": "1950-01-01", "institution": "V2", "team": "F2", "region": "south"},
    {"patient_id": "ed", "birth_date": "1950-01-01"},
]
ENROLLED = [
    {"patient_id": one["patient_id"], "date": "2024-01-10", "kind": "enrolment", "disease": "hypertension"}
    for one in PEOPLE
]
MOVES = [
    # From March on Ann is with the other village.
    {"patient_id": "ann", "date": "2024-03-01", "kind": "assignment", "institution": "V2", "team": "F2"},
    # From April to June the chief physicians are in charge of Bob, for hypertension only.
    {
        "patient_id": "bob",
        "date": "2024-04-01",
        "kind": "assignment",
        "team": "C1",
        "disease": "hypertension",
        "until": "2024-06-30",
    },
    # Cy is assigned for another disease: nothing changes for hypertension.
    {"patient_id": "cy", "date": "2024-02-01", "kind": "assignment", "team": "C2", "disease": "copd"},
    # Di's change was entered late.
    {"patient_id": "di", "date": "2024-05-01", "recorded": "2024-09-01", "kind": "assignment", "team": "F1"},
]
INSTITUTIONS = [
    {"institution": "H1", "name": "Hospital", "level": "county", "parent": "", "region": ""},
    {"institution": "T1", "name": "Township", "level": "township", "parent": "H1", "region": ""},
    {"institution": "V1", "name": "Village 1", "level": "village", "parent": "T1", "region": "north"},
    {"institution": "V2", "name": "Village 2", "level": "village", "parent": "T1", "region": "south"},
]
TEAMS = [
    {"team": "F1", "name": "Family 1", "institution": "V1", "kind": "family_doctor", "group": ""},
    {"team": "F2", "name": "Family 2", "institution": "V2", "kind": "family_doctor", "group": ""},
    {"team": "C1", "name": "Chief", "institution": "H1", "kind": "chief", "group": "cardiovascular"},
]
COLUMNS = ("patient_id", "date", "recorded", "kind", "disease", "institution", "team", "until")
# day: people of each team, by hand
TEAM_OF = {
    "2024-02-29": {"F1": 2, "F2": 2, "": 1},
    "2024-03-01": {"F1": 1, "F2": 3, "": 1},
    "2024-04-01": {"C1": 1, "F2": 3, "": 1},
    "2024-05-01": {"C1": 1, "F1": 1, "F2": 2, "": 1},
    "2024-06-30": {"C1": 1, "F1": 1, "F2": 2, "": 1},  # the last valid day
    "2024-07-01": {"F1": 2, "F2": 2, "": 1},  # Bob is back with his own
}


@pytest.fixture(scope="module", name="log")
def _log():
    """Give the registry."""
    events = [{name: row.get(name, "") for name in COLUMNS} for row in (*ENROLLED, *MOVES)]
    people = [{name: one.get(name, "") for name in PEOPLE[0]} for one in PEOPLE]
    return sd.read_frames(people, events, INSTITUTIONS, teams=TEAMS)


def managed(log, day, by, **more):
    """Count the managed people of each stratum on a day."""
    measure = sd.Measure(
        id="managed", version="1", population=sd.managed("hypertension", on=sd.PERIOD.end), numerator=True
    )
    score = sd.evaluate(measure, log, period=f"{day}..{day}", by=by, **more)
    return {row["by"][by]: row["denominator"] for row in score.table() if row["denominator"]}


@pytest.mark.parametrize("day", TEAM_OF)
@pytest.mark.parametrize("engine", ["columnar", "reference"])
def test_the_figures_of_a_team_on_a_day(log, day, engine):
    """Each person is with one team, whose they are on that day; the teams sum to all five."""
    found = managed(log, day, "team", engine=engine)
    assert found == TEAM_OF[day]
    assert sum(found.values()) == 5


@pytest.mark.parametrize("day", TEAM_OF)
@pytest.mark.parametrize("engine", ["columnar", "reference"])
def test_the_work_of_a_team_on_a_day(log, day, engine):
    """Each person's next follow-up is on the list of the team whose they are, and of no other."""
    listed = sd.worklist(log, on=day, diseases="hypertension", by="team", engine=engine)
    found = {}
    for row in listed:
        if row["item"] == "follow_up":
            found[row["team"] or ""] = found.get(row["team"] or "", 0) + 1
    assert found == TEAM_OF[day]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("team.kind", {"chief": 1, "family_doctor": 3, "": 1}),
        ("team.group", {"cardiovascular": 1, "": 4}),
        ("institution.level", {"village": 4, "": 1}),
        ("region", {"north": 2, "south": 2, "": 1}),
    ],
)
def test_levels_kinds_and_regions_sum_to_the_whole(log, by, expected):
    """On the first of June by kind, specialty, level and region: figures and work are of the same people.

    A region is the person's own, wherever they are looked after.
    """
    assert managed(log, "2024-06-01", by) == expected
    listed = [
        row for row in sd.worklist(log, on="2024-06-01", diseases="hypertension", by=by) if row["item"] == "follow_up"
    ]
    assert {text: sum((row[by] or "") == text for row in listed) for text in expected} == expected


def test_institutions_roll_up_to_the_whole(log):
    """Of four people with an institution one is of the first village; the township and the hospital have all four."""
    measure = sd.Measure(
        id="managed", version="1", population=sd.managed("hypertension", on=sd.PERIOD.end), numerator=True
    )
    score = sd.roll_up(sd.evaluate(measure, log, period="2024-06-01..2024-06-01", by="institution"))
    found = {row["by"]["institution"]: row["denominator"] for row in score.table()}
    assert {name: found[name] for name in ("V1", "V2", "T1", "H1")} == {"V1": 1, "V2": 3, "T1": 4, "H1": 4}


def test_as_it_was_known(log):
    """In June nobody knew that Di had changed: as of then she is with her own team."""
    assert managed(log, "2024-06-01", "team", as_of="2024-06-01") == {"C1": 1, "F2": 3, "": 1}
    listed = sd.worklist(log, on="2024-06-01", diseases="hypertension", by="team", as_of="2024-06-01")
    assert {row["team"] for row in listed if row["patient_id"] == "di"} == {"F2"}


def test_a_process_goes_to_whoever_is_assigned_for_anything(log):
    """A referral is of no disease: an assignment for any of them says whose it is."""
    events = [
        {"patient_id": "cy", "date": "2024-06-01", "kind": "referral", "link": "r1", "disease": "", "team": ""},
        {"patient_id": "cy", "date": "2024-02-01", "kind": "assignment", "link": "", "disease": "copd", "team": "C2"},
    ]
    mine = sd.read_frames([{"patient_id": "cy", "birth_date": "1950-01-01", "team": "F2"}], events)
    listed = sd.worklist(mine, on="2024-06-02", diseases="referral", by="team")
    assert {row["team"] for row in listed} == {"C2"}
