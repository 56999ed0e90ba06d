"""How long timings run: weeks, lengths that are worked out when the clock starts, and clocks that start from a date.

The pathway is ``CARE`` of ``pathways``.
"""

from attrs import evolve
from pathways import CARE, care, move, signal, timing
from tables import lines

FOUND = """
    who  date        kind       sbp
    P1   2024-01-31  diagnosis  .
"""
PEOPLE = """
    who  birth       visits
    P1   1960-01-31  14.9
"""


def due(engine, disease, events=FOUND, people=PEOPLE, until="2024-12-31"):
    """Give start, due day and outcome of every run."""
    found = engine.obligations(disease, events, people=people, until=until)
    return [" ".join(line.split()[2:5]) for line in found[1:]]


# HOW LONG


def test_weeks_have_seven_days(engine):
    """Two weeks after 31 January: 14 February."""
    assert due(engine, care(timing("t", "stable", weeks=2, kinds="follow_up"))) == ["2024-01-31 2024-02-14 breached"]


def test_a_fraction_is_cut_off(engine):
    """One and a half weeks are a week, 9.9 days are nine, 1.9 months are one; before or after it is worked out."""
    for length, day in [({"weeks": 1.5}, "2024-02-07"), ({"days": 9.9}, "2024-02-09"), ({"months": 1.9}, "2024-02-29")]:
        assert due(engine, care(timing("t", "stable", kinds="call", **length))) == [f"2024-01-31 {day} breached"]
        (unit, amount), *_ = length.items()
        worked_out = timing("t", "stable", kinds="call", **{unit: f"age(on=PERIOD.end) * 0 + {amount}"})
        assert due(engine, care(worked_out)) == [f"2024-01-31 {day} breached"]


def test_a_length_is_worked_out_on_the_day_the_clock_starts(engine):
    """Aged 64 on the day before the birthday, 65 on it: the period of the question is the day itself."""
    length = "case((age(on=PERIOD.end) >= 64, 10), 20)"
    disease = care(timing("t", "stable", days=length, kinds="follow_up", repeats=True))
    events = """
        who  date        kind       sbp
        P1   2024-01-30  diagnosis  .
        P1   2024-01-31  follow_up  130
    """
    assert due(engine, disease, events, until="2024-02-05") == [
        "2024-01-30 2024-02-19 met",
        "2024-01-31 2024-02-10 open",
    ]
    same_day = care(timing("t", "stable", days="days_between(PERIOD.start, PERIOD.end) + 3", kinds="follow_up"))
    assert due(engine, same_day, until="2024-02-01") == ["2024-01-31 2024-02-03 open"]


def test_a_length_in_weeks_or_months_may_be_worked_out(engine):
    """A number of the person's: two weeks are meant by 14.9 divided by seven, rounded down."""
    visits = 'attribute("visits", "number")'
    disease = care(timing("t", "stable", weeks=f"{visits} // 7", kinds="follow_up"))
    assert due(engine, disease, until="2024-02-01") == ["2024-01-31 2024-02-14 open"]
    disease = care(timing("t", "stable", months=f"{visits} - 13.9", kinds="follow_up"))
    assert due(engine, disease, until="2024-02-01") == ["2024-01-31 2024-02-29 open"]


def test_where_the_length_is_unknown_no_clock_starts(engine):
    """Whose age is not known has no such clock; it starts with the next entry for which it is known."""
    disease = care(timing("t", "stable", days="age(on=PERIOD.end)", kinds="follow_up"))
    assert due(engine, disease, people="who birth\nP1 .") == []
    pressed = 'events("follow_up").last().sbp - 100'
    disease = care(timing("t", "stable", days=pressed, kinds="call"))
    events = """
        who  date        kind       sbp
        P1   2024-01-01  diagnosis  .
        P1   2024-01-10  follow_up  150
        P1   2024-01-20  follow_up  130
    """
    assert due(engine, disease, events, until="2024-02-01") == ["2024-01-20 2024-02-19 open"]


def test_a_repeating_clock_that_cannot_start_again_ends(engine):
    """The first follow-up has a pressure, from which the next interval is worked out; the second has none."""
    interval = 'case((events("follow_up").exists(), events("follow_up").last().sbp - 100), 30)'
    disease = care(timing("t", "stable", days=interval, kinds="follow_up", repeats=True))
    events = """
        who  date        kind       sbp
        P1   2024-01-01  diagnosis  .
        P1   2024-01-10  follow_up  120
        P1   2024-01-20  follow_up  .
        P1   2024-02-20  follow_up  125
    """
    assert due(engine, disease, events) == ["2024-01-01 2024-01-31 met", "2024-01-10 2024-01-30 met"]


# WHAT A LENGTH SEES


def test_it_sees_the_event_that_starts_it_and_none_after(engine):
    """Two follow-ups on one day: the first starts the clock, and is the last that the length sees."""
    disease = care(timing("t", "high", days='events("follow_up").last().sbp - 100', kinds="call"))
    events = """
        who  date        kind       sequence  sbp
        P1   2024-01-01  diagnosis  .         .
        P1   2024-01-10  follow_up  2         190
        P1   2024-01-10  follow_up  1         150
    """
    assert due(engine, disease, events, until="2024-01-31") == ["2024-01-10 2024-02-29 open"]


def test_it_sees_events_of_before_observed_time_too(engine):
    """Everything up to the event is seen, whatever it concerns."""
    disease = care(timing("t", "stable", days="events().count() * 10", kinds="call"))
    events = """
        who  date        kind       disease
        P1   2023-01-01  test       gout
        P1   2023-02-01  call       .
        P1   2024-01-01  diagnosis  .
        P1   2024-01-02  call       .
    """
    assert due(engine, disease, events)[0] == "2024-01-01 2024-01-31 met"


def test_started_by_a_timing_it_sees_what_was_before_that_day(engine):
    """The state is left on 11 January, due on the 10th: the events of the 11th are not there yet."""
    falls = timing("falls", "stable", days=9, leads_to="lost")
    disease = care(falls, timing("t", "lost", days="events().count() + 20", kinds="follow_up"))
    events = """
        who  date        kind
        P1   2024-01-01  diagnosis
        P1   2024-01-05  test
        P1   2024-01-11  test
    """
    assert due(engine, disease, events, until="2024-01-20")[1:] == ["2024-01-11 2024-02-02 open"]


def test_at_the_start_of_observed_time_it_sees_no_event(engine):
    """The clock of the initial state starts with birth; of somebody whose birth is unknown, before the first event."""
    disease = care(timing("t", "outside", days="events().count() + 20", kinds="call"))
    assert due(engine, disease, until="1960-02-10") == ["1960-01-31 1960-02-20 open"]
    assert due(engine, disease, people="who birth\nP1 .")[0].startswith("2024-01-31 2024-02-20")


# HOW LONG IT CANNOT BE


def test_a_run_is_never_due_before_it_starts(engine):
    """A length below nothing is nothing: due on the day itself, late on the next."""
    disease = care(timing("t", "stable", days="0 - age(on=PERIOD.end)", kinds="follow_up", leads_to="lost"))
    assert due(engine, disease) == ["2024-01-31 2024-01-31 breached"]
    assert engine.moves(disease, FOUND, people=PEOPLE, until="2024-12-31")[2:] == ["P1 2024-02-01 stable lost t"]


def test_nor_where_the_length_leads_before_the_first_year(engine):
    """However far below nothing it is, in months as in days."""
    for length in ({"days": "age(on=PERIOD.end) * -1e9"}, {"months": "age(on=PERIOD.end) * -1e9"}):
        assert due(engine, care(timing("t", "stable", kinds="follow_up", **length))) == [
            "2024-01-31 2024-01-31 breached"
        ]


def test_movers_run_as_long_as_is_worked_out_too(engine):
    """One that repeats and leads to ``lost``: from the diagnosis 30 days, from a follow-up as many as its pressure."""
    interval = 'case((events("follow_up").exists(), events("follow_up").last().sbp - 100), 30)'
    disease = care(timing("t", "stable", days=interval, kinds="follow_up", repeats=True, leads_to="lost"))
    events = """
        who  date        kind       sbp
        P1   2024-01-01  diagnosis  .
        P1   2024-01-31  follow_up  120
        P2   2024-01-01  diagnosis  .
        P2   2024-01-20  follow_up  .
        P3   2024-01-01  diagnosis  .
        P3   2024-02-01  follow_up  120
    """
    assert engine.moves(disease, events, until="2024-12-31") == lines("""
        who date       from    to     cause
        P1  2024-01-01 outside stable diagnosis#1
        P1  2024-02-21 stable  lost   t
        P2  2024-01-01 outside stable diagnosis#1
        P3  2024-01-01 outside stable diagnosis#1
        P3  2024-02-01 stable  lost   t
    """)


def test_movers_that_start_at_the_beginning_or_because_time_passed(engine):
    """Ten days after birth, which nothing precedes, the state is left; what follows sees the events before that day."""
    first = timing("first", "outside", days="events().count() + 10", leads_to="stable")
    second = timing("second", "stable", days="events().count() + 20", leads_to="lost")
    events = """
        who  date        kind
        P1   1960-02-03  test
        P1   1960-02-11  test
    """
    assert engine.moves(care(first, second), events, people=PEOPLE, until="1960-12-31") == lines("""
        who date       from    to     cause
        P1  1960-02-11 outside stable first
        P1  1960-03-04 stable  lost   second
    """)


def test_a_day_that_cannot_be_written_starts_no_clock(engine):
    """A length that leads beyond the year 9999 is no length."""
    for length in ({"days": "age(on=PERIOD.end) * 1e9"}, {"months": "age(on=PERIOD.end) * 1e9"}, {"months": 1e6}):
        assert due(engine, care(timing("t", "stable", kinds="follow_up", **length))) == []


# FROM WHICH DAY

APPOINTED = evolve(
    CARE,
    pathway=evolve(
        CARE.pathway,
        signals=(signal("found", "appointment"), signal("high", "follow_up"), signal("close", "exit")),
        transitions=(move("outside closed", "found", "stable"), move("stable", "high", "high")),
    ),
)


def appointed(*timings):
    """Give the pathway in which an appointment leads to ``stable``, with some timings."""
    return evolve(APPOINTED, pathway=evolve(APPOINTED.pathway, timings=timings))


def test_a_clock_that_starts_from_a_date_in_the_event(engine):
    """Seven days after the day of the appointment, whenever it was made; the run starts when it was made."""
    disease = appointed(timing("t", "stable", days=7, starts_from="until", kinds="call"))
    events = """
        who  date        kind         until
        P1   2024-01-10  appointment  2024-02-01
        P2   2024-01-10  appointment  .
        P3   2024-01-10  appointment  2024-01-01
    """
    found = engine.obligations(disease, events, until="2024-01-31")
    assert found == lines("""
        who timing started    due        outcome  ended      by resolved
        P1  t      2024-01-10 2024-02-08 open     .          .  .
        P3  t      2024-01-10 2024-01-10 breached 2024-01-11 .  .
    """)


def test_months_and_worked_out_lengths_count_from_that_date(engine):
    """A calendar month after 31 January is 29 February."""
    events = """
        who  date        kind         until
        P1   2024-01-10  appointment  2024-01-31
    """
    for length in ({"months": 1}, {"months": "events().count()"}):
        disease = appointed(timing("t", "stable", starts_from="until", kinds="call", **length))
        assert due(engine, disease, events, until="2024-01-31") == ["2024-01-10 2024-02-29 open"]


def test_a_repeating_clock_starts_from_the_date_of_what_meets_it(engine):
    """Each appointment says when the next is due; one without a day ends it."""
    disease = appointed(timing("t", "stable", days=1, starts_from="until", kinds="appointment", repeats=True))
    events = """
        who  date        kind         until
        P1   2024-01-10  appointment  2024-01-31
        P1   2024-01-30  appointment  2024-03-01
        P1   2024-02-10  appointment  .
        P1   2024-02-20  appointment  2024-04-01
    """
    assert due(engine, disease, events) == ["2024-01-10 2024-02-01 met", "2024-01-30 2024-03-02 met"]


def test_what_no_event_starts_has_no_such_date(engine):
    """A state entered because time passed, and the initial state at birth, start no clock that counts from a date."""
    falls = timing("falls", "stable", days=9, leads_to="lost")
    disease = appointed(
        falls,
        timing("t", "lost", days=7, starts_from="until", kinds="call"),
        timing("u", "outside", days=7, starts_from="until", kinds="call"),
    )
    events = """
        who  date        kind         until
        P1   2024-01-10  appointment  2024-01-31
    """
    assert due(engine, disease, events, people="who birth\nP1 .") == ["2024-01-10 2024-01-19 breached"]


def test_a_log_without_such_dates_starts_no_clock(engine):
    """Where no event has a day of an appointment there is none to count from; the event's own day is always there."""
    events = "who date kind\nP1 2024-01-10 appointment"
    assert due(engine, appointed(timing("t", "stable", days=7, starts_from="until", kinds="call")), events) == []
    disease = appointed(timing("t", "stable", days=7, starts_from="date", kinds="call"))
    assert due(engine, disease, events, until="2024-01-12") == ["2024-01-10 2024-01-17 open"]


# SIGNALS THAT LOOK BACK


def test_a_signal_may_look_back(engine):
    """Two readings above the limit within 30 days: the second is heard as what it is."""
    before = 'events("follow_up").within(between(this("date") - 30, this("date") - 1)).where(sbp >= 140).exists()'
    disease = evolve(
        CARE,
        pathway=evolve(
            CARE.pathway,
            signals=(signal("found", "diagnosis"), signal("high", "follow_up", when=f"sbp >= 140 and {before}")),
            transitions=(move("outside", "found", "stable"), move("stable", "high", "high")),
        ),
    )
    events = """
        who  date        kind       sbp
        P1   2024-01-01  diagnosis  .
        P1   2024-01-10  follow_up  150
        P1   2024-02-10  follow_up  150
        P1   2024-03-10  follow_up  150
        P2   2024-01-01  diagnosis  .
        P2   2024-02-10  follow_up  150
        P2   2024-03-11  follow_up  150
    """
    assert engine.moves(disease, events, until="2024-12-31") == lines("""
        who date       from    to     cause
        P1  2024-01-01 outside stable diagnosis#1
        P1  2024-03-10 stable  high   follow_up#4
        P2  2024-01-01 outside stable diagnosis#1
        P2  2024-03-11 stable  high   follow_up#3
    """)


def test_a_signal_never_hears_of_a_later_event_of_its_day(engine):
    """Up to the event itself in canonical order: the second of two on one day sees both, the first only itself."""
    disease = evolve(
        CARE,
        pathway=evolve(
            CARE.pathway,
            signals=(
                signal("found", "diagnosis"),
                signal("high", "follow_up", when='events("follow_up").within(on(this("date"))).count() == 2'),
            ),
            transitions=(move("outside", "found", "stable"), move("stable", "high", "high")),
        ),
    )
    events = """
        who  date        kind       sequence  sbp
        P1   2024-01-01  diagnosis  .         .
        P1   2024-01-10  follow_up  1         150
        P1   2024-01-10  follow_up  2         150
        P2   2024-01-01  diagnosis  .         .
        P2   2024-01-10  follow_up  1         150
        P2   2024-01-11  follow_up  1         150
    """
    assert engine.moves(disease, events, until="2024-12-31")[2] == "P1 2024-01-10 stable high follow_up#3"
    assert len(engine.moves(disease, events, until="2024-12-31")) == 4


def test_what_meets_a_timing_may_look_back(engine):
    """Met by the second follow-up since the diagnosis."""
    second = 'events("follow_up").within(until(this("date"))).count() >= 2'
    disease = care(timing("t", "stable", days=60, kinds="follow_up", met_by=second))
    events = """
        who  date        kind
        P1   2024-01-01  diagnosis
        P1   2024-01-10  follow_up
        P1   2024-01-20  follow_up
    """
    found = engine.obligations(disease, events, until="2024-12-31")
    assert found[1:] == ["P1 t 2024-01-01 2024-03-01 met 2024-01-20 follow_up#3 ."]
