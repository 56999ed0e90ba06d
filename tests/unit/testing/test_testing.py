"""What the testing room offers: differences that are readable, smallest counter-examples, strategies that fit."""

import pytest
from attrs import evolve
from hypothesis import given

from singledisease.catalogue import disease
from singledisease.dates import day_of, period
from singledisease.definitions.measure import Measure
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.reference import walk
from singledisease.language.parse import parse
from singledisease.testing import (
    Disagreement,
    RegistryRows,
    agreement,
    diseases,
    engines_agree_on_courses,
    engines_agree_on_values,
    events,
    log_of,
    registries,
    smallest_difference,
)
from singledisease.testing.laws import disease_survives, expression_survives, obligations_end, spells_tile

YEAR = period("2024")
WHO = {"patient_id": "p", "birth_date": "1980-01-01"}


def rows(*events):
    """Make the rows of one person."""
    return RegistryRows((WHO,), tuple({"patient_id": "p", **event} for event in events))


def enrolled():
    """Make the log of one person who is enrolled and seen."""
    first = {"date": "2024-01-05", "kind": "enrolment", "disease": "hypertension"}
    return log_of(rows(first, {"date": "2024-02-01", "kind": "follow_up", "mode": "clinic", "sbp": "152", "dbp": "95"}))


def test_agreement_gives_the_courses():
    """Where the engines agree the courses of the reference engine are given back."""
    courses = engines_agree_on_courses(resolve_disease(disease("hypertension"), {}), enrolled(), YEAR.end)
    states = [courses.disease.pathway.states[code].id for code in courses.spells.state]
    assert states == ["general", "enrolled", "unsatisfactory"]


def test_disagreement_on_courses_is_readable(monkeypatch):
    """A difference in courses shows the person, the events, and only the lines that differ."""
    hypertension = resolve_disease(disease("hypertension"), {})
    monkeypatch.setattr(agreement, "columnar_walk", lambda d, log, until, obligations: walk(d, log, until - 300))
    with pytest.raises(Disagreement) as caught:
        engines_agree_on_courses(hypertension, enrolled(), YEAR.end)
    text = str(caught.value)
    assert "id='p'" in text
    assert "row 1: 2024-02-01 follow_up" in text
    assert "- reference: spell unsatisfactory 2024-02-01..2025-01-01 row 1" in text


def test_disagreement_on_values_is_readable(monkeypatch):
    """A difference in values shows the expression, both answers, the period and the person."""
    condition = parse('events("follow_up").within(PERIOD).count() >= 1')
    other = parse('events("checkup").within(PERIOD).count() >= 1')

    def values(asked, *rest, matures):
        return agreement.reference_values([other], *rest, matures=matures)

    monkeypatch.setattr(agreement, "columnar_values", values)
    with pytest.raises(Disagreement) as caught:
        engines_agree_on_values(condition, enrolled(), [YEAR], {})
    text = str(caught.value)
    assert 'events("follow_up")' in text
    assert "reference: True, columnar: False" in text
    assert "2024-01-01..2024-12-31" in text


def test_smallest_difference_of_measures():
    """Two measures that differ in one bound are told apart by one person with just that many visits."""
    visits = parse('events("follow_up").within(PERIOD).count_days()')
    few, many = (Measure(id="visits", numerator=parse(f"{_text(visits)} >= {bound}")) for bound in (1, 2))
    found = smallest_difference(few, many, YEAR)
    assert len({event.date for event in found.as_of(None).events_of(0) if event.kind == "follow_up"}) == 1


def _text(node):
    from singledisease.language.format import write

    return write(node)


def test_smallest_difference_of_diseases():
    """Two diseases that differ in whom they count as closed are told apart by an exit."""
    one = disease("hypertension")
    closing = [move for move in one.pathway.transitions if move.signal != "exit_misdiagnosed"]
    other = evolve(one, pathway=evolve(one.pathway, transitions=tuple(closing)))
    about = registries(max_people=1).map(lambda drawn: drawn.about({"alpha": ("hypertension", "I10")}))
    found = smallest_difference(one, other, YEAR, rows=about)
    assert [(event.kind, event["reason"]) for event in found.as_of(None).events_of(0)][-1] == ("exit", "misdiagnosed")


def test_no_difference():
    """Two ways to write one thing are not told apart."""
    one, other = parse("age(on=PERIOD.end) >= 65"), parse("~(age(on=PERIOD.end) < 65)")
    assert smallest_difference(one, other, YEAR, tries=100) is None


@given(events())
def test_events_are_of_clinic_software(event):
    """Generated events have a day and a kind, and were not withdrawn."""
    assert event.kind
    assert event.date >= day_of("2023-01-01")
    assert event.get("withdrawn") is None


@given(diseases())
def test_laws_notice(made):
    """Laws that are broken on purpose are noticed."""
    log = enrolled()
    courses = walk(resolve_disease(made, {}), log, YEAR.end, obligations=True)
    late = evolve(courses, until=courses.until + 1)
    with pytest.raises(Disagreement):
        spells_tile(late, log)
    if (courses.obligations.outcome == 3).any():
        with pytest.raises(Disagreement):
            obligations_end(evolve(courses, until=courses.until + 10_000))


def test_writing_laws_notice(monkeypatch):
    """A disease or an expression that reads back otherwise is noticed."""
    from singledisease.testing.laws import writing

    monkeypatch.setattr(writing, "read_disease_text", lambda text: disease("type2-diabetes"))
    with pytest.raises(Disagreement, match="read back"):
        disease_survives(disease("hypertension"))
    monkeypatch.setattr(writing, "parse", lambda text: None)
    with pytest.raises(Disagreement, match="read back"):
        expression_survives(parse("sbp < 140"))
