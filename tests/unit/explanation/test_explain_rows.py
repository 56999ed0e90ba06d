"""Explanations of what looks at other rows: look-back, rows that are counted, windows that are cut, sums."""

import json

import pytest
from attrs import evolve

from singledisease import dates
from singledisease.definitions.aggregate import Distribution, Ratio
from singledisease.definitions.measure import Measure
from singledisease.errors import IdentityError, UsageError
from singledisease.eventlog.build import build
from singledisease.eventlog.raw import raw_rows
from singledisease.explanation.explain import explain
from singledisease.language.build import PERIOD, between, column, days_between, events, on, this
from singledisease.scorecard.evaluate import evaluate
from singledisease.scorecard.row_groups import RowGroups

VISITS = (
    ("P1", "2023-12-01", "encounter", "", "county", "T1"),
    ("P1", "2024-02-29", "encounter", "", "village", "T1"),
    ("P1", "2024-06-20", "encounter", "", "county", "T2"),
    ("P1", "2024-07-01", "contract", "2024-07-10", "", "T1"),
    ("P2", "2024-06-25", "call", "", "", "T1"),
    ("P2", "2024-07-05", "encounter", "", "village", "T2"),
)
FIRST = ~events("encounter").within(between(this("date") - 90, this("date") - 1)).exists()
CONTACTS = events("encounter").where(FIRST).within(PERIOD)


def registry():
    """Make the log; a row's line in its file is its place plus two."""
    names = ("patient_id", "date", "kind", "until", "level", "institution")
    visits = {name: [row[i] for row in VISITS] for i, name in enumerate(names)}
    return build(
        raw_rows("patients", {"patient_id": ["P1", "P2"], "birth_date": ["1960-01-01", ""]}), raw_rows("events", visits)
    )


def score_of(measure, period="2024", **options):
    """Evaluate one measure."""
    return evaluate([measure], registry(), dates.period(period), diseases={}, **options)


def clauses(clause):
    """Give a clause and all inside it."""
    yield clause
    for inner in (*(one.clause for one in clause.look_backs), *clause.clauses):
        yield from clauses(inner)


# LOOKING BACK


def test_each_row_says_what_it_looked_back_on():
    """Each row in the period has the condition as seen from it, with the rows in its 90 days and their lines."""
    score = score_of(Measure(id="contacts", numerator=CONTACTS.count() >= 1))
    (answer,) = explain(score, "P1").answers
    (counted,) = [one for one in clauses(answer.steps[0].clause) if one.look_backs]
    assert [(one.row.line, one.clause.value) for one in counted.look_backs] == [(3, False), (4, True)]
    assert [event.line for event in counted.events] == [4]
    assert [event.line for event in counted.look_backs[0].clause.all_events()] == [2]
    assert [event.line for event in counted.look_backs[1].clause.all_events()] == []


def test_the_text_says_it_in_both_languages():
    """The row and its line, the condition and its value, and below it what was found."""
    score = score_of(Measure(id="contacts", numerator=CONTACTS.count() >= 1))
    for language, value in [("en", "false"), ("zh", "否")]:
        text = explain(score, "P1").to_text(language).splitlines()
        (place,) = [i for i, line in enumerate(text) if "↩ 2024-02-29" in line]
        assert "[events:3]" in text[place]
        assert text[place + 1].endswith(f"= {value}")
        assert any("· 2023-12-01" in line and "[events:2]" in line for line in text[place + 2 : place + 6])


def test_the_days_of_such_a_window_are_told():
    """The bounds of the window are worked out from the row: 1 December is 90 days before 29 February."""
    score = score_of(Measure(id="contacts", numerator=CONTACTS.count() >= 1))
    (answer,) = explain(score, "P1").answers
    (counted,) = [one for one in clauses(answer.steps[0].clause) if one.look_backs]
    days = [one for one in clauses(counted.look_backs[0].clause) if one.kind == "date"]
    assert {one.to_dict()["value"] for one in days} >= {"2023-12-01", "2024-02-28"}


# MEASURES OF ROWS


def first_contacts():
    """Give the share of first contacts at a primary institution."""
    return Measure(id="primary", of=CONTACTS, numerator=column("level").is_in("village", "township"))


def test_a_measure_of_rows_is_explained_row_by_row():
    """One answer for each row of the person, with the row's line and the group it was counted in."""
    score = score_of(first_contacts())
    answers = explain(score, "P1", "primary").answers + explain(score, "P2", "primary").answers
    assert [(one.row.line, one.group) for one in answers] == [(4, "not_numerator"), (7, "numerator")]
    assert "Row that was counted: 2024-06-20" in explain(score, "P1").to_text()
    assert explain(score, "P1").to_dict()["measures"][0]["row"]["line"] == 4
    assert "2024-06-20" in explain(score, "P1")._repr_html_()


def test_a_row_that_was_counted_otherwise_is_no_row():
    """A figure that the walk, one person at a time, does not give is never explained away."""
    score = score_of(first_contacts())
    (part,) = score.parts
    (found,) = part.assigned
    turned = RowGroups(found.domain, found.codes[::-1].copy())
    object.__setattr__(score, "parts", (evolve(part, assigned=(turned,)),))
    with pytest.raises(IdentityError, match="explained_as_counted"):
        explain(score, "P1")
    moved = RowGroups(evolve(found.domain, row=found.domain.row[::-1].copy()), found.codes)
    object.__setattr__(score, "parts", (evolve(part, assigned=(moved,)),))
    with pytest.raises(IdentityError, match="rows_as_counted"):
        explain(score, "P1")


# WINDOWS THAT ARE CUT


def test_a_window_that_is_cut_says_so():
    """Called on 25 June, seen 7 days longer than June: the 15 days are cut on 7 July, as every form says."""
    back = events("encounter").within(between(this("date"), this("date") + 15)).exists()
    measure = Measure(id="back", of=events("call").within(PERIOD), numerator=back, matures=7)
    score = score_of(measure, "2024-06")
    (answer,) = explain(score, "P2", "back").answers
    (cut,) = {cut for one in answer.steps for cut in one.clause.all_cuts()}
    assert cut.to_dict() == {"last": "2024-07-07", "wanted": "2024-07-10"}
    assert answer.group == "numerator"
    assert answer.to_dict()["seen_until"] == "2024-07-07"
    assert "✂ the window is cut at 2024-07-07, it would go to 2024-07-10" in explain(score, "P2").to_text()
    assert "(观察至 2024-07-07)" in explain(score, "P2").to_text("zh")
    assert "2024-07-07 (2024-07-10)" in explain(score, "P2")._repr_html_()
    assert '"cuts": [' in json.dumps(explain(score, "P2").to_dict())


def test_a_window_that_just_fits_is_not_cut():
    """With 10 days after June the last one looked at is the last of the window: nothing was left out."""
    back = events("encounter").within(between(this("date"), this("date") + 15)).exists()
    score = score_of(Measure(id="back", of=events("call").within(PERIOD), numerator=back, matures=10), "2024-06")
    (answer,) = explain(score, "P2", "back").answers
    assert [cut for one in answer.steps for cut in one.clause.all_cuts()] == []


def test_what_is_seen_after_the_period_is_explained_as_it_was_counted():
    """A measure of people that matures: the visit of 5 July is seen, and has its line."""
    called = events("call").within(PERIOD).first()
    back = events("encounter").within(between(called.date, called.date + 10)).exists()
    score = score_of(Measure(id="back", numerator=back, matures=10), "2024-06")
    (answer,) = explain(score, "P2").answers
    assert (answer.group, [event.line for event in answer.decisive.clause.all_events() if event.date]) == (
        "numerator",
        [7, 6, 6],
    )


# SUMS AND VALUES


def test_what_is_added_up_is_told():
    """A ratio has its two sums, a distribution its value, each with the rows it rests on."""
    visits = events("encounter").within(PERIOD)
    ratio = Ratio(id="share", numerator=visits.where(column("level") == "county").count(), denominator=visits.count())
    (answer,) = explain(score_of(ratio), "P1").answers
    assert [(one.value, [event.line for event in one.events]) for one in answer.amounts] == [(1, [4]), (2, [3, 4])]
    assert answer.group == "counted"
    gap = Distribution(id="gap", value=days_between(visits.first().date, visits.last().date))
    (answer,) = explain(score_of(gap), "P1").answers
    assert [one.value for one in answer.amounts] == [112]
    assert "Amounts:" in explain(score_of(gap), "P1").to_text()
    assert answer.to_dict()["amounts"][0]["value"] == 112


# WHAT ROWS COVER, AND PICKED ROWS


def test_covered_days_rest_on_the_rows_that_last():
    """The contract lasts into the window, the visit lies in it; what lies outside is not shown."""
    covered = events().covered(between(PERIOD.start, PERIOD.end))
    score = score_of(Measure(id="covered", numerator=covered >= 6), "2024-07-05..2024-12-31")
    (answer,) = explain(score, "P1").answers
    (clause,) = [one for one in clauses(answer.decisive.clause) if one.unit.en == "days" and one.events]
    assert (clause.value, [event.line for event in clause.events]) == (6, [5])


def test_a_value_of_a_picked_row_is_taken_apart():
    """What is worked out of a picked row has a clause for each part, as seen from that row."""
    value = events("encounter").last().value(events("encounter").within(on(this("date"))).count())
    score = score_of(Measure(id="alone", numerator=value == 1))
    (answer,) = explain(score, "P1").answers
    inner = [one for one in clauses(answer.decisive.clause) if one.kind == "number" and one.events]
    assert [[event.line for event in one.events] for one in inner][-1] == [4]


def test_who_is_asked_for():
    """Nobody of that name: the error names near ones."""
    with pytest.raises(UsageError, match="unknown_person"):
        explain(score_of(first_contacts()), "P9")
