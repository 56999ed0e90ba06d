"""Death closes every course, last of all that day."""

from attrs import evolve
from pathways import CARE, care, hearing, move, timing
from tables import lines


def test_a_death_date_closes_the_course(engine):
    """From the death date on the person is in the state of the dead; nothing in the log is its cause."""
    people = """
        who birth       death
        P1  1960-01-01  2024-03-01
    """
    assert engine.spells(CARE, people=people, until="2024-12-31") == lines("""
        who state    from        to          cause
        P1  outside  1960-01-01  2024-02-29  .
        P1  dead     2024-03-01  2024-12-31  .
    """)


def test_a_death_after_the_last_day_is_not_reached(engine):
    """Who dies on the last day is dead at its end; who dies on the day after is not yet."""
    people = """
        who birth       death
        P1  2024-01-01  2024-12-31
        P2  2024-01-01  2025-01-01
    """
    assert engine.spells(CARE, people=people, until="2024-12-31") == lines("""
        who state    from        to          cause
        P1  outside  2024-01-01  2024-12-30  .
        P1  dead     2024-12-31  2024-12-31  .
        P2  outside  2024-01-01  2024-12-31  .
    """)


def test_an_exit_with_reason_died_is_a_death_whatever_its_tag(engine):
    """A death recorded for another disease closes this course too, with that exit as its cause."""
    events = """
        who date        kind       reason  disease
        P1  2024-01-01  diagnosis  .       .
        P1  2024-03-01  exit       died    other
    """
    assert engine.spells(CARE, events, until="2024-12-31") == lines("""
        who state   from        to          cause
        P1  stable  2024-01-01  2024-02-29  diagnosis#1
        P1  dead    2024-03-01  2024-12-31  exit#2
    """)


def test_death_is_last_of_all_that_day(engine):
    """What stands after the exit within its day is heard first; what comes on a later day is not heard at all."""
    events = """
        who date        kind       sequence  reason  sbp
        P1  2024-01-01  diagnosis  .         .       .
        P1  2024-03-01  exit       1         died    .
        P1  2024-03-01  follow_up  2         .       150
        P1  2024-03-02  follow_up  .         .       130
    """
    assert engine.moves(CARE, events, until="2024-12-31") == lines("""
        who date        from     to      cause
        P1  2024-01-01  outside  stable  diagnosis#1
        P1  2024-03-01  stable   high    follow_up#3
        P1  2024-03-01  high     dead    exit#2
    """)


def test_a_died_exit_is_no_signal(engine):
    """An exit with reason died does not close the course the way another exit does."""
    events = """
        who date        kind       reason
        P1  2024-01-01  diagnosis  .
        P1  2024-03-01  exit       died
        P2  2024-01-01  diagnosis  .
        P2  2024-03-01  exit       moved
    """
    assert engine.at_rows(CARE, events, until="2024-12-31") == lines("""
        who date        kind       state
        P1  2024-01-01  diagnosis  stable
        P1  2024-03-01  exit       dead
        P2  2024-01-01  diagnosis  stable
        P2  2024-03-01  exit       closed
    """)


def test_an_exit_on_the_death_date_is_its_cause(engine):
    """Death date and exit on one day are one death, caused by the exit; of two exits the first."""
    events = """
        who date        kind  reason  disease
        P1  2024-03-01  exit  died    care
        P1  2024-03-01  exit  died    other
    """
    people = """
        who birth       death
        P1  1960-01-01  2024-03-01
    """
    assert engine.moves(CARE, events, people=people, until="2024-12-31") == lines("""
        who date        from     to    cause
        P1  2024-03-01  outside  dead  exit#1
    """)


def test_the_earlier_of_death_date_and_exit_counts(engine):
    """An exit before the death date is the death; the death date then changes nothing."""
    events = """
        who date        kind  reason
        P1  2024-03-01  exit  died
    """
    people = """
        who birth       death
        P1  1960-01-01  2024-03-05
    """
    assert engine.moves(CARE, events, people=people, until="2024-12-31") == lines("""
        who date        from     to    cause
        P1  2024-03-01  outside  dead  exit#1
    """)


def test_the_dead_are_not_found_again(engine):
    """After death nothing is heard: no diagnosis opens the course again."""
    events = """
        who date        kind       reason
        P1  2024-03-01  exit       died
        P1  2024-04-01  diagnosis  .
    """
    assert engine.spells(CARE, events, until="2024-12-31") == lines("""
        who state  from        to          cause
        P1  dead   2024-03-01  2024-12-31  exit#1
    """)


def test_clocks_fall_before_a_death_on_the_same_day(engine):
    """What was due the day before death falls at the start of its day; what is due later is cancelled by it."""
    late = timing("late", "stable", days=10, kinds="checkup", leads_to="lost")
    due_later = timing("due_later", "stable lost", days=11, kinds="checkup")
    events = """
        who date        kind       reason
        P1  2024-01-01  diagnosis  .
        P1  2024-01-12  exit       died
    """
    assert engine.moves(care(late, due_later), events, until="2024-12-31") == lines("""
        who date        from     to      cause
        P1  2024-01-01  outside  stable  diagnosis#1
        P1  2024-01-12  stable   lost    late
        P1  2024-01-12  lost     dead    exit#2
    """)
    assert engine.obligations(care(late, due_later), events, until="2024-12-31") == lines("""
        who timing     started     due         outcome    ended       by  resolved
        P1  late       2024-01-01  2024-01-11  breached   2024-01-12  .   2024-01-12
        P1  due_later  2024-01-01  2024-01-12  cancelled  2024-01-12  .   .
    """)


def test_a_died_exit_meets_what_an_exit_meets(engine):
    """As an event like any other an exit for death fulfils a timing that an exit fulfils."""
    told = timing("told", "stable", days=10, kinds="exit")
    events = """
        who date        kind       reason  disease
        P1  2024-01-01  diagnosis  .       .
        P1  2024-01-05  exit       died    other
    """
    assert engine.obligations(care(told), events, until="2024-12-31") == lines("""
        who timing  started     due         outcome  ended       by      resolved
        P1  told    2024-01-01  2024-01-11  met      2024-01-05  exit#2  .
    """)


def test_nothing_starts_with_death(engine):
    """A clock that names the state of the dead ends on the day of death and does not start."""
    always = timing("always", "outside stable dead", days=10, repeats=True, kinds="checkup")
    only_dead = timing("only_dead", "dead", days=10)
    people = """
        who birth       death
        P1  2024-03-01  2024-03-05
    """
    assert engine.obligations(care(always, only_dead), people=people, until="2024-12-31") == lines("""
        who timing  started     due         outcome    ended       by  resolved
        P1  always  2024-03-01  2024-03-11  cancelled  2024-03-05  .   .
    """)


def test_who_is_counted_dead_already_dies_without_a_move(engine):
    """Led to the state of the dead by something else, a person who dies stays there; clocks end that day."""
    moves = (move("outside", "found", "stable"), move("stable", "close", "dead"))
    always = timing("always", "stable dead", days=100, kinds="checkup")
    disease = hearing(moves)
    with_clock = evolve(disease, pathway=evolve(disease.pathway, timings=(always,)))
    events = """
        who date        kind       reason
        P1  2024-01-01  diagnosis  .
        P1  2024-02-01  exit       moved
        P1  2024-03-01  exit       died
    """
    assert engine.spells(with_clock, events, until="2024-12-31") == lines("""
        who state   from        to          cause
        P1  stable  2024-01-01  2024-01-31  diagnosis#1
        P1  dead    2024-02-01  2024-12-31  exit#2
    """)
    assert engine.obligations(with_clock, events, until="2024-12-31") == lines("""
        who timing  started     due         outcome    ended       by  resolved
        P1  always  2024-01-01  2024-04-10  cancelled  2024-03-01  .   .
    """)
