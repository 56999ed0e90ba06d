"""Whole sets over a registry with a bit of everything: both engines, all at once or in parts, month by month."""

import pytest

import singledisease as sd
from singledisease.catalogue import definitions, quantities
from singledisease.definitions.code_set import CodeSet
from singledisease.definitions.given_codes import named_code_sets, with_code_sets
from singledisease.eventlog.build import build
from singledisease.eventlog.raw import raw_rows
from singledisease.language.row_sources import source_of
from singledisease.scorecard.evaluate import evaluate

SETS = ("cn-bphs-2017", "cn-county", "cn-three-highs", "hearts360", "simple", "who-hearts", "qof", "ecqm")
EVENTS = [
    {"kind": "enrolment", "disease": "hypertension|type2-diabetes"},
    {"kind": "follow_up", "mode": "clinic", "sbp": "138", "dbp": "85", "fpg": "6.5", "hba1c": "6.8"},
    {"kind": "follow_up", "mode": "home", "sbp": "152", "dbp": "95", "ldl": "3.6"},
    {"kind": "checkup", "sbp": "132", "dbp": "82", "fpg": "6.4", "item": "self_care"},
    {"kind": "enrolment", "disease": "hypertension|dyslipidaemia"},
    {"kind": "encounter", "level": "village", "link": "v{i}"},
    {"kind": "encounter", "level": "city", "link": "r{i}"},
    {"kind": "encounter", "level": "county", "setting": "inpatient"},
    {"kind": "referral", "direction": "up", "link": "r{i}"},
    {"kind": "referral", "direction": "up", "link": "r{i}", "status": "closed"},
    {"kind": "referral", "direction": "down", "link": "d{i}"},
    {"kind": "contract", "until": "2024-08-31"},
    {"kind": "recognition", "item": "ct", "amount": "80"},
    {"kind": "test", "item": "ecg", "institution": "I1"},
    {"kind": "test", "item": "ecg", "institution": "I2"},
    {"kind": "test", "ldl": "2.5", "egfr": "80"},
    {"kind": "health_record"},
    {"kind": "enrolment", "disease": "dyslipidaemia"},
    {"kind": "enrolment", "disease": "severe-mental-disorder"},
    {"kind": "follow_up", "disease": "severe-mental-disorder", "risk_grade": "1", "symptoms": "1", "insight": "1"},
    {"kind": "enrolment", "disease": "pulmonary-tuberculosis"},
    {"kind": "exit", "disease": "pulmonary-tuberculosis", "status": "cured", "doses_taken": "170", "doses_due": "180"},
    {"kind": "remote", "institution": "I1"},
    {"kind": "appointment", "until": "2024-05-20"},
    {"kind": "call", "status": "agreed_to_visit"},
    {"kind": "adjustment", "item": "declined"},
    {"kind": "diagnosis", "code": "I25.1"},
    {"kind": "diagnosis", "code": "I63.9"},
    {"kind": "encounter", "code": "V1", "sbp": "135", "dbp": "88", "hba1c": "7.5"},
    {"kind": "exit", "reason": "moved"},
]


CODES = {"qualifying_visit": "V1", "essential_hypertension": "I25.1", "diabetes": "I25.1"}
"""Of the code sets that a set has to be given; all others hold I63.9."""


def measures_of(name):
    """Give the measures of a set, with code sets where it has to be given some."""
    measures = sd.measures(name)
    given = [CodeSet(name=one, codes=[CODES.get(one, "I63.9")]) for one in named_code_sets(measures, name)]
    return with_code_sets(measures, name, given)


@pytest.fixture(scope="module")
def log():
    """Give forty people, each with seven events of many kinds, spread over the year."""
    who = [f"P{i:02}" for i in range(40)]
    rows = [
        (
            who[i],
            f"2024-{1 + (5 * i + 4 * j) % 12:02}-{1 + (7 * i + 3 * j) % 28:02}",
            EVENTS[(5 * i + j) % len(EVENTS)],
        )
        for i in range(len(who))
        for j in range(7)
    ]
    names = dict.fromkeys(name for _, _, of in rows for name in of)
    columns = {name: [of.get(name, "").format(i=who.index(person)) for person, _, of in rows] for name in names}
    events = {"patient_id": [person for person, _, _ in rows], "date": [day for _, day, _ in rows], **columns}
    people = {
        "patient_id": who,
        "birth_date": [f"{1940 + 2 * i}-06-15" for i in range(len(who))],
        "institution": ["I1", "I2"] * (len(who) // 2),
    }
    made = build(
        raw_rows("patients", people),
        raw_rows("events", events),
        raw_rows("institutions", {"institution": ["I1", "I2"], "level": ["village", "township"], "adults": ["9", "8"]}),
        activities=raw_rows(
            "activities", {"institution": ["I2"], "date": ["2024-03-01"], "kind": ["dispatch"], "count": ["3"]}
        ),
        quantities=quantities(),
    )
    assert not made.report.refusals
    return made


@pytest.mark.parametrize("name", SETS)
def test_both_engines_and_any_chunk_agree(log, name):
    """The figures of every measure are those of the other engine, and of seven people at a time."""
    measures = measures_of(name)
    for more in ({}, {"by": ("institution",)}):
        asked = {"diseases": definitions(), **more}
        whole = evaluate(measures, log, sd.periods("2024/quarter"), **asked)
        reference = evaluate(measures, log, sd.periods("2024/quarter"), engine="reference", **asked)
        parts = evaluate(measures, log, sd.periods("2024/quarter"), chunk=7, **asked)
        assert whole.table() == reference.table()
        assert whole.table() == parts.table()


@pytest.mark.parametrize("name", SETS)
def test_halves_add_up_to_the_whole(log, name):
    """Scorecards of different people are added: what counts institutions is left out, which both halves know."""
    of_places = ("institutions", "activities")
    measures = [
        one
        for one in measures_of(name)
        if isinstance(one, sd.Derived) or one.of is None or source_of(one.of) not in of_places
    ]
    halves = [sd.evaluate(measures, half, period="2024", by="sex") for half in (log.slice(0, 19), log.slice(19, 40))]
    assert (halves[0] + halves[1]).table() == sd.evaluate(measures, log, period="2024", by="sex").table()


def test_a_registry_with_a_bit_of_everything_has_figures(log):
    """Few measures find nobody: the comparison above is one of figures, not of blanks."""
    rows = [row for name in SETS for row in sd.evaluate(measures_of(name), log, period="2024").table()]
    found = [row["measure"] for row in rows if row["denominator"] or row["numerator"] or row.get("value")]
    assert len(found) > 0.6 * len(rows)
