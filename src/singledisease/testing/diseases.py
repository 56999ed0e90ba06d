"""Strategies for pathways and diseases that pass every check, because they are grown and never pruned.

States stand in a row.  Each but the first is entered from an earlier one, and each that nothing leaves is
closed by an exit; so every state is reached and every one has a way to a closed state.  Signals are taken in
order from a list in which none is implied by an earlier one.
"""

from __future__ import annotations

from attrs import evolve, frozen
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from singledisease.dates import date_of
from singledisease.definitions.citation import Citation, DatedValue, Names, Parameter
from singledisease.definitions.code_set import CodeSet
from singledisease.definitions.disease import Disease, Role, Service, Target
from singledisease.definitions.pathway import TAGS, Pathway, Signal, State, Transition
from singledisease.definitions.tier import Tier, TierLevel, TierRule
from singledisease.definitions.timing import Length, Timing
from singledisease.language import nodes as n
from singledisease.testing.world import CODES, TIER, TIER_LEVELS, UNITS, days

CLOSED, DIED = "closed", "died"
_STAGES = ("screening", "diagnosis", "treatment", "management", "rehabilitation")
_OFTEN_HEARD = ("seen", "enrolled", "high")
_SEEN = ("follow_up", "checkup", "encounter")
_LENGTHS = {"short": (1.0, "d"), "week": (7.0, "d"), "quarter": (90.0, "d"), "month": (1.0, "mo"), "year": (12.0, "mo")}
_LIMITS = {"high": (140.0, "mmHg"), "very_high": (150.0, "mmHg"), "old": (65.0, "a")}


def names(text: str) -> Names:
    """Name a generated thing the same in both languages."""
    return Names(text, text)


@frozen
class _Maker:
    """Makes the parts of one disease, so that parameters are named for it."""

    disease: str

    def limit(self, name: str) -> n.Value:
        """Give a parameter."""
        return n.ParameterOf(self.disease, name)

    def signals(self) -> list[Signal]:
        """Give every signal there is to draw from, none implied by one before it."""
        sbp, dbp = n.Column("sbp", "number", "mmHg"), n.Column("dbp", "number", "mmHg")
        reaction, on = n.Column("adverse_reaction", "bool"), n.Column("date", "date")
        high, low = (n.Apply(sign, (sbp, self.limit("high"))) for sign in (">=", "<"))
        old = n.Apply(">=", (n.Age(on), self.limit("old")))
        since = n.Apply("-", (n.This("date", "date"), self.limit("quarter")))
        before = n.Apply("-", (n.This("date", "date"), n.Literal(1.0, "number")))
        lately = n.Within(n.Events(("follow_up",)), n.Between(since, before))
        graded = n.TierOn(self.disease, TIER, n.Apply("-", (on, n.Literal(1.0, "number"))))
        menu: list[tuple[str, tuple[str, ...], n.Value | None]] = [
            ("very_high_old", ("follow_up",), n.Apply("and", (n.Apply(">=", (sbp, self.limit("very_high"))), old))),
            ("high_reaction", ("follow_up", "encounter"), n.Apply("and", (high, reaction))),
            ("high_again", ("follow_up",), n.Apply("and", (high, n.Reduce("exists", n.Where(lately, high))))),
            ("high_risk", ("follow_up",), n.Apply("and", (high, n.Apply("is_in", (graded,), TIER_LEVELS[1:])))),
            ("high", ("follow_up", "measurement"), high),
            (
                "fine",
                ("follow_up",),
                n.Apply("and", (low, n.Apply("known", (dbp,)))),
            ),
            ("reaction", (), reaction),
            ("enrolled", ("enrolment",), None),
            ("checked_in_person", ("checkup",), n.Apply("is_in", (n.Column("mode", "text"),), ("clinic", "home"))),
            ("woman_seen", ("encounter",), n.Apply("==", (n.Attribute("sex", "text"), n.Literal("female", "text")))),
            ("seen", _SEEN, None),
            ("silent", ("lost",), None),
            ("left", ("exit",), None),
        ]
        return [Signal(id=id, names=names(id), kinds=kinds, when=when, citation="made") for id, kinds, when in menu]

    def lengths(self) -> SearchStrategy[Length]:
        """Give lengths in days and in calendar months."""
        return st.sampled_from(tuple(_LENGTHS)).map(
            lambda name: Length(self.limit(name), "months" if _LENGTHS[name][1] == "mo" else "days")
        )

    def worked_out(self) -> SearchStrategy[Length]:
        """Give lengths that depend on the person and on what happened; of nobody less than nothing."""
        seen = n.Events(("follow_up",))
        last = n.Picked(n.Pick(seen, "last"), n.Column("sbp", "number", "mmHg"))
        old = n.Apply(">=", (n.Age(n.PeriodEnd()), self.limit("old")))
        risky = n.Apply("is_in", (n.TierOn(self.disease, TIER, n.PeriodEnd()),), TIER_LEVELS[1:])
        woman = n.Apply("==", (n.Attribute("sex", "text"), n.Literal("female", "text")))
        return st.sampled_from(
            (
                Length(n.Case(((old, self.limit("week")),), self.limit("quarter")), "days"),
                Length(n.Case(((woman, self.limit("month")), (old, self.limit("year")))), "months"),
                Length(n.Apply("+", (n.Reduce("count", seen), self.limit("short"))), "weeks"),
                Length(last, "days"),
                Length(n.Case(((risky, self.limit("month")),), self.limit("year")), "months"),
            )
        )

    def tier(self, valid: n.Value | None) -> Tier:
        """Give the tier, by a checkup's systolic pressure or, if there is none, by the diastolic."""
        sbp, dbp = n.Column("sbp", "number", "mmHg"), n.Column("dbp", "number", "mmHg")
        low, high = TIER_LEVELS
        rules = (
            TierRule(level=high, when=n.Apply(">=", (sbp, self.limit("high")))),
            TierRule(level=low, when=n.Apply("<", (n.Apply("coalesce", (sbp, dbp)), self.limit("high")))),
        )
        levels = tuple(TierLevel(id=id, names=names(id)) for id in TIER_LEVELS)
        return Tier(id=TIER, names=names(TIER), levels=levels, kinds=("checkup",), rules=rules, valid=valid)

    def parameters(self, high_later: DatedValue | None) -> tuple[Parameter, ...]:
        """Give every parameter that a signal or a length names; the limit of what is high may change on a day."""
        later = {"high": () if high_later is None else (high_later,)}
        return tuple(
            Parameter(
                name=name,
                names=names(name),
                values=(DatedValue(value=value), *later.get(name, ())),
                unit=unit,
                citation="made",
                status="proposal",
                policy="lost_after" if name == "year" else "",
            )
            for name, (value, unit) in {**_LIMITS, **_LENGTHS}.items()
        )


# PATHWAYS


@st.composite
def pathways(draw: st.DrawFn, disease: str = "alpha", *, plain: bool = False) -> Pathway:
    """Give pathways of a disease of this id: two to five open states, a closed one and death.

    In ``plain`` ones no length is worked out, and every clock starts from the day itself.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(pathways("alpha"))
    ... def begins_in_the_first_of_its_states(pathway):
    ...     assert pathway.initial == pathway.states[0].id == "s0"
    >>> begins_in_the_first_of_its_states()
    """
    count = draw(st.integers(2, 5))
    states = tuple(
        State(id=f"s{i}", names=names(f"s{i}"), stage=draw(st.sampled_from(_STAGES)), managed=draw(st.booleans()))
        for i in range(count)
    )
    ends = tuple(State(id=id, names=names(id), stage="closed") for id in (CLOSED, DIED))
    maker = _Maker(disease)
    chosen = draw(st.sets(st.sampled_from([signal.id for signal in maker.signals()]), min_size=2))
    signals = _in_order(maker, chosen | {draw(st.sampled_from(_OFTEN_HEARD))})
    transitions = draw(_transitions(count, signals))
    heard = {transition.signal for transition in transitions}
    return Pathway(
        initial="s0",
        died=DIED,
        states=states + ends,
        signals=tuple(signal for signal in signals if signal.id in heard),
        transitions=transitions,
        timings=draw(_timings(maker, count, plain)),
    )


def _in_order(maker: _Maker, chosen: set[str]) -> tuple[Signal, ...]:
    return tuple(signal for signal in maker.signals() if signal.id in chosen or signal.id == "left")


@st.composite
def _transitions(draw: st.DrawFn, count: int, signals: tuple[Signal, ...]) -> tuple[Transition, ...]:
    """Give transitions: one into each state from an earlier one, a close wherever nothing leads on, and some more."""
    inner = [signal.id for signal in signals if signal.id != "left"]
    made: dict[tuple[str, str], Transition] = {}

    def add(source: str, signal: str, target: str) -> None:
        another_day, after_days = draw(st.sampled_from(((False, 0), (False, 0), (True, 0), (False, 5))))
        move = Transition(
            sources=(source,),
            signal=signal,
            target=target,
            another_day=another_day,
            after_days=after_days,
            citation="made",
        )
        made.setdefault((source, signal), move)

    # What everybody does sooner or later leads out of the initial state, or most would stay there for ever.
    add("s0", next(signal for signal in _OFTEN_HEARD if signal in inner), "s1")
    for i in range(2, count):
        free = [(f"s{j}", signal) for j in range(i) for signal in inner if (f"s{j}", signal) not in made]
        add(*draw(st.sampled_from(free)), f"s{i}")
    sources = {source for source, _ in made}
    for i in range(count):
        if f"s{i}" not in sources or draw(st.booleans()):
            made[f"s{i}", "left"] = Transition(sources=(f"s{i}",), signal="left", target=CLOSED)
    open_states = [f"s{i}" for i in range(count)]
    for _ in range(draw(st.integers(0, 8))):
        source, target = draw(st.sampled_from([*open_states, CLOSED])), draw(st.sampled_from(open_states))
        if source != target:
            add(source, draw(st.sampled_from(inner)), target)
    return tuple(made.values())


@st.composite
def _timings(draw: st.DrawFn, maker: _Maker, count: int, plain: bool) -> tuple[Timing, ...]:
    made = tuple(draw(_timing(maker, count, f"t{i}", True)) for i in range(draw(st.integers(0, 3))))
    return made if plain else tuple(draw(_with_own_length(maker, timing)) for timing in made)


@st.composite
def _with_own_length(draw: st.DrawFn, maker: _Maker, timing: Timing) -> Timing:
    """Let the length of a timing depend on the person, or let it count from a date in the event, but not mostly."""
    if draw(st.integers(0, 3)) == 0:
        timing = evolve(timing, length=draw(maker.worked_out()))
    return evolve(timing, starts_from="until") if draw(st.integers(0, 7)) == 0 else timing


@st.composite
def _timing(draw: st.DrawFn, maker: _Maker, count: int, id: str, may_lead: bool) -> Timing:
    # Seldom the initial state: a clock that starts at birth has fallen long before the first event.
    first = draw(st.sampled_from((1, 1, 1, 0)))
    states = draw(st.sets(st.integers(first, count - 1), min_size=1, max_size=count))
    outside = [f"s{i}" for i in range(count) if i not in states] + [CLOSED]
    kinds = draw(st.sampled_from(((), ("follow_up",), ("checkup",), _SEEN)))
    reaction = n.Column("adverse_reaction", "bool")
    measured = n.Apply("known", (n.Column("sbp", "number", "mmHg"),))
    met_by = draw(st.sampled_from((None, n.Apply("not", (reaction,)), measured)))
    can_be_met = bool(kinds) or met_by is not None
    needs_target = not can_be_met
    return Timing(
        id=id,
        names=names(id),
        states=tuple(f"s{i}" for i in sorted(states)),
        length=draw(maker.lengths()),
        kinds=kinds if may_lead or can_be_met else ("follow_up",),
        met_by=met_by,
        repeats=can_be_met and draw(st.booleans()),
        breach=draw(st.booleans()),
        leads_to=draw(st.sampled_from(outside)) if may_lead and (needs_target or draw(st.booleans())) else None,
        citation="made",
    )


# DISEASES


@st.composite
def diseases(draw: st.DrawFn, id: str = "alpha", *, plain: bool = False) -> Disease:
    """Give whole diseases that are sound: a pathway, parameters, a target, a tier, a code set, up to two services.

    In ``plain`` ones no length is worked out, and every clock of the pathway starts from the day itself.

    >>> from hypothesis import given, settings
    >>> from singledisease.definitions.checks import check
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(diseases(plain=True))
    ... def passes_every_check(disease):
    ...     assert check(disease) == ()
    >>> passes_every_check()
    """
    pathway = draw(pathways(id, plain=plain))
    maker = _Maker(id)
    count = len(pathway.states) - 2
    services = tuple(
        Service(timing=timing, role="nurse", levels=("village", "township"))
        for timing in (draw(_timing(maker, count, f"v{i}", False)) for i in range(draw(st.integers(0, 2))))
    )
    if not plain:
        services = tuple(evolve(each, timing=draw(_with_own_length(maker, each.timing))) for each in services)
    goal = n.Apply("<", (n.Column("sbp", "number", "mmHg"), maker.limit("high")))
    changed = draw(st.none() | days().map(date_of))
    later = None if changed is None else DatedValue(value=139.9, valid_from=changed)
    return Disease(
        id=id,
        version="1",
        names=names(id),
        codes=CODES.get(id, ("A1",)),
        citations=(Citation("made", names("made up"), "", 2024),),
        parameters=maker.parameters(later),
        code_sets=(CodeSet(name="chosen", names=names("chosen"), codes=("A1", "B1.1"), prefixes=True),),
        tiers=(maker.tier(draw(st.sampled_from((None, maker.limit("month"))))),),
        roles=(Role(id="nurse", names=names("nurse")),),
        pathway=pathway,
        targets=(Target(id="pressure", names=names("pressure"), columns=("sbp",), goal=goal, citation="made"),),
        services=services,
    )


def linked_diseases(id: str = "alpha", *, plain: bool = False) -> SearchStrategy[Disease]:
    """Give whole diseases in which each linked sequence of events has a course of its own.

    Some begin with events of one kind only, and some hear events of any tag.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(linked_diseases("beta"))
    ... def has_a_course_for_each_link(disease):
    ...     assert disease.id == "beta" and disease.pathway.sequence == "link"
    >>> has_a_course_for_each_link()
    """
    begins = st.sampled_from(((), (), ("follow_up",), ("encounter", "referral")))
    return st.builds(
        lambda made, kinds, tags: evolve(
            made, pathway=evolve(made.pathway, sequence="link", begins_with=kinds, tags=tags)
        ),
        diseases(id, plain=plain),
        begins,
        st.sampled_from(TAGS),
    )


def units() -> dict[str, str]:
    """Give the units of the quantities that generated definitions name."""
    return dict(UNITS)
