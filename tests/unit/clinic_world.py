"""A small disease for the tests of clinic software: a follow-up every 90 days, a review after a high pressure."""

from __future__ import annotations

from singledisease.clinic import Course, start
from singledisease.definitions.citation import DatedValue, Names, Parameter
from singledisease.definitions.disease import Disease, Role, Service
from singledisease.definitions.pathway import Pathway, Signal, State, Transition
from singledisease.definitions.timing import Length, Timing
from singledisease.eventlog.event import Event
from singledisease.language.nodes import Literal, ParameterOf
from singledisease.language.parse import parse


def named(name: str, zh: str) -> dict[str, object]:
    """Give id and names."""
    return {"id": name, "names": Names(zh, name)}


def length(amount: float, unit: str = "days") -> Length:
    """Give a length of so many days."""
    return Length(Literal(float(amount), "number"), unit)


SILENCE = Parameter(
    name="silence",
    names=Names("失访月数", "months of silence"),
    values=(DatedValue(value=12),),
    unit="months",
    citation="none",
    status="proposal",
    policy="lost_after",
)
GOUT = Disease(
    id="gout",
    version="1",
    names=Names("痛风", "gout"),
    codes=("M10",),
    parameters=(SILENCE,),
    roles=(Role(**named("nurse", "护士")),),
    pathway=Pathway(
        initial="outside",
        died="dead",
        states=(
            State(**named("outside", "未管理"), stage="prevention"),
            State(**named("stable", "平稳"), stage="management", managed=True),
            State(
                **named("high", "偏高"),
                stage="management",
                managed=True,
                refer=True,
                next_step=Names("两周内复诊", "review within two weeks"),
            ),
            State(**named("lost", "失访"), stage="management", managed=True),
            State(**named("closed", "结案"), stage="closed"),
            State(**named("dead", "死亡"), stage="closed"),
        ),
        signals=(
            Signal(**named("found", "确诊"), kinds=("diagnosis",)),
            Signal(**named("raised", "升高"), kinds=("follow_up",), when=parse("sbp >= 140")),
            Signal(**named("normal", "正常"), kinds=("follow_up",), when=parse("sbp < 140")),
            Signal(**named("left", "退出"), kinds=("exit",)),
        ),
        transitions=(
            Transition(sources=("outside", "closed"), signal="found", target="stable"),
            Transition(sources=("stable", "lost"), signal="raised", target="high"),
            Transition(sources=("high", "lost"), signal="normal", target="stable"),
            Transition(sources=("outside", "stable", "high", "lost"), signal="left", target="closed"),
        ),
        timings=(
            Timing(**named("review", "复诊"), states=("high",), length=length(14), kinds=("follow_up",)),
            Timing(**named("pause", "休整"), states=("high",), length=length(60), leads_to="stable"),
            Timing(
                **named("quiet", "静默"),
                states=("stable", "high"),
                length=Length(ParameterOf("gout", "silence"), "months"),
                kinds=("diagnosis", "follow_up"),
                repeats=True,
                breach=False,
                leads_to="lost",
            ),
        ),
    ),
    services=(
        Service(
            timing=Timing(
                **named("routine", "随访"),
                states=("stable", "high"),
                length=length(90),
                kinds=("follow_up",),
                repeats=True,
            ),
            role="nurse",
            levels=("village", "township"),
        ),
        Service(
            timing=Timing(**named("elderly", "老年体检"), states=("stable",), length=length(30), kinds=("checkup",)),
            role="nobody",
            levels=("township",),
            applies=parse("age(on=PERIOD.end) >= 65"),
        ),
    ),
)


def visit(date: str, sbp: float | None = None, **columns: object) -> Event:
    """Give a follow-up."""
    return Event("follow_up", date, sbp=sbp, **columns)


def found(birth_date: str | None = "1960-01-01", **more: object) -> Course:
    """Give the course of someone diagnosed on 1 January 2024."""
    return start(GOUT, "P1", birth_date=birth_date, **more).after(Event("diagnosis", "2024-01-01"))
