"""Observed time and the states in it."""

from pathways import CARE, hearing, move
from tables import lines


def test_time_is_observed_from_birth(engine):
    """Who was never heard of is in the initial state from birth to the last day."""
    found = engine.spells(CARE, people="who birth\nP1 1960-02-29", until="2024-12-31")
    assert found == lines("""
        who state    from        to          cause
        P1  outside  1960-02-29  2024-12-31  .
    """)


def test_time_is_observed_from_the_first_event_if_the_birth_date_is_blank(engine):
    """Without a birth date the first event of any kind begins observed time, and is itself heard."""
    events = """
        who  date        kind
        P1   2024-03-01  call
        P1   2024-05-01  diagnosis
        P2   2024-05-01  diagnosis
    """
    assert engine.spells(CARE, events, until="2024-12-31") == lines("""
        who state    from        to          cause
        P1  outside  2024-03-01  2024-04-30  .
        P1  stable   2024-05-01  2024-12-31  diagnosis#2
        P2  stable   2024-05-01  2024-12-31  diagnosis#1
    """)


def test_the_first_event_begins_time_even_if_it_is_of_another_disease(engine):
    """Observed time begins with the first event of the whole log; only what concerns the disease is heard."""
    events = """
        who  date        kind       disease
        P1   2024-03-01  diagnosis  other
        P1   2024-05-01  diagnosis  care|other
    """
    assert engine.spells(CARE, events, until="2024-12-31") == lines("""
        who state    from        to          cause
        P1  outside  2024-03-01  2024-04-30  .
        P1  stable   2024-05-01  2024-12-31  diagnosis#2
    """)


def test_nobody_is_observed_without_birth_date_and_events(engine):
    """Neither a birth date nor an event: no observed time, no spell."""
    assert engine.spells(CARE, people="who birth\nP1 .", until="2024-12-31") == lines("who state from to cause")


def test_nobody_is_observed_before_birth(engine):
    """Who is born after the last day has no spell; born on the last day, one of one day."""
    people = """
        who  birth
        P1   2024-12-31
        P2   2025-01-01
    """
    assert engine.spells(CARE, people=people, until="2024-12-31") == lines("""
        who state    from        to          cause
        P1  outside  2024-12-31  2024-12-31  .
    """)


def test_events_after_the_last_day_are_not_taken(engine):
    """The last observed day is heard, the day after is not."""
    events = """
        who  date        kind
        P1   2024-12-31  diagnosis
        P2   2024-01-01  call
        P2   2025-01-01  diagnosis
        P3   2025-01-01  diagnosis
    """
    assert engine.spells(CARE, events, until="2024-12-31") == lines("""
        who state    from        to          cause
        P1  stable   2024-12-31  2024-12-31  diagnosis#1
        P2  outside  2024-01-01  2024-12-31  .
    """)


def test_the_state_on_a_day_is_the_state_at_its_end(engine):
    """A state entered and left within a day leaves no spell, but stays in the history."""
    events = """
        who  date        kind       sbp
        P1   2024-01-01  diagnosis  .
        P1   2024-03-01  follow_up  150
        P1   2024-03-01  exit       .
    """
    assert engine.spells(CARE, events, until="2024-12-31") == lines("""
        who state   from        to          cause
        P1  stable  2024-01-01  2024-02-29  diagnosis#1
        P1  closed  2024-03-01  2024-12-31  exit#3
    """)
    assert engine.moves(CARE, events, until="2024-12-31") == lines("""
        who date        from     to      cause
        P1  2024-01-01  outside  stable  diagnosis#1
        P1  2024-03-01  stable   high    follow_up#2
        P1  2024-03-01  high     closed  exit#3
    """)


def test_a_state_left_and_entered_again_on_one_day_goes_on(engine):
    """There and back within a day is no new spell: the state at the end of the day before is the same."""
    events = """
        who  date        kind       sequence  sbp
        P1   2024-01-01  diagnosis  .         .
        P1   2024-03-01  follow_up  1         150
        P1   2024-03-01  follow_up  2         130
    """
    assert engine.spells(CARE, events, until="2024-12-31") == lines("""
        who state   from        to          cause
        P1  stable  2024-01-01  2024-12-31  diagnosis#1
    """)


def test_there_and_back_on_the_first_day_has_no_cause(engine):
    """On the first observed day the initial state is there from the start, also if it was left and come back to."""
    moves = (move("outside", "found", "stable"), move("stable", "close", "outside"))
    events = """
        who  date        kind
        P1   2024-01-01  diagnosis
        P1   2024-01-01  exit
    """
    assert engine.spells(hearing(moves), events, until="2024-12-31") == lines("""
        who state    from        to          cause
        P1  outside  2024-01-01  2024-12-31  .
    """)


def test_every_row_knows_the_state_at_the_end_of_its_day(engine):
    """A row knows the end of its day, whatever came before or after it; a row after the last day knows nothing."""
    events = """
        who  date        kind       sbp
        P1   2024-01-01  call       .
        P1   2024-03-01  diagnosis  .
        P1   2024-03-01  follow_up  150
        P1   2025-01-01  exit       .
    """
    assert engine.at_rows(CARE, events, until="2024-12-31") == lines("""
        who date        kind       state
        P1  2024-01-01  call       outside
        P1  2024-03-01  diagnosis  high
        P1  2024-03-01  follow_up  high
        P1  2025-01-01  exit       .
    """)


def test_people_do_not_share_states(engine):
    """What one person does moves nobody else."""
    events = """
        who  date        kind
        P1   2024-01-01  diagnosis
        P2   2024-02-01  call
        P3   2024-01-01  diagnosis
        P3   2024-02-01  exit
    """
    assert engine.spells(CARE, events, until="2024-12-31") == lines("""
        who state    from        to          cause
        P1  stable   2024-01-01  2024-12-31  diagnosis#1
        P2  outside  2024-02-01  2024-12-31  .
        P3  stable   2024-01-01  2024-01-31  diagnosis#1
        P3  closed   2024-02-01  2024-12-31  exit#2
    """)
