"""One contract of a person is in force on a day: the list of contracts and the measure agree, whatever was written."""

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import singledisease as sd
from singledisease.scorecard.assign import groups_of

RULES = evolve(sd.contract_rules(), key_groups=())
DAYS = st.sampled_from(
    [
        f"2024-{month:02}-{day:02}"
        for month in (1, 4, 7, 11, 12)
        for day in (1, 2, 31)
        if day < 31 or month not in {4, 11}
    ]
)
LINKS = st.sampled_from(["", "a", "b"])
SIGNED = st.fixed_dictionaries(
    {
        "kind": st.just("contract"),
        "date": DAYS,
        "until": st.sampled_from(["", "2023-12-31", "2024-06-30", "2024-12-31", "2025-06-30"]),
        "link": LINKS,
        "package": st.sampled_from(["", "basic", "hypertensoin"]),
    }
)
ENDED = st.fixed_dictionaries(
    {"kind": st.just("contract"), "date": DAYS, "status": st.sampled_from(["cancelled", "terminated"]), "link": LINKS}
)
LEFT = st.fixed_dictionaries(
    {"kind": st.just("exit"), "date": DAYS, "reason": st.sampled_from(["moved", "refused"]), "disease": st.just("copd")}
)


def groups_of_people(score):
    """Give the group of everybody, in the order of the registry."""
    names = groups_of(score.measures[0].measure)
    return [names[code] for code in score.parts[0].assigned[0][0].tolist()]


HISTORIES = st.lists(st.lists(st.one_of(SIGNED, ENDED, LEFT), max_size=6), min_size=1, max_size=4)


@given(HISTORIES, st.sampled_from(["columnar", "reference"]))
def test_the_list_and_the_measure_agree(histories, engine):
    """Of the residents, whose contract is in force by the list is counted, and of an unknown package it is unknown."""
    people = [{"patient_id": f"P{i}", "birth_date": "1950-01-01"} for i in range(len(histories))]
    rows = [{"patient_id": f"P{i}", **row} for i, history in enumerate(histories) for row in history]
    columns = ("patient_id", "date", "kind", "until", "status", "link", "reason", "disease", "package")
    log = sd.read_frames(
        people, [{name: row.get(name, "") for name in columns} for row in rows] or [dict.fromkeys(columns, "")]
    )
    (measure,) = [one for one in sd.measures("cn-county") if one.id == "county.contracted"]
    score = sd.evaluate(measure, log, period="2024", engine=engine)
    listed = {row["patient_id"]: row["state"] for row in sd.contracts(log, on="2024-12-31", rules=RULES, engine=engine)}
    for person, group in zip(log.people.ids.tolist(), groups_of_people(score), strict=True):
        state = listed.get(person, "none")
        if group != "outside":
            expected = {
                "in_force": "numerator",
                "renewal_due": "numerator",
                "unknown_package": "undetermined:numerator",
            }
            assert group == expected.get(state, "not_numerator"), person
