"""The eight expressions that the language has to be able to say, each with a table worked out by hand.

``REGISTER`` is the pathway of one disease, ``hypertension``: a diagnosis registers a person, who is managed from then
on, is lost by a ``lost`` event and found again by the next follow-up, and leaves by an exit.
"""

from attrs import evolve
from pathways import move, signal, state, timing
from tables import lines

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import Pathway

REGISTER = Disease(
    id="hypertension",
    version="1",
    names=Names("高血压", "hypertension"),
    codes=("I10",),
    pathway=Pathway(
        initial="outside",
        died="dead",
        states=(
            state("outside", "prevention"),
            state("managed", managed=True),
            state("lost", managed=True),
            state("closed", "closed"),
            state("dead", "closed"),
        ),
        signals=(
            signal("found", "diagnosis"),
            signal("seen", "follow_up"),
            signal("lost", "lost"),
            signal("close", "exit"),
        ),
        transitions=(
            move("outside closed", "found", "managed"),
            move("lost", "seen", "managed"),
            move("managed", "lost", "lost"),
            move("managed lost", "close", "closed"),
        ),
        timings=(timing("visit", "managed lost", days=92, kinds="follow_up", repeats=True),),
    ),
)
FOLLOW_UPS = (
    'events("follow_up").where(column("mode") in ("clinic", "home") and managed("hypertension", on=column("date")))'
)
PRESSURES = f"{FOLLOW_UPS}.where(sbp.known() and dbp.known())"


def answers(engine, expression, events, diseases=(REGISTER,), **more):
    """Give the value for each person, in order."""
    return [line.split()[-1] for line in engine.values(expression, events, diseases=diseases, **more)[1:]]


# 1 CONTROL

CONTROL = """
    who  date        kind       mode    sbp  dbp
    P1   2024-01-05  diagnosis  .       .    .
    P1   2024-03-01  follow_up  clinic  150  85
    P1   2024-09-01  follow_up  home    138  88
    P1   2024-10-01  follow_up  phone   170  95
    P2   2024-01-05  diagnosis  .       .    .
    P2   2024-03-01  follow_up  clinic  145  85
    P3   2024-01-05  diagnosis  .       .    .
    P3   2024-03-01  follow_up  clinic  145  85
    P4   2024-01-05  diagnosis  .       .    .
    P4   2024-03-01  follow_up  clinic  130  80
    P4   2024-06-01  lost       .       .    .
    P5   2024-01-05  diagnosis  .       .    .
    P5   2024-03-01  follow_up  clinic  130  .
    P6   2024-03-01  follow_up  clinic  130  80
    P7   2024-01-05  diagnosis  .       .    .
    P7   2024-03-01  follow_up  clinic  140  89
"""
BORN = """
    who  birth
    P1   1970-06-01
    P2   1959-03-01
    P3   1959-03-02
    P4   1970-06-01
    P5   1970-06-01
    P6   1970-06-01
    P7   .
"""
R = f"{PRESSURES}.within(PERIOD).last()"
AT_GOAL = f"({R}.sbp < case((age(on={R}.date) >= 65, 150), 140)) and ({R}.dbp < 90)"


def test_control(engine):
    """The last reading that counts against the limit for the age on its own day.

    P1's phone call does not count, 138/88 is at goal; P2 turned 65 on the day of the reading: 145 is under 150; P3 does
    so a day later; P5 has no diastolic and P6 was never registered: no reading; P7's age is not known.
    """
    assert answers(engine, AT_GOAL, CONTROL, people=BORN) == lines("yes\nyes\nno\nyes\n?\n?\n?")
    lost = 'in_state("hypertension", "lost", on=PERIOD.end)'
    assert answers(engine, lost, CONTROL, people=BORN) == lines("no\nno\nno\nyes\nno\nno\nno")


# 2 STANDARD MANAGEMENT

STANDARD = """
    who  date        kind       mode
    P1   2024-01-01  diagnosis  .
    P1   2024-03-31  follow_up  clinic
    P1   2024-06-30  follow_up  clinic
    P1   2024-09-28  follow_up  clinic
    P1   2024-12-20  follow_up  clinic
    P2   2024-01-01  diagnosis  .
    P2   2024-03-31  follow_up  clinic
    P2   2024-03-31  follow_up  home
    P2   2024-06-30  follow_up  clinic
    P2   2024-12-20  follow_up  clinic
    P3   2024-10-05  diagnosis  .
    P4   2024-10-04  diagnosis  .
    P5   2024-10-03  diagnosis  .
"""


def test_floor90(engine):
    """Managed 366 days make four visits, 88 days none, 89 none, 90 one; two on one day are one."""
    enough = f'{FOLLOW_UPS}.within(PERIOD).count_days() >= days_in(managed("hypertension"), PERIOD) // 90'
    assert answers(engine, enough, STANDARD) == lines("yes\nno\nyes\nyes\nno")
    days = 'days_in(managed("hypertension"), PERIOD)'
    assert answers(engine, days, STANDARD) == ["366", "366", "88", "89", "90"]


def test_no_breach(engine):
    """A visit is due 92 days after the last.

    P1: 31 March is the 90th day, then 91, 90 and 83 days; P2 is late after 30 June, due on 30 September; P3 to P5 are
    due in January.
    """
    kept = 'breaches("hypertension").within(PERIOD).count() == 0'
    assert answers(engine, kept, STANDARD) == lines("yes\nno\nyes\nyes\nyes")


# 3 CARE STATE

CARE_STATE = """
    who  date        kind       mode    sbp  dbp
    P1   2023-01-10  diagnosis  .       .    .
    P1   2024-04-10  follow_up  clinic  130  80
    P1   2024-06-10  exit       .       .    .
    P2   2024-07-01  diagnosis  .       .    .
    P3   2023-01-10  diagnosis  .       .    .
    P3   2023-06-30  follow_up  clinic  130  80
    P4   2024-04-01  diagnosis  .       .    .
    P4   2024-04-01  follow_up  clinic  130  80
    P5   2023-01-10  diagnosis  .       .    .
    P5   2023-07-01  follow_up  clinic  130  80
    P6   2023-01-10  diagnosis  .       .    .
    P6   2024-04-01  follow_up  clinic  150  80
    P6   2024-06-30  follow_up  clinic  139  89
    P7   2023-01-10  diagnosis  .       .    .
    P7   2024-06-29  follow_up  clinic  139  90
    P7   2024-06-30  follow_up  phone   120  80
    P8   2024-03-31  diagnosis  .       .    .
    P8   2024-03-31  follow_up  clinic  130  80
"""


def test_care_state(engine):
    """Of the quarter to 30 June 2024, in order; the first rule that catches somebody decides.

    P1 died on 10 June; P2 is registered after the quarter; P3's last pressure, of June 2023, is before the twelve
    months; P4 was registered in April, two calendar months before June; P5 was last seen in July 2023, within twelve
    months but not in three; P6's last reading is at goal; P7's of the clinic is not; P8 was registered three calendar
    months before June, and has no reading in three.
    """
    registered = 'events("diagnosis").first().date'
    last = f"{PRESSURES}.within(months(-2, 0)).last()"
    care_state = f"""case(
        (attribute("death_date") <= PERIOD.end, "outside"),
        (not managed("hypertension", on=PERIOD.end), "outside"),
        (not {PRESSURES}.within(months(-11, 0)).exists(), "lost"),
        (months_between({registered}, PERIOD.end) < 3, "new"),
        (not {PRESSURES}.within(months(-2, 0)).exists(), "no_visit"),
        ({last}.sbp < 140 and {last}.dbp < 90, "controlled"),
        "uncontrolled")"""
    known_dead = care_state.replace(
        '(attribute("death_date") <= PERIOD.end', '(coalesce(attribute("death_date"), PERIOD.end + 1) <= PERIOD.end'
    )
    people = "who birth death\nP1 . 2024-06-10"
    found = answers(engine, known_dead, CARE_STATE, people=people, period="2024Q2")
    assert found == lines("outside\noutside\nlost\nnew\nno_visit\ncontrolled\nuncontrolled\nno_visit")


# 4 OVERDUE

OVERDUE = """
    who  date        kind         until
    P1   2024-04-01  appointment  2024-05-20
    P1   2024-06-03  call         .
    P1   2024-06-18  follow_up    .
    P2   2024-04-01  appointment  2024-05-31
    P2   2024-06-03  call         .
    P2   2024-06-19  follow_up    .
    P3   2024-04-01  appointment  2024-05-20
    P3   2024-05-31  follow_up    .
    P4   2024-04-01  appointment  2024-06-01
    P5   2024-04-01  appointment  2024-05-01
    P5   2024-05-02  appointment  2024-07-01
    P6   2024-04-01  appointment  2024-05-20
    P6   2024-06-25  call         .
    P6   2024-07-05  follow_up    .
    P7   2024-06-01  call         .
"""


def test_overdue_and_back_in_time(engine):
    """Overdue: the last appointment before June was for a day before June, and nobody came since it was made.

    P3 came on 31 May; P4's appointment is for June; P5's last is for July; P7 has none.  Back within 15 days of the
    first call in June: P1 on the 15th day, P2 on the 16th; P6 on the tenth, which is in July.
    """
    a = 'events("appointment").within(until(PERIOD.start - 1)).last()'
    since = f'events("follow_up").within(between({a}.date + 1, PERIOD.start - 1))'
    overdue = f"({a}.until < PERIOD.start) and not {since}.exists()"
    assert answers(engine, overdue, OVERDUE, period="2024-06") == lines("yes\nyes\nno\nno\nno\nyes\n?")
    c = 'events("call").within(PERIOD).first()'
    back = f'events("follow_up").within(between({c}.date, {c}.date + 15)).exists()'
    assert answers(engine, back, OVERDUE, period="2024-06") == lines("yes\nno\nno\nno\nno\nno\nno")
    assert answers(engine, back, OVERDUE, period="2024-06", matures=15) == lines("yes\nno\nno\nno\nno\nyes\nno")


# 5 FIRST CONTACT

CONTACTS = """
    who  date        kind       setting    level
    P1   2023-12-01  encounter  outpatient county
    P1   2024-02-29  encounter  outpatient village
    P1   2024-06-01  encounter  emergency  county
    P1   2024-06-20  encounter  outpatient county
    P2   2024-01-01  encounter  outpatient township
    P2   2024-01-01  encounter  outpatient county
    P2   2024-04-01  encounter  outpatient .
    P3   2024-05-01  encounter  inpatient  county
"""


def test_first_contact(engine):
    """Outpatient encounters with no encounter in the 90 days before: counted as rows, primary or not.

    P1: 29 February is the 90th day after 1 December; 20 June is 19 days after the emergency.  P2: both of 1 January,
    of which that of the county stands first, and 1 April 91 days later, at a level that is not known.
    """
    first = 'not events("encounter").within(between(this("date") - 90, this("date") - 1)).exists()'
    unit = f'events("encounter").where((column("setting") == "outpatient") and {first}).within(PERIOD)'
    assert engine.rows(unit, 'column("level") in ("village", "township")', CONTACTS) == lines("""
        who row         value
        P2  encounter#1 no
        P2  encounter#2 yes
        P2  encounter#3 ?
    """)
    assert engine.rows(unit, "date.known()", CONTACTS, period="2023")[1:] == ["P1 encounter#1 yes"]


# 6 LOWEST OF A DAY

READINGS = """
    who  date        kind       setting    sequence  sbp  dbp
    P1   2024-05-01  encounter  outpatient 1         150  85
    P1   2024-05-01  encounter  outpatient 2         138  92
    P1   2024-05-01  encounter  outpatient 3         142  88
    P1   2024-06-01  encounter  emergency  .         180  110
    P2   2024-04-01  encounter  outpatient .         120  70
    P2   2024-05-01  encounter  outpatient .         145  80
    P3   2024-05-01  encounter  inpatient  .         120  70
"""


def test_lowest_of_a_day(engine):
    """Of the last day with a reading outside emergency and inpatient care, the lowest of each pressure.

    P1: 138 and 85 of three readings of one day; P2: the last day has one reading of 145; P3 has none.
    """
    q = 'events().where(sbp.known() and dbp.known() and not column("setting") in ("emergency", "inpatient"))'
    d = f"{q}.within(on({q}.last().date))"
    at_goal = f'({d}.minimum("sbp") < 140) and ({d}.minimum("dbp") < 90)'
    assert answers(engine, at_goal, READINGS) == ["yes", "no", "?"]
    assert answers(engine, f'{d}.minimum("dbp")', READINGS) == ["85", "80", "?"]


# 7 ORDERED RULES

ORDERED = """
    who  date        kind       mode    sbp  dbp  reason
    P1   2023-01-01  diagnosis  .       .    .    .
    P2   2023-01-01  diagnosis  .       .    .    .
    P2   2024-02-01  follow_up  clinic  140  90   .
    P3   2023-01-01  diagnosis  .       .    .    .
    P3   2024-03-01  follow_up  clinic  150  90   .
    P3   2024-04-01  call       .       .    .    declined
    P4   2024-07-01  diagnosis  .       .    .    .
    P5   2024-03-31  diagnosis  .       .    .    .
    P6   2023-01-01  diagnosis  .       .    .    .
    P6   2023-04-01  call       .       .    .    declined
    P7   2023-01-01  diagnosis  .       .    .    .
    P7   2024-03-01  follow_up  clinic  120  70   .
    P7   2024-04-01  call       .       .    .    declined
"""


def test_ordered_rules(engine):
    """In order: whom a rule rejects or selects does not reach the next.

    The year to 31 March 2025: P1 is 80 on the last day, the others a day later; P3 and P7 declined in its first month;
    P4 was registered eight calendar months before its last; the rest are left.  The year 2024: P2's 140/90 is selected,
    P3 declined, P4 was registered five calendar months before December and P5 nine; P6 declined too long ago; P7 is
    selected before the exception is looked at.
    """
    r = f"{PRESSURES}.within(PERIOD).last()"
    rules = f"""case(
        (age(on=PERIOD.end) >= 80, "reject_age"),
        (({r}.sbp.known() and {r}.sbp <= 140 and {r}.dbp <= 90), "select"),
        (events("call").where(column("reason") == "declined").within(months(-11, 0)).exists(), "reject_declined"),
        (months_between(events("diagnosis").first().date, PERIOD.end) < 9, "reject_new"),
        "left")"""
    people = "who birth\n" + "\n".join(f"P{i} {'1945-03-31' if i == 1 else '1945-04-01'}" for i in range(1, 8))
    found = answers(engine, rules, ORDERED, people=people, period="2024-04-01..2025-03-31")
    assert found == lines("reject_age\nleft\nreject_declined\nreject_new\nleft\nleft\nreject_declined")
    found = answers(engine, rules, ORDERED, people=people, period="2024-01-01..2024-12-31")
    assert found == lines("left\nselect\nreject_declined\nreject_new\nleft\nleft\nselect")


# 8 JOINT AND CLOSED

JOINT = """
    who  date        kind       disease               link  direction  status
    P1   2024-01-01  diagnosis  hypertension          .     .          .
    P1   2024-02-01  diagnosis  diabetes|lipids       .     .          .
    P1   2024-03-01  referral   .                     r1    up         .
    P1   2024-04-01  encounter  .                     r1    .          closed
    P1   2024-03-05  referral   .                     r2    up         .
    P1   2024-03-05  referral   .                     .     up         closed
    P2   2024-01-01  diagnosis  hypertension          .     .          .
    P2   2024-03-01  referral   .                     r1    up         .
    P2   2024-03-02  referral   .                     r1    down       closed
    P3   2024-01-01  diagnosis  lipids                .     .          .
    P3   2024-02-01  exit       .                     .     .          .
"""
THREE = tuple(evolve(REGISTER, id=name) for name in ("hypertension", "diabetes", "lipids"))


def test_joint(engine):
    """Managed for at least two of three diseases on some day of the year: P1 for three, P2 for one, P3 for one."""
    each = ", ".join(f'managed("{disease.id}", during=PERIOD)' for disease in THREE)
    assert answers(engine, f"how_many({each}) >= 2", JOINT, THREE) == ["yes", "no", "no"]
    assert answers(engine, f"how_many({each})", JOINT, THREE) == ["3", "1", "1"]


def test_closed(engine):
    """Referrals up, each closed if some row of its link says so; one without link shares it with none."""
    unit = 'events("referral").where(column("direction") == "up").within(PERIOD)'
    closed = 'events().same("link").where(column("status") == "closed").exists()'
    assert engine.rows(unit, closed, JOINT, diseases=THREE) == lines("""
        who row        value
        P1  referral#3 yes
        P1  referral#4 no
        P1  referral#5 no
        P2  referral#2 yes
    """)
