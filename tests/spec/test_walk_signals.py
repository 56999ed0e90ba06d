"""What an event says, and whether the present state hears it."""

from pathways import CARE, hearing, move, signal
from tables import lines

ONE_DAY = """
    who date        kind       sbp
    P1  2024-01-01  diagnosis  .
    P1  2024-03-01  follow_up  150
"""


def test_the_first_signal_that_the_state_hears_speaks(engine):
    """A signal that stands earlier but that the present state does not hear is passed over."""
    signals = (signal("any", "follow_up"), signal("found", "diagnosis"), signal("high", when="sbp >= 140"))
    deaf_to_any = (move("outside", "found", "stable"), move("stable", "high", "high"), move("high", "any", "closed"))
    hears_both = (*deaf_to_any, move("stable", "any", "referred"))
    assert engine.moves(hearing(deaf_to_any, signals), ONE_DAY, until="2024-12-31") == lines("""
        who date        from     to      cause
        P1  2024-01-01  outside  stable  diagnosis#1
        P1  2024-03-01  stable   high    follow_up#2
    """)
    assert engine.moves(hearing(hears_both, signals), ONE_DAY, until="2024-12-31") == lines("""
        who date        from     to        cause
        P1  2024-01-01  outside  stable    diagnosis#1
        P1  2024-03-01  stable   referred  follow_up#2
    """)


def test_an_event_moves_once(engine):
    """The state that an event leads to does not hear the same event again."""
    moves = (move("outside", "found", "stable"), move("stable", "high", "high"), move("high", "high", "referred"))
    assert engine.moves(hearing(moves), ONE_DAY, until="2024-12-31") == lines("""
        who date        from     to      cause
        P1  2024-01-01  outside  stable  diagnosis#1
        P1  2024-03-01  stable   high    follow_up#2
    """)


def test_a_signal_without_kinds_is_heard_in_every_kind(engine):
    """A signal that names no kind may be any event, further kinds included."""
    signals = (signal("found", "diagnosis"), signal("high", when="sbp >= 140"))
    moves = (move("outside", "found", "stable"), move("stable", "high", "high"))
    events = """
        who date        kind         sbp
        P1  2024-01-01  diagnosis    .
        P1  2024-03-01  home_oxygen  150
    """
    assert engine.moves(hearing(moves, signals), events, until="2024-12-31") == lines("""
        who date        from     to      cause
        P1  2024-01-01  outside  stable  diagnosis#1
        P1  2024-03-01  stable   high    home_oxygen#2
    """)


def test_an_unknown_condition_is_not_heard(engine):
    """A follow-up without a pressure is neither high nor normal."""
    events = """
        who date        kind       sbp
        P1  2024-01-01  diagnosis  .
        P1  2024-03-01  follow_up  .
    """
    assert engine.spells(CARE, events, until="2024-12-31") == lines("""
        who state   from        to          cause
        P1  stable  2024-01-01  2024-12-31  diagnosis#1
    """)


def test_a_condition_may_look_at_the_person(engine):
    """Age on the day of the event: on the birthday a person is one year older."""
    signals = (signal("found", "diagnosis"), signal("high", "follow_up", when='age(on=column("date")) >= 65'))
    moves = (move("outside", "found", "stable"), move("stable", "high", "high"))
    events = """
        who date        kind
        P1  2024-01-01  diagnosis
        P1  2024-05-31  follow_up
        P2  2024-01-01  diagnosis
        P2  2024-06-01  follow_up
        P3  2024-01-01  diagnosis
        P3  2024-06-01  follow_up
    """
    people = """
        who birth
        P1  1959-06-01
        P2  1959-06-01
        P3  .
    """
    assert engine.moves(hearing(moves, signals), events, people=people, until="2024-12-31") == lines("""
        who date        from     to      cause
        P1  2024-01-01  outside  stable  diagnosis#1
        P2  2024-01-01  outside  stable  diagnosis#1
        P2  2024-06-01  stable   high    follow_up#2
        P3  2024-01-01  outside  stable  diagnosis#1
    """)


def test_on_another_day(engine):
    """Two high pressures on one day are one; on the next day they are two."""
    events = """
        who date        kind       sequence  sbp
        P1  2024-01-01  diagnosis  .         .
        P1  2024-03-01  follow_up  1         150
        P1  2024-03-01  follow_up  2         160
        P2  2024-01-01  diagnosis  .         .
        P2  2024-03-01  follow_up  .         150
        P2  2024-03-02  follow_up  .         160
    """
    assert engine.spells(CARE, events, until="2024-12-31") == lines("""
        who state     from        to          cause
        P1  stable    2024-01-01  2024-02-29  diagnosis#1
        P1  high      2024-03-01  2024-12-31  follow_up#2
        P2  stable    2024-01-01  2024-02-29  diagnosis#1
        P2  high      2024-03-01  2024-03-01  follow_up#2
        P2  referred  2024-03-02  2024-12-31  follow_up#3
    """)


def test_after_so_many_days(engine):
    """After seven days: the seventh day is late enough, the sixth is not heard."""
    moves = (move("outside", "found", "stable"), move("stable", "high", "high", after_days=7))
    events = """
        who date        kind       sbp
        P1  2024-01-01  diagnosis  .
        P1  2024-01-07  follow_up  150
        P2  2024-01-01  diagnosis  .
        P2  2024-01-08  follow_up  150
    """
    assert engine.moves(hearing(moves), events, until="2024-12-31") == lines("""
        who date        from     to      cause
        P1  2024-01-01  outside  stable  diagnosis#1
        P2  2024-01-01  outside  stable  diagnosis#1
        P2  2024-01-08  stable   high    follow_up#2
    """)


def test_a_signal_that_comes_too_early_lets_the_next_one_speak(engine):
    """A transition whose day has not come is no transition: the next signal that is heard speaks."""
    signals = (signal("found", "diagnosis"), signal("high", when="sbp >= 140"), signal("any", "follow_up"))
    moves = (
        move("outside", "found", "stable"),
        move("stable", "high", "high", after_days=7),
        move("stable", "any", "closed"),
    )
    events = """
        who date        kind       sbp
        P1  2024-01-01  diagnosis  .
        P1  2024-01-02  follow_up  150
    """
    assert engine.moves(hearing(moves, signals), events, until="2024-12-31") == lines("""
        who date        from     to      cause
        P1  2024-01-01  outside  stable  diagnosis#1
        P1  2024-01-02  stable   closed  follow_up#2
    """)


def test_to_where_one_is_already_moves_nothing(engine):
    """A transition to the present state is heard, so that no later signal speaks, but no new stay begins."""
    signals = (signal("found", "diagnosis"), signal("normal", when="sbp < 140"), signal("any", "follow_up"))
    moves = (
        move("outside", "found", "stable"),
        move("stable", "normal", "stable"),
        move("stable", "any", "high", after_days=60),
    )
    events = """
        who date        kind       sbp
        P1  2024-01-01  diagnosis  .
        P1  2024-03-02  follow_up  130
        P1  2024-03-03  follow_up  150
    """
    assert engine.moves(hearing(moves, signals), events, until="2024-12-31") == lines("""
        who date        from     to      cause
        P1  2024-01-01  outside  stable  diagnosis#1
        P1  2024-03-03  stable   high    follow_up#3
    """)


def test_events_of_a_day_are_taken_in_canonical_order(engine):
    """Sequence first, then kind, then the quantities: the order in the file does not matter."""
    events = """
        who date        kind       sequence  sbp
        P1  2024-03-01  exit       .         .
        P1  2024-03-01  follow_up  .         150
        P1  2024-03-01  diagnosis  .         .
        P2  2024-03-01  exit       1         .
        P2  2024-03-01  diagnosis  2         .
    """
    assert engine.moves(CARE, events, until="2024-12-31") == lines("""
        who date        from     to      cause
        P1  2024-03-01  outside  stable  diagnosis#1
        P1  2024-03-01  stable   high    follow_up#2
        P1  2024-03-01  high     closed  exit#3
        P2  2024-03-01  outside  closed  exit#1
        P2  2024-03-01  closed   stable  diagnosis#2
    """)


def test_a_signal_may_look_back_from_its_event(engine):
    """A reading is high only if another stands in the thirty days before it; what comes later plays no part."""
    before = 'events("follow_up").where(sbp >= 140).within(between(this("date") - 30, this("date") - 1))'
    signals = (signal("found", "diagnosis"), signal("twice", "follow_up", when=f"sbp >= 140 and {before}.exists()"))
    looking = hearing((move("outside", "found", "stable"), move("stable", "twice", "high")), signals)
    events = """
        who date        kind       sbp
        P1  2024-01-01  diagnosis  .
        P1  2024-03-01  follow_up  150
        P1  2024-04-01  follow_up  150
        P1  2024-05-01  follow_up  150
        P1  2024-05-01  follow_up  160
    """
    assert engine.moves(looking, events, until="2024-12-31") == lines("""
        who date        from     to      cause
        P1  2024-01-01  outside  stable  diagnosis#1
        P1  2024-05-01  stable   high    follow_up#4
    """)
