"""Measures that count rows: every row is in one group, and belongs to its person's stratum or to its own."""

import pytest
from tables import log_of

import singledisease as sd
from singledisease.scorecard.evaluate import evaluate

PATIENTS = """
    who  institution
    ann  North
    bob  South
"""
EVENTS = """
    who  date        kind       level    institution
    ann  2024-01-10  encounter  village  North
    ann  2024-02-01  encounter  county   County
    ann  2024-08-01  encounter  .        County
    bob  2024-03-01  encounter  county   County
    bob  2025-01-05  encounter  village  South
    bob  2024-12-20  call       .        .
    ann  2024-06-01  call       .        .
"""
VISITS = sd.events("encounter").within(sd.PERIOD)
LEVEL = sd.column("level")
EARLIER = sd.events("encounter").within(sd.between(sd.this("date") - 90, sd.this("date") - 1))
PRIMARY = sd.Measure(
    id="primary",
    of=VISITS,
    exclusions={"followed_another": EARLIER.exists()},
    numerator=LEVEL.is_in("village", "township", "community"),
)


@pytest.fixture
def score(engine):
    """Evaluate measures by one engine."""
    log = log_of(EVENTS, PATIENTS)

    def evaluated(*measures, by=(), periods="2024", chunk=2**16, as_of=None):
        span = sd.periods(periods)
        return evaluate(measures, log, span, diseases={}, by=by, engine=engine.name, chunk=chunk, as_of=as_of)

    return evaluated


def test_every_row_is_in_one_group(score):
    """Of four visits of the year one followed another within 90 days, one has no level, and one was primary."""
    (row,) = score(PRIMARY).table()
    assert row["groups"] == {
        "excluded:followed_another": 1,
        "numerator": 1,
        "not_numerator": 1,
        "undetermined:numerator": 1,
    }
    assert (row["initial_population"], row["denominator"], row["rate"]) == (4, 2, 0.5)


def test_rows_belong_to_their_persons_institution_or_to_their_own(score):
    """``institution`` is the person's, ``event.institution`` the row's; both sum to the whole."""
    theirs = score(PRIMARY, by=("institution",)).table()
    assert [(row["by"]["institution"], row["initial_population"]) for row in theirs] == [("North", 3), ("South", 1)]
    own = score(PRIMARY, by=("event.institution",)).table()
    assert [(row["by"]["event.institution"], row["numerator"]) for row in own] == [("County", 0), ("North", 1)]


def test_the_rows_of_a_group_are_named(score):
    """``people`` of a measure of rows gives each row with its person, day, institution, file and line."""
    listed = sd.people(score(PRIMARY), "primary", "numerator")
    assert (list(listed["patient_id"]), list(listed["group"])) == (["ann"], ["numerator"])
    assert [str(day) for day in listed["date"]] == ["2024-01-10"]
    assert (list(listed["kind"]), list(listed["institution"]), list(listed["line"])) == (["encounter"], ["North"], [2])


def test_parts_do_not_matter(score):
    """Counted person by person or all at once, the rows, their groups and the counts are the same."""
    whole, parts = score(PRIMARY, periods="2024/quarter"), score(PRIMARY, periods="2024/quarter", chunk=1)
    assert whole.counts == parts.counts
    assert whole.parts[0].assigned == parts.parts[0].assigned


def test_a_ratio_and_a_distribution_of_rows(score):
    """Sums and values may be of rows: days to the next visit of the same person are known for those that have one."""
    following = sd.events("encounter").within(sd.between(sd.this("date") + 1, sd.PERIOD.end)).first().date
    days = sd.days_between(sd.column("date"), following)
    gaps = sd.Distribution(id="gaps", of=VISITS, value=days, unit="days")
    share = sd.Ratio(id="share", of=VISITS, numerator=days, denominator=1)
    first, second = score(gaps, share).table()
    assert (first["count"], first["unknown"], first["median"]) == (2, 2, (22 + 182) / 2)
    assert (second["numerator"], second["denominator"], second["people"]) == (204, 2, 2)


def test_a_measure_that_matures_sees_what_follows_the_period(score):
    """Of two called, one came within 100 days, in the next year: seen only if the question is asked so late."""
    called = sd.events("call").within(sd.PERIOD).first()
    came = sd.events("encounter").within(sd.between(called.date, called.date + 30)).exists()

    def asked(matures):
        return sd.Measure(id="came", population=called.date.known(), numerator=came, matures=matures)

    (row,) = score(asked(30)).table()
    assert (row["numerator"], row["denominator"], row["complete"]) == (1, 2, True)
    (row,) = score(asked(30), as_of="2025-01-02").table()
    assert (row["numerator"], row["complete"]) == (0, False)


def test_each_row_of_a_person_is_explained(score):
    """A measure of rows is explained row by row, with the file and line of the row and of what it looked back to."""
    explained = sd.explain(score(PRIMARY), "ann", "primary")
    assert [answer.group for answer in explained.answers] == [
        "numerator",
        "excluded:followed_another",
        "undetermined:numerator",
    ]
    assert [answer.row.line for answer in explained.answers] == [2, 3, 4]
    looked_back = explained.answers[1].decisive.clause.events
    assert [event.line for event in looked_back] == [2]
    assert "2024-02-01" in explained.to_text()
    assert explained.to_dict()["measures"][0]["row"]["line"] == 2


def test_a_measure_that_matures_is_explained_as_it_was_counted(score):
    """The explanation looks as long after the period as the figure did."""
    called = sd.events("call").within(sd.PERIOD).first()
    came = sd.events("encounter").within(sd.between(called.date, called.date + 30)).exists()
    measure = sd.Measure(id="came", population=called.date.known(), numerator=came, matures=30)
    (answer,) = sd.explain(score(measure), "bob").answers
    assert answer.group == "numerator"
    assert [event.line for event in answer.decisive.clause.events] == [6]
