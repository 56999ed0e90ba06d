"""Rows of every source as evidence: in words, with their values, and the file and line of the event behind them."""

import pytest
from attrs import evolve
from clinic_world import GOUT
from linked_world import LEND, loans

import singledisease as sd
from singledisease.dates import day_of, period
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines import reference
from singledisease.engines.reference.make_context import registry_context
from singledisease.eventlog.build import build
from singledisease.eventlog.event import Event
from singledisease.eventlog.raw import raw_rows
from singledisease.explanation.event_words import event_words
from singledisease.explanation.evidence import evidence, stays_of
from singledisease.language.parse import parse

YEAR = period("2024")


def told(selection, log, *diseases):
    """Give the evidence of the rows that a selection catches for the first person, and the reference courses."""
    courses = {one.id: reference.walk(resolve_disease(one, {}), log, YEAR.end, obligations=True) for one in diseases}
    context = reference.person_context(log, 0, YEAR, courses)
    return [evidence(row, log, courses) for row in reference.rows_of(parse(selection), context)]


def followed():
    """Give the registry of one person with gout who is followed up."""
    columns = ("patient_id", "date", "kind", "disease", "sbp")
    rows = [
        ("P1", "2024-01-10", "diagnosis", "gout", ""),
        ("P1", "2024-02-01", "follow_up", "", "150"),
        ("P1", "2024-03-20", "follow_up", "", "130"),
    ]
    events = {name: [row[i] for row in rows] for i, name in enumerate(columns)}
    return build(raw_rows("patients", {"patient_id": ["P1"], "birth_date": ["1960-01-01"]}), raw_rows("events", events))


def test_stays_name_the_event_that_led_there():
    """The state, whether it goes on, and the line of its cause; a stay that no event began has no line."""
    first, *others = told('spells("gout")', followed(), GOUT)
    assert (first.kind, first.line, first.file) == ("spell", None, "")
    assert [one.line for one in others] == [2, 3, 4]
    assert others[0].what.en.endswith("left 2024-02-01")
    assert others[-1].what.zh.endswith("仍在")
    assert others[0].values["left"] == "2024-02-01"


def test_runs_name_the_event_that_met_them():
    """The timing, its due day, what became of it; a run that nothing met has no line."""
    runs = told('services("gout")', followed(), GOUT)
    assert {one.kind for one in runs} == {"service"}
    met = [one for one in runs if one.values["outcome"] in ("met", "late")]
    assert met
    assert all(one.line is not None and one.values["met"] >= "2024-01-10" for one in met)
    assert all(one.line is None for one in runs if one not in met)
    assert all(one.values["due"] in one.what.en for one in runs)


def test_missed_timings_have_no_line():
    """A breach is the passing of a day."""
    missed = told('breaches("gout")', followed(), GOUT)
    assert missed
    assert all(one.kind == "breach" and one.line is None and "missed" in one.what.en for one in missed)


def test_sequences_name_their_first_event():
    """Which sequence, and the line of the event with which it begins."""
    found = told('sequences("lend")', loans(), LEND)
    assert [(one.kind, one.what.en, one.line) for one in found] == [
        ("sequence", "loan b2", 2),
        ("sequence", "loan b1", 3),
    ]


def test_stays_of_sequences_say_which():
    """Each stay of a linked sequence carries its link."""
    log = loans()
    courses = reference.walk(resolve_disease(LEND, {}), log, YEAR.end)
    found = list(stays_of(courses, log, courses.of_person(0)))
    assert [(one.link, one.state) for one in found] == [("b2", "out"), ("b2", "back"), ("b1", "out")]
    assert found[0].to_dict()["link"] == "b2"


@pytest.mark.parametrize(
    ("selection", "kind", "said", "day"),
    [
        ("institutions()", "institution", "T1 North", None),
        ('activities("training")', "training", "T1 training", "2024-03-01"),
    ],
)
def test_institutions_and_what_they_did(selection, kind, said, day):
    """An institution has a name and no day; an activity its kind and day."""
    log = build(
        raw_rows("patients", {"patient_id": ["P1"], "birth_date": [""]}),
        raw_rows("events", {"patient_id": [], "date": [], "kind": []}),
        raw_rows("institutions", {"institution": ["T1"], "name": ["North"]}),
        activities=raw_rows("activities", {"institution": ["T1"], "date": ["2024-03-01"], "kind": ["training"]}),
    )
    (row,) = reference.rows_of(parse(selection), registry_context(log, YEAR, {}))
    found = evidence(row, log, {})
    assert (found.kind, found.what.en, found.date) == (kind, said, None if day is None else day_of(day))
    assert found.to_dict()["date"] == day


def test_courses_without_runs_name_no_event():
    """Rows of courses that were made without obligations are named all the same."""
    log = followed()
    courses = {"gout": reference.walk(resolve_disease(GOUT, {}), log, YEAR.end, obligations=True)}
    context = reference.person_context(log, 0, YEAR, courses)
    row = reference.rows_of(parse('services("gout")'), context)[0]
    without = {"gout": evolve(courses["gout"], obligations=None)}
    assert evidence(row, log, without).line is None


def test_words_of_the_forms_are_said_in_both_languages():
    """A tag is said by the name of its disease, and what the forms ask by its words; none is left in English."""
    visit = Event("follow_up", "2024-03-01", disease="hypertension|other", adherence="regular", status="失约")
    said = event_words(visit, [sd.disease("hypertension")])
    assert said.zh == "随访：病种 高血压、其他疾病，服药依从性 规律，状态 失约"
    assert said.en == ("follow up: disease Hypertension, another disease, adherence to medication regular, status 失约")
