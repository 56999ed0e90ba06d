"""Looking back from a row: what a selection made anew for each row sees of the row in which it stands."""

import pytest
from pathways import CARE, care, timing
from tables import lines

VISITS = """
    who  date        kind       sequence  link  institution  sbp
    P1   2024-01-10  encounter  .         a     T1           150
    P1   2024-02-20  encounter  .         .     T2           .
    P1   2024-05-20  encounter  .         b     T1           130
    P1   2024-05-21  encounter  .         b     .            120
    P1   2024-05-21  call       .         a     .            .
    P2   2024-05-01  call       .         .     .            .
    P2   2024-06-01  encounter  1         a     T1           140
    P2   2024-06-01  encounter  2         b     T2           160
"""


def counted(engine, condition, expected, selection="encounter", events=VISITS, **more):
    """Assert for how many rows of each person a condition is true."""
    found = engine.values(f'events("{selection}").where({condition}).count()', events, **more)
    assert [line.split()[1] for line in found[1:]] == expected.split()


# THE OUTER ROW


def test_a_window_from_the_day_of_the_outer_row(engine):
    """No encounter in the 90 days before: 10 January and, exactly 90 days after 20 February, not 20 May."""
    first = '~events("encounter").within(between(this("date") - 90, this("date") - 1)).exists()'
    counted(engine, first, "1 2")
    counted(engine, first.replace("90", "89"), "2 2")


def test_both_ends_of_such_a_window_are_in_it(engine):
    """From the day after to the day after: only 20 May has an encounter on the next day; P2 has two on one day."""
    counted(engine, 'events("encounter").within(on(this("date") + 1)).exists()', "1 0")
    counted(engine, 'events("encounter").within(on(this("date"))).count() >= 2', "0 2")


def test_an_open_end(engine):
    """Before the outer row there was a call, of P2 only; and up to its own day the row itself is seen."""
    counted(engine, 'events("call").within(until(this("date"))).exists()', "1 2")
    counted(engine, 'events("encounter").within(until(this("date"))).count() == 1', "1 0")


def test_a_condition_compares_both_rows(engine):
    """A higher pressure before: of the inner row the column, of the outer row ``this``."""
    higher = 'events("encounter").where((sbp > this("sbp")) & (date < this("date"))).exists()'
    counted(engine, higher, "2 0")


def test_a_missing_column_of_the_outer_row_is_unknown(engine):
    """The encounter of 20 February has no pressure: nothing is known to be higher, nor not higher."""
    counted(engine, 'events("encounter").where(sbp > this("sbp")).count() == 0', "2 1")
    counted(engine, 'events("encounter").where(~(sbp > this("sbp"))).count() == 0', "1 0")


def test_a_missing_day_of_the_outer_row_holds_no_row(engine):
    """Where the outer row has no ``until``, a window that begins with it holds nothing."""
    events = """
        who  date        kind         until
        P1   2024-01-01  appointment  2024-02-01
        P1   2024-01-02  appointment  .
        P1   2024-03-01  encounter    .
    """
    kept = 'events("encounter").within(between(this("until"), this("until") + 30)).exists()'
    counted(engine, kept, "1", selection="appointment", events=events)
    counted(engine, f"~{kept}", "1", selection="appointment", events=events)


def test_the_row_itself_is_among_the_rows(engine):
    """A selection does not leave out the row in which it stands: of each link there is at least itself."""
    counted(engine, 'events().where((link == this("link")) & (date == this("date"))).exists()', "3 2")


def test_reductions_of_a_row(engine):
    """What is known up to a row: the lowest pressure so far, the first and the last day before it."""
    so_far = 'events("encounter").within(until(this("date")))'
    counted(engine, f'{so_far}.minimum("sbp") == sbp', "3 1")
    before = 'events("encounter").within(until(this("date") - 1))'
    counted(engine, f"{before}.first().date == day('2024-01-10')".replace("'", '"'), "3 0")
    counted(engine, f"days_between({before}.last().date, date) <= 1", "1 0")
    counted(engine, f"{before}.first().institution == institution", "1 0")


def test_age_on_the_day_of_the_inner_row(engine):
    """The person is the same inside: here the age on the day of an earlier row."""
    people = "who birth\nP1 1960-02-15\nP2 1960-01-01"
    counted(engine, 'events().within(until(this("date") - 1)).where(age(on=date) >= 64).exists()', "2 2", people=people)


# ONE INSIDE ANOTHER


def test_the_nearest_outer_row_is_meant(engine):
    """Each selection looks out to the row in which it stands, not further.

    Counted are rows before which there is an encounter that itself has an encounter in the 100 days before it: of P1 on
    20 May (20 February has 10 January, 41 days) and on 21 May; not on 20 February, before which there is the first.
    """
    inner = 'events("encounter").within(between(this("date") - 100, this("date") - 1)).exists()'
    outer = f'events("encounter").within(until(this("date") - 1)).where({inner}).exists()'
    counted(engine, outer, "2 0")


def test_a_selection_in_a_window_stands_in_the_same_row(engine):
    """Since the last call before the row: a window may be worked out from rows that look back themselves."""
    last_call = 'events("call").within(until(this("date"))).last().date'
    counted(engine, f'events("encounter").within(between({last_call}, this("date"))).count() == 2', "0 2")


def test_a_picked_row_is_inside(engine):
    """An expression of a picked row looks out to the row in which the pick stands."""
    value = 'events("encounter").first().value(sbp - this("sbp")) > 0'
    counted(engine, value, "2 0")


# THE SAME


def test_rows_that_share_a_column(engine):
    """Rows of the link of the outer row: itself included, and of any kind if the selection holds any."""
    counted(engine, 'events().same("link").count() == 2', "3 0")
    counted(engine, 'events("encounter").same("link").count() == 2', "2 0")


def test_a_missing_value_equals_nothing(engine):
    """A row without link shares it with nobody, not even with itself."""
    counted(engine, 'events().same("link").exists()', "3 2")
    counted(engine, '~events().same("link").exists()', "1 0")


def test_several_columns_are_shared_together(engine):
    """Both have to be there and equal."""
    counted(engine, 'events("encounter").same("link", "institution").count() == 1', "2 2")
    counted(engine, 'events("encounter").same("institution", "kind").count() == 2', "2 0")


def test_the_same_narrows_a_selection_as_it_stands(engine):
    """What comes before and after it is followed in turn: an encounter of the same link on another day."""
    counted(engine, 'events("encounter").same("link").where(date != this("date")).exists()', "2 0")
    counted(engine, 'events("encounter").same("link").last().date == date', "2 2")


@pytest.mark.parametrize(("column", "expected"), [("date", "1 2"), ("sbp", "0 0")])
def test_days_and_numbers_are_shared_too(engine, column, expected):
    """Two rows on one day, two rows of one number."""
    counted(engine, f'events().same("{column}").count() == 2', expected)


def test_another_person_shares_nothing(engine):
    """Links are a person's own: the second person's are not the first one's."""
    counted(engine, 'events().same("link").count() >= 3', "0 0")


# IN SEVERAL PERIODS AND AS OF A DAY


def test_each_period_looks_back_over_its_start(engine):
    """The window of a row does not mind where the period begins; rows after the period are not seen."""
    first = '~events("encounter").within(between(this("date") - 90, this("date") - 1)).exists()'
    found = engine.values(f'events("encounter").where({first}).within(PERIOD).count()', VISITS, period="2024/quarter")
    assert found == lines("""
        who period     value
        P1  2024-03-31 1
        P1  2024-06-30 0
        P1  2024-09-30 0
        P1  2024-12-31 0
        P2  2024-03-31 0
        P2  2024-06-30 2
        P2  2024-09-30 0
        P2  2024-12-31 0
    """)


def test_no_row_after_the_day_asked_on_is_seen(engine):
    """Looking forward from a row ends with the period: the follow-up of January is not there in 2023."""
    events = """
        who  date        kind
        P1   2023-12-30  call
        P1   2024-01-02  follow_up
    """
    answered = 'events("follow_up").within(between(this("date"), this("date") + 15)).exists()'
    for period, expected in [("2023", "0"), ("2024", "1")]:
        counted(engine, answered, expected, selection="call", events=events, period=period)


STAYS = """
    who  date        kind       sbp
    P1   2024-01-10  diagnosis  .
    P1   2024-02-10  follow_up  150
    P1   2024-04-10  follow_up  130
    P1   2024-11-10  follow_up  130
    P2   2024-03-10  diagnosis  .
    P2   2024-05-10  exit       .
"""


def test_stays_share_a_column_as_it_stands_in_each_period(engine):
    """A stay that has ended shares its end with itself; one that lasts has none yet: P1 is high until 10 April."""
    ended = 'spells("care").where(spells("care").same("left").exists()).count()'
    assert engine.values(ended, STAYS, period="2024/quarter", diseases=[CARE]) == lines("""
        who  period      value
        P1   2024-03-31  1
        P1   2024-06-30  2
        P1   2024-09-30  2
        P1   2024-12-31  2
        P2   2024-03-31  0
        P2   2024-06-30  1
        P2   2024-09-30  1
        P2   2024-12-31  1
    """)


def test_runs_share_an_outcome_as_it_stands_in_each_period(engine):
    """Of P1's runs of thirty days one is late and one missed by March; then two are late, and three by December."""
    visits = care(timing("visit", "stable high", days=30, kinds="follow_up", repeats=True))
    alike = 'services("care").where(services("care").same("outcome").count() >= 2).count()'
    found = engine.values(alike, STAYS, period="2024/quarter", diseases=[visits])
    assert [line.split()[2] for line in found[1:5]] == ["0", "2", "2", "3"]


def test_how_far_a_row_looks_back_may_depend_on_it(engine):
    """On its code, on the age, and on states of the person on its day and before: each says how long the window is."""
    events = """
        who date       kind      code sbp
        a   2024-01-10 diagnosis C1   .
        a   2024-03-01 follow_up .    120
        a   2024-04-15 encounter A1   .
        a   2024-04-16 encounter B1   .
    """
    people = "who birth\na 1959-04-16"
    for asked, expected in {
        'case((this("code").is_in(codes("a", "A1")), 60), 10)': ("2024-03-01", "2024-04-15"),
        'case((age(on=this("date")) >= 65, 60), 10)': ("?", "2024-03-01"),
        'case((managed("care", during=on(this("date") - 97)), 60), 5)': ("?", "2024-03-01"),
        'days_in(managed("care"), between(this("date") - 45, this("date") - 1))': ("2024-03-01", "2024-04-15"),
    }.items():
        before = f'events().within(between(this("date") - {asked}, this("date") - 1)).first().date'
        found = engine.rows('events("encounter")', before, events, people=people, diseases=[CARE])
        assert tuple(line.split()[-1] for line in found[1:]) == expected, asked
