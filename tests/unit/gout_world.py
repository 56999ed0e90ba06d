"""A small disease with two measures, and a registry whose figures can be counted on two hands."""

from registries import registry

from singledisease.definitions.citation import Citation, DatedValue, Names, Parameter
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import GroupChoice, GroupOption, Measure, Rule
from singledisease.definitions.pathway import Pathway, Signal, State, Transition
from singledisease.definitions.timing import Length, Timing
from singledisease.language.build import PERIOD, age, attribute, breaches, case, column, events, in_state, managed
from singledisease.language.nodes import ParameterOf


def names(text):
    """Name a thing alike in both languages, so that tests can tell them apart."""
    return Names(f"{text}(中)", text)


def parameter(name, value, unit, policy=""):
    """Make a parameter with one value."""
    return Parameter(
        name=name,
        names=names(name),
        values=(DatedValue(value=value),),
        unit=unit,
        citation="test",
        status="proposal",
        policy=policy,
    )


def timing(name, length, unit, leads_to=None):
    """Make a timing of managed people that a follow-up fulfils."""
    return Timing(
        id=name,
        names=names(name),
        states=("managed",),
        length=Length(ParameterOf("gout", length), unit),
        kinds=("follow_up",),
        repeats=True,
        breach=leads_to is None,
        leads_to=leads_to,
    )


def signal(name, kind):
    """Make a signal of all events of a kind."""
    return Signal(id=name, names=names(name), kinds=(kind,))


GOUT = Disease(
    id="gout",
    version="1",
    names=names("gout"),
    codes=("M10",),
    citations=(Citation("test", names("test")),),
    parameters=(parameter("lost_after", 12, "months", policy="lost_after"), parameter("visit_every", 90, "days")),
    pathway=Pathway(
        initial="free",
        died="closed",
        states=(
            State(id="free", names=names("free"), stage="prevention"),
            State(id="managed", names=names("managed"), stage="management", managed=True),
            State(id="lost", names=names("lost"), stage="management", managed=True),
            State(id="closed", names=names("closed"), stage="closed"),
        ),
        signals=(
            signal("enrolled", "enrolment"),
            signal("seen", "follow_up"),
            signal("lost", "lost"),
            signal("left", "exit"),
        ),
        transitions=(
            Transition(sources=("free",), signal="enrolled", target="managed"),
            Transition(sources=("lost",), signal="seen", target="managed"),
            Transition(sources=("managed",), signal="lost", target="lost"),
            Transition(sources=("managed", "lost"), signal="left", target="closed"),
        ),
        timings=(timing("silence", "lost_after", "months", leads_to="lost"), timing("visit", "visit_every", "days")),
    ),
)
DISEASES = {"gout": GOUT}

READING = events("follow_up").where(column("sbp").known()).within(PERIOD).last()
LIMIT = case((age(on=READING.date) >= 65, 150), 140)


def rule(name, when, group):
    """Make a rule named alike in both languages."""
    return Rule(name=name, names=names(name), when=when, group=group)


CONTROL = Measure(
    id="gout.control",
    version="3",
    names=names("control rate"),
    disease="gout",
    rules=(
        rule("not managed", ~managed("gout", during=PERIOD), "outside"),
        rule("closed", in_state("gout", "closed", on=PERIOD.end), "excluded:closed"),
        rule(
            "lost",
            in_state("gout", "lost", on=PERIOD.end),
            GroupChoice(
                "lost",
                (GroupOption("not_at_goal", "not_numerator"), GroupOption("exclude", "excluded:lost")),
                "not_at_goal",
            ),
        ),
        rule("no reading", ~READING.sbp.known(), "unknown"),
        rule("at goal", READING.sbp < LIMIT, "numerator"),
        rule("not at goal", True, "not_numerator"),
    ),
)
MANAGED = Measure(
    id="gout.managed",
    names=names("managed"),
    disease="gout",
    form="count",
    population=managed("gout", during=PERIOD),
    numerator=True,
)
NO_BREACH = Measure(
    id="gout.no_breach",
    names=names("no visit missed"),
    disease="gout",
    population=managed("gout", during=PERIOD) & (attribute("sex") != "unknown"),
    numerator=breaches("gout").within(PERIOD).count() == 0,
)
MEASURES = (MANAGED, CONTROL, NO_BREACH)

PATIENTS = (
    # id, birth, sex, institution, death
    ("P01", "1950-01-01", "1", "A"),  # 148 at 74: at goal
    ("P02", "1980-01-01", "2", "A"),  # 148 at 44: not at goal
    ("P03", "1980-01-01", "2", "A"),  # managed, no reading: unknown
    ("P04", None, "1", "A"),  # 145, age unknown: undetermined
    ("P05", "1980-01-01", "1", "B"),  # lost in October
    ("P06", "1980-01-01", "2", "B"),  # left in May
    ("P07", "1980-01-01", "0", "B"),  # never enrolled
    ("P08", "1980-01-01", "2", ""),  # 130: at goal; moved to B in July
    ("P09", "1980-01-01", "1", "A", "2024-08-01"),  # died
    ("P10", "1980-01-01", "2", "B"),  # 130, enrolled in October: at goal, no visit missed yet
)
ENROLLED = ("P01", "P02", "P03", "P04", "P05", "P06", "P08", "P09")
EVENTS = (
    *((patient, "2024-01-10", "enrolment", None, "", "", "M10.9") for patient in ENROLLED),
    ("P10", "2024-10-15", "enrolment", None, "", "", "M10.9"),
    ("P10", "2024-11-01", "follow_up", 130),
    ("P01", "2024-03-01", "follow_up", 152),
    ("P01", "2024-11-01", "follow_up", 148),
    ("P02", "2024-11-01", "follow_up", 148),
    ("P04", "2024-02-01", "follow_up", 145),
    ("P05", "2024-02-01", "follow_up", 120),
    ("P05", "2024-10-01", "lost"),
    ("P06", "2024-05-01", "exit", None, "", "moved"),
    ("P08", "2024-03-01", "follow_up", 130),
    ("P08", "2024-07-01", "assignment", None, "B"),
    ("P09", "2024-07-01", "follow_up", 120),
)


def gout_log(patients=PATIENTS, happened=EVENTS):
    """Build the registry, or a part of it."""
    return registry(
        patients,
        happened,
        institutions=[["A", "C", "village"], ["B", "C", "village"], ["C", "", "county"]],
        patient_columns="birth_date sex institution death_date",
        event_columns="sbp institution reason code",
        institution_columns="parent level",
    )
