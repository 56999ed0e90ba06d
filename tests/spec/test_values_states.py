"""States on a day, during a window, and on how many days."""

import pytest
from pathways import CARE, care, timing
from tables import lines

EVENTS = """
    who  date        kind       sbp
    P1   2024-12-31  diagnosis  .
    P2   2023-06-01  diagnosis  .
    P2   2024-01-01  exit       .
    P3   2023-06-01  diagnosis  .
    P3   2024-03-01  follow_up  150
    P3   2024-03-11  follow_up  130
    P4   2024-03-01  call       .
"""
PEOPLE = """
    who  birth
    P5   .
"""


def check(engine, expression, expected, *, period="2024", as_of=None, events=EVENTS, people=PEOPLE):
    """Assert the values of the people, in order."""
    found = engine.values(expression, events, people=people, period=period, diseases=[CARE], as_of=as_of)
    assert [line.split()[1] for line in found[1:]] == expected.split()


def test_enrolled_on_the_last_day_counts(engine):
    """Enrolled on 31 December is managed on one day of the year; closed on 1 January is managed on none."""
    check(engine, 'days_in(managed("care"), PERIOD)', "1 0 366 0 0")
    check(engine, 'managed("care", during=PERIOD)', "yes no yes no no")


def test_the_state_on_a_day_is_that_at_its_end(engine):
    """On the day of the exit the person is closed; on the day before still managed."""
    check(engine, 'managed("care", on=day("2024-01-01"))', "no no yes no no")
    check(engine, 'managed("care", on=day("2023-12-31"))', "no yes yes no no")


def test_a_state_on_the_day_asked_on(engine):
    """The end of the period is the day asked on."""
    check(engine, 'in_state("care", "stable", "high", on=PERIOD.end)', "yes no yes no no")
    check(engine, 'in_state("care", "outside", on=PERIOD.end)', "no no no yes no")


def test_a_stage_holds_several_states(engine):
    """Stable and high are both in the stage of management."""
    check(engine, 'in_stage("care", "management", during=PERIOD)', "yes no yes no no")
    check(engine, 'in_stage("care", "closed", "prevention", on=PERIOD.end)', "no yes no yes no")


def test_days_in_a_state_are_counted_within_the_window(engine):
    """From 1 to 10 March is ten days; the window cuts the first five off."""
    check(engine, 'days_in(in_state("care", "high"), PERIOD)', "0 0 10 0 0")
    check(engine, 'days_in(in_state("care", "high"), between(day("2024-03-06"), None))', "0 0 5 0 0")
    check(engine, 'days_in(in_state("care", "high", "stable"), months(-9, -9))', "0 0 31 0 0")


def test_before_observed_time_no_status_holds(engine):
    """Before birth, or before the first event of someone without a birth date, nothing holds; that is known."""
    check(engine, 'in_state("care", "outside", on=day("2023-05-31"))', "no no no no no")
    check(engine, '~in_state("care", "outside", on=day("2023-05-31"))', "yes yes yes yes yes")


def test_a_missing_day_is_unknown(engine):
    """On a day that is not known the state is not known, not even of someone who was never observed."""
    check(engine, 'managed("care", on=events("follow_up").last().date)', "? ? yes ? ?")


def test_a_day_after_the_one_asked_on_is_unknown(engine):
    """Nothing is said about tomorrow."""
    check(engine, 'managed("care", on=PERIOD.end + 1)', "? ? ? ? ?")
    check(engine, 'managed("care", on=day("2024-06-30"))', "? ? ? ? ?", period="2024Q1")


def test_a_window_with_an_unknown_bound_has_no_days(engine):
    """No day is in it: the status holds on none, and that is known."""
    window = 'between(events("follow_up").last().date, None)'
    check(engine, f'managed("care", during={window})', "no no yes no no")
    check(engine, f'days_in(managed("care"), {window})', "0 0 296 0 0")


def test_windows_of_states_end_on_the_day_asked_on(engine):
    """A window that reaches further is cut."""
    check(engine, 'days_in(managed("care"), between(PERIOD.start, PERIOD.end + 100))', "1 0 366 0 0")


def test_a_row_may_ask_for_the_state_on_its_own_day(engine):
    """Only follow-ups on days on which the person is managed at the end of the day count."""
    events = """
        who  date        kind       sbp
        P1   2024-01-01  follow_up  .
        P1   2024-02-01  follow_up  .
        P1   2024-02-01  diagnosis  .
        P1   2024-03-01  follow_up  .
        P1   2024-04-01  follow_up  .
        P1   2024-04-01  exit       .
    """
    rows = 'events("follow_up").where(managed("care", on=column("date")))'
    check(engine, f"{rows}.count()", "2", events=events, people="")
    check(engine, f"{rows}.first().date", "2024-02-01", events=events, people="")


def test_a_row_may_ask_for_the_state_on_another_day(engine):
    """The day before the row's own: the state in which the event found the person."""
    rows = 'events("follow_up").where(in_state("care", "high", on=column("date") - 1))'
    check(engine, f"{rows}.count()", "0 0 1 0 0")


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("2024-02-10", "no"), ("2024-02-11", "yes"), (None, "yes")],
)
def test_time_does_not_run_past_as_of(engine, as_of, expected):
    """Twelve months of silence end on 10 February: as of that day the person is not lost, as of the next it is."""
    silence = timing("silence", "stable", months=12, kinds="follow_up", repeats=True, leads_to="lost")
    events = """
        who  date        kind
        P1   2023-02-10  diagnosis
    """
    found = engine.values(
        'in_state("care", "lost", on=PERIOD.end)', events, diseases=[care(silence)], as_of=as_of, period="2024"
    )
    assert found == lines(f"who value\nP1 {expected}")


def test_as_of_forgets_what_was_recorded_later(engine):
    """An exit recorded in May is unknown in April; a row withdrawn in May still counts in April."""
    events = """
        who  date        kind       recorded    withdrawn
        P1   2024-01-01  diagnosis  .           .
        P1   2024-02-01  exit       2024-05-01  .
        P2   2024-01-01  diagnosis  .           2024-05-01
    """
    for as_of, expected in (("2024-04-30", "yes yes"), ("2024-05-01", "no no"), (None, "no no")):
        check(engine, 'managed("care", on=PERIOD.end)', expected, events=events, people="", as_of=as_of)


def test_several_periods_ask_on_several_days(engine):
    """The same question on the last day of each month."""
    events = """
        who  date        kind
        P1   2024-01-31  diagnosis
        P1   2024-03-31  exit
    """
    found = engine.values('managed("care", on=PERIOD.end)', events, period="2024Q1/month", diseases=[CARE])
    assert found == lines("""
        who period      value
        P1  2024-01-31  yes
        P1  2024-02-29  yes
        P1  2024-03-31  no
    """)
