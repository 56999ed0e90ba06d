"""Timings: when a clock starts, what meets it, when it falls, and where that leads."""

from attrs import evolve
from pathways import CARE, care, hearing, move, signal, timing
from tables import lines

from singledisease.definitions.disease import Service

REVIEW = timing("review", "high", days=14, kinds="follow_up", leads_to="referred")
SILENCE = timing("silence", "stable high", months=12, kinds="diagnosis follow_up", repeats=True, leads_to="lost")
ROUTINE = timing("routine", "stable high", days=90, kinds="follow_up", repeats=True)


def test_an_event_on_the_due_day_meets_it(engine):
    """Due on day d: an event on d is in time, one on d + 1 is not."""
    once = timing("once", "stable", days=10, kinds="checkup")
    events = """
        who date        kind
        P1  2024-01-01  diagnosis
        P1  2024-01-11  checkup
        P2  2024-01-01  diagnosis
        P2  2024-01-12  checkup
    """
    assert engine.obligations(care(once), events, until="2024-12-31") == lines("""
        who timing  started     due         outcome   ended       by         resolved
        P1  once    2024-01-01  2024-01-11  met       2024-01-11  checkup#2  .
        P2  once    2024-01-01  2024-01-11  breached  2024-01-12  checkup#2  2024-01-12
    """)


def test_it_falls_before_the_events_of_the_day_after(engine):
    """On the day after the due day the state has moved before that day's events are heard."""
    events = """
        who date        kind       sbp
        P1  2024-01-01  diagnosis  .
        P1  2024-02-01  follow_up  150
        P1  2024-02-16  follow_up  130
        P2  2024-01-01  diagnosis  .
        P2  2024-02-01  follow_up  150
        P2  2024-02-15  follow_up  130
    """
    assert engine.moves(care(REVIEW), events, until="2024-12-31") == lines("""
        who date        from      to        cause
        P1  2024-01-01  outside   stable    diagnosis#1
        P1  2024-02-01  stable    high      follow_up#2
        P1  2024-02-16  high      referred  review
        P1  2024-02-16  referred  stable    follow_up#3
        P2  2024-01-01  outside   stable    diagnosis#1
        P2  2024-02-01  stable    high      follow_up#2
        P2  2024-02-15  high      stable    follow_up#3
    """)


def test_time_passes_after_the_last_event(engine):
    """A clock falls without any event on its day, up to the last observed day and not beyond."""
    events = """
        who date        kind       sbp
        P1  2024-01-01  diagnosis  .
        P1  2024-02-01  follow_up  150
    """
    until_it_falls = engine.spells(care(REVIEW), events, until="2024-02-16")
    until_it_is_due = engine.spells(care(REVIEW), events, until="2024-02-15")
    assert until_it_falls == lines("""
        who state     from        to          cause
        P1  stable    2024-01-01  2024-01-31  diagnosis#1
        P1  high      2024-02-01  2024-02-15  follow_up#2
        P1  referred  2024-02-16  2024-02-16  review
    """)
    assert until_it_is_due == lines("""
        who state     from        to          cause
        P1  stable    2024-01-01  2024-01-31  diagnosis#1
        P1  high      2024-02-01  2024-02-15  follow_up#2
    """)


def test_twelve_months_are_calendar_months(engine):
    """Last contact on 10 February 2023: lost from 11 February 2024; on 29 February 2024: from 1 March 2025."""
    events = """
        who date        kind
        P1  2023-02-10  diagnosis
        P2  2024-02-29  diagnosis
        P3  2023-08-31  diagnosis
    """
    assert engine.spells(care(SILENCE), events, until="2025-12-31") == lines("""
        who state   from        to          cause
        P1  stable  2023-02-10  2024-02-10  diagnosis#1
        P1  lost    2024-02-11  2025-12-31  silence
        P2  stable  2024-02-29  2025-02-28  diagnosis#1
        P2  lost    2025-03-01  2025-12-31  silence
        P3  stable  2023-08-31  2024-08-31  diagnosis#1
        P3  lost    2024-09-01  2025-12-31  silence
    """)


def test_a_month_that_lacks_the_day_takes_its_last(engine):
    """One month from 31 January is the last day of February, leap year or not."""
    monthly = timing("monthly", "stable", months=1, kinds="checkup")
    events = """
        who date        kind
        P1  2023-01-31  diagnosis
        P2  2024-01-31  diagnosis
        P3  2024-03-31  diagnosis
    """
    assert engine.obligations(care(monthly), events, until="2024-03-31") == lines("""
        who timing   started     due         outcome   ended       by  resolved
        P1  monthly  2023-01-31  2023-02-28  breached  2023-03-01  .   .
        P2  monthly  2024-01-31  2024-02-29  breached  2024-03-01  .   .
        P3  monthly  2024-03-31  2024-04-30  open      .           .   .
    """)


def test_a_repeating_clock_starts_again_with_each_event_that_meets_it(engine):
    """Every follow-up meets the running obligation and begins the next."""
    events = """
        who date        kind
        P1  2024-01-01  diagnosis
        P1  2024-02-01  follow_up
        P1  2024-05-01  follow_up
    """
    assert engine.obligations(care(ROUTINE), events, until="2024-12-31") == lines("""
        who timing   started     due         outcome   ended       by           resolved
        P1  routine  2024-01-01  2024-03-31  met       2024-02-01  follow_up#2  .
        P1  routine  2024-02-01  2024-05-01  met       2024-05-01  follow_up#3  .
        P1  routine  2024-05-01  2024-07-30  breached  2024-07-31  .            .
    """)


def test_what_is_missed_is_made_good_late(engine):
    """A missed obligation stays overdue until an event resolves it; a repeating one then starts from that day."""
    events = """
        who date        kind
        P1  2024-01-01  diagnosis
        P1  2024-06-01  follow_up
    """
    assert engine.obligations(care(ROUTINE), events, until="2024-06-30") == lines("""
        who timing   started     due         outcome   ended       by           resolved
        P1  routine  2024-01-01  2024-03-31  breached  2024-04-01  follow_up#2  2024-06-01
        P1  routine  2024-06-01  2024-08-30  open      .           .            .
    """)


def test_a_clock_that_does_not_repeat_is_done_until_its_states_are_entered_anew(engine):
    """Met once, it does not start again until its states are left and entered again."""
    once = timing("once", "stable", days=10, kinds="checkup")
    events = """
        who date        kind
        P1  2024-01-01  diagnosis
        P1  2024-01-05  checkup
        P1  2024-01-06  checkup
        P1  2024-02-01  exit
        P1  2024-03-01  diagnosis
    """
    assert engine.obligations(care(once), events, until="2024-03-05") == lines("""
        who timing  started     due         outcome  ended       by         resolved
        P1  once    2024-01-01  2024-01-11  met      2024-01-05  checkup#2  .
        P1  once    2024-03-01  2024-03-11  open     .           .          .
    """)


def test_a_move_within_its_states_leaves_a_clock_running(engine):
    """From stable to high the routine clock, which is of both, goes on; it starts only when the set is entered."""
    unmet = timing("unmet", "stable high", days=90, kinds="checkup")
    events = """
        who date        kind       sbp
        P1  2024-01-01  diagnosis  .
        P1  2024-02-01  follow_up  150
        P1  2024-03-01  exit       .
    """
    assert engine.obligations(care(unmet), events, until="2024-12-31") == lines("""
        who timing  started     due         outcome    ended       by  resolved
        P1  unmet   2024-01-01  2024-03-31  cancelled  2024-03-01  .   .
    """)


def test_leaving_the_states_resolves_what_is_overdue(engine):
    """An overdue obligation whose states are left is over that day; nobody made it good."""
    once = timing("once", "stable", days=10, kinds="checkup")
    events = """
        who date        kind
        P1  2024-01-01  diagnosis
        P1  2024-02-01  exit
    """
    assert engine.obligations(care(once), events, until="2024-12-31") == lines("""
        who timing  started     due         outcome   ended       by  resolved
        P1  once    2024-01-01  2024-01-11  breached  2024-01-12  .   2024-02-01
    """)


def test_the_event_that_enters_the_states_does_not_meet_the_clock(engine):
    """A follow-up that makes the state high starts the review; it is not its own review."""
    events = """
        who date        kind       sequence  sbp
        P1  2024-01-01  diagnosis  .         .
        P1  2024-02-01  follow_up  1         150
        P2  2024-01-01  diagnosis  .         .
        P2  2024-02-01  follow_up  1         150
        P2  2024-02-01  follow_up  2         160
    """
    assert engine.obligations(care(REVIEW), events, until="2024-02-10") == lines("""
        who timing  started     due         outcome  ended       by           resolved
        P1  review  2024-02-01  2024-02-15  open     .           .            .
        P2  review  2024-02-01  2024-02-15  met      2024-02-01  follow_up#3  .
    """)


def test_meeting_comes_before_moving(engine):
    """A follow-up first meets the routine clock, which starts again, and then leaves its states and cancels it."""
    events = """
        who date        kind       sbp
        P1  2024-01-01  diagnosis  .
        P1  2024-02-01  follow_up  150
        P1  2024-02-05  follow_up  160
    """
    assert engine.obligations(care(ROUTINE), events, until="2024-12-31") == lines("""
        who timing   started     due         outcome    ended       by           resolved
        P1  routine  2024-01-01  2024-03-31  met        2024-02-01  follow_up#2  .
        P1  routine  2024-02-01  2024-05-01  met        2024-02-05  follow_up#3  .
        P1  routine  2024-02-05  2024-05-05  cancelled  2024-02-05  .            .
    """)


def test_only_what_meets_the_condition_meets(engine):
    """A condition that is false or unknown meets nothing; an event of another disease neither."""
    face_to_face = timing("seen", "stable", days=30, kinds="follow_up", met_by='mode == "clinic"')
    events = """
        who date        kind       mode    disease
        P1  2024-01-01  diagnosis  .       .
        P1  2024-01-02  follow_up  phone   .
        P1  2024-01-03  follow_up  .       .
        P1  2024-01-04  follow_up  clinic  other
        P1  2024-01-05  follow_up  clinic  care
    """
    assert engine.obligations(care(face_to_face), events, until="2024-12-31") == lines("""
        who timing  started     due         outcome  ended       by           resolved
        P1  seen    2024-01-01  2024-01-31  met      2024-01-05  follow_up#5  .
    """)


def test_a_condition_without_kinds_is_met_by_any_kind(engine):
    """A timing that names no kind but a condition is met by whatever fulfils the condition."""
    measured = timing("measured", "stable", days=30, met_by="sbp.known()")
    events = """
        who date        kind         sbp
        P1  2024-01-01  diagnosis    .
        P1  2024-01-02  call         .
        P1  2024-01-03  home_oxygen  120
    """
    assert engine.obligations(care(measured), events, until="2024-12-31") == lines("""
        who timing    started     due         outcome  ended       by             resolved
        P1  measured  2024-01-01  2024-01-31  met      2024-01-03  home_oxygen#3  .
    """)


def test_a_time_out_is_met_by_nothing(engine):
    """A timing without kinds and condition passes, whatever happens."""
    fixed = timing("fixed", "high", days=28, leads_to="stable")
    events = """
        who date        kind       sbp
        P1  2024-01-01  diagnosis  .
        P1  2024-02-01  follow_up  150
        P1  2024-02-15  checkup    150
    """
    assert engine.moves(care(fixed), events, until="2024-12-31") == lines("""
        who date        from     to      cause
        P1  2024-01-01  outside  stable  diagnosis#1
        P1  2024-02-01  stable   high    follow_up#2
        P1  2024-03-01  high     stable  fixed
    """)


def test_the_clocks_of_the_initial_state_start_with_observed_time(engine):
    """Who is born into a state is in it from birth: its clocks start that day."""
    first = timing("first", "outside", days=30, kinds="checkup")
    assert engine.obligations(care(first), people="who birth\nP1 2024-01-01", until="2024-12-31") == lines("""
        who timing  started     due         outcome   ended       by  resolved
        P1  first   2024-01-01  2024-01-31  breached  2024-02-01  .   .
    """)


def test_the_earliest_due_falls_first(engine):
    """Of two clocks that lead somewhere the one due earlier moves, and cancels the other, declared first or not."""
    slow = timing("slow", "stable", days=11, leads_to="lost")
    fast = timing("fast", "stable", days=10, leads_to="closed")
    events = """
        who date        kind
        P1  2024-01-01  diagnosis
        P1  2024-03-01  call
    """
    assert engine.obligations(care(slow, fast), events, until="2024-12-31") == lines("""
        who timing  started     due         outcome    ended       by  resolved
        P1  slow    2024-01-01  2024-01-12  cancelled  2024-01-12  .   .
        P1  fast    2024-01-01  2024-01-11  breached   2024-01-12  .   2024-01-12
    """)


def test_of_several_on_one_day_those_that_do_not_move_fall_first(engine):
    """A breach on the day of a move is still a breach, though it is declared after the clock that moves."""
    moving = timing("moving", "stable", days=10, leads_to="lost")
    staying = timing("staying", "stable", days=10, kinds="checkup")
    events = """
        who date        kind
        P1  2024-01-01  diagnosis
    """
    assert engine.obligations(care(moving, staying), events, until="2024-12-31") == lines("""
        who timing   started     due         outcome   ended       by  resolved
        P1  moving   2024-01-01  2024-01-11  breached  2024-01-12  .   2024-01-12
        P1  staying  2024-01-01  2024-01-11  breached  2024-01-12  .   2024-01-12
    """)


def test_of_several_that_move_the_first_declared_moves_and_cancels_the_rest(engine):
    """Two that lead elsewhere are due on one day: the one declared first falls, the other is cancelled."""
    to_lost = timing("to_lost", "stable", days=10, leads_to="lost")
    to_closed = timing("to_closed", "stable", days=10, leads_to="closed")
    events = """
        who date        kind
        P1  2024-01-01  diagnosis
    """
    assert engine.obligations(care(to_lost, to_closed), events, until="2024-12-31") == lines("""
        who timing     started     due         outcome    ended       by  resolved
        P1  to_lost    2024-01-01  2024-01-11  breached   2024-01-12  .   2024-01-12
        P1  to_closed  2024-01-01  2024-01-11  cancelled  2024-01-12  .   .
    """)


def test_falls_follow_one_another(engine):
    """A clock that a fall starts may fall itself before the next event comes."""
    first = timing("first", "stable", days=10, leads_to="high")
    second = timing("second", "high", days=20, leads_to="lost")
    events = """
        who date        kind
        P1  2024-01-01  diagnosis
        P1  2024-06-01  call
    """
    assert engine.spells(care(first, second), events, until="2024-12-31") == lines("""
        who state   from        to          cause
        P1  stable  2024-01-01  2024-01-11  diagnosis#1
        P1  high    2024-01-12  2024-02-01  first
        P1  lost    2024-02-02  2024-12-31  second
    """)


def test_a_clock_that_moved_the_person_is_over(engine):
    """A clock falls once, however long time goes on: its states were left."""
    events = """
        who date        kind
        P1  2024-01-01  diagnosis
    """
    assert engine.moves(care(SILENCE), events, until="2030-12-31") == lines("""
        who date        from     to      cause
        P1  2024-01-01  outside  stable  diagnosis#1
        P1  2025-01-02  stable   lost    silence
    """)


def test_an_event_brings_back_and_starts_the_clock_again(engine):
    """After silence the next contact leads back; the clock starts from that day."""
    signals = (*CARE.pathway.signals, signal("back", "follow_up"))
    back = hearing((*CARE.pathway.transitions, move("lost", "back", "stable")), signals)
    disease = evolve(back, pathway=evolve(back.pathway, timings=(SILENCE,)))
    events = """
        who date        kind
        P1  2023-01-01  diagnosis
        P1  2024-01-02  follow_up
    """
    assert engine.spells(disease, events, until="2025-12-31") == lines("""
        who state   from        to          cause
        P1  stable  2023-01-01  2025-01-02  diagnosis#1
        P1  lost    2025-01-03  2025-12-31  silence
    """)
    assert engine.moves(disease, events, until="2025-12-31") == lines("""
        who date        from     to      cause
        P1  2023-01-01  outside  stable  diagnosis#1
        P1  2024-01-02  stable   lost    silence
        P1  2024-01-02  lost     stable  follow_up#2
        P1  2025-01-03  stable   lost    silence
    """)


def test_another_day_counts_from_the_true_entry_also_after_a_fall(engine):
    """A state entered by a clock at the start of a day was entered that day: that day is not another day."""
    to_high = timing("to_high", "stable", days=10, leads_to="high")
    events = """
        who date        kind       sbp
        P1  2024-01-01  diagnosis  .
        P1  2024-01-12  follow_up  150
        P1  2024-01-13  follow_up  150
    """
    assert engine.moves(care(to_high), events, until="2024-12-31") == lines("""
        who date        from     to        cause
        P1  2024-01-01  outside  stable    diagnosis#1
        P1  2024-01-12  stable   high      to_high
        P1  2024-01-13  high     referred  follow_up#3
    """)


def test_services_are_clocks_after_those_of_the_pathway(engine):
    """A service's timing runs like any other, and stands after the pathway's."""
    yearly = Service(timing=timing("yearly", "stable", months=12, kinds="checkup"), role="doctor", levels=("village",))
    disease = evolve(care(ROUTINE), services=(yearly,))
    events = """
        who date        kind
        P1  2024-01-01  diagnosis
    """
    assert engine.obligations(disease, events, until="2024-01-31") == lines("""
        who timing   started     due         outcome  ended  by  resolved
        P1  routine  2024-01-01  2024-03-31  open     .      .   .
        P1  yearly   2024-01-01  2025-01-01  open     .      .   .
    """)


def test_a_service_that_leads_somewhere_moves_whoever_misses_it(engine):
    """Obligations or not: missing it is a move on the day after it was due."""
    visit = timing("visit", "stable", days=10, kinds="follow_up", leads_to="lost")
    disease = evolve(care(ROUTINE), services=(Service(timing=visit, role="doctor", levels=("village",)),))
    events = """
        who date        kind
        P1  2024-01-01  diagnosis
    """
    assert engine.moves(disease, events, until="2024-01-31") == lines("""
        who date        from     to      cause
        P1  2024-01-01  outside  stable  diagnosis#1
        P1  2024-01-12  stable   lost    visit
    """)
