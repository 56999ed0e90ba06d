"""The tables of a pathway: states and groups of them, signals, transitions, timings; and services."""

from __future__ import annotations

from typing import Any

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Service
from singledisease.definitions.pathway import Signal, State, Transition
from singledisease.definitions.state_selection import StateGroup, StateSelection
from singledisease.definitions.timing import Timing
from singledisease.io.definitions.kinds import (
    FLAG,
    LENGTH,
    NAMES,
    ON_EVENT,
    ON_PERSON,
    TEXT,
    TEXTS,
    WHOLE,
    one_of,
    some_of,
)
from singledisease.io.definitions.layout import Key, TableLayout, Values, key, needed
from singledisease.io.definitions.part_layouts import SOURCE, ZH_EN, names_in, zh_en
from singledisease.vocabulary import KINDS, LEVELS, STAGES

_ID = needed("id", TEXT, "id", "id")
_EXCEPT = key("except", TEXTS, "从中去掉的状态或 @组", "states or @groups to leave out", default=())

STATE = TableLayout(
    name="pathway.states",
    says=Names("人可能所处的状态：每个一行", "where a person can be: one line for each state"),
    keys=(
        needed(
            "stage",
            one_of(STAGES),
            "阶段：prevention、screening、diagnosis、treatment、management、rehabilitation、closed",
            "stage: prevention, screening, diagnosis, treatment, management, rehabilitation, closed",
        ),
        key("managed", FLAG, "是否算在管", "whether a person in it counts as managed", default=False),
        key("refer", FLAG, "是否须转诊", "whether the person has to be referred", default=False),
        *ZH_EN,
        key("next_step", NAMES, "下一步做什么", "what has to be done next"),
    ),
    make=lambda id, values: State(
        id=id, names=names_in(values), **{name: values[name] for name in ("stage", "managed", "refer", "next_step")}
    ),
    take=lambda part: {
        **{name: getattr(part, name) for name in ("stage", "managed", "refer", "next_step")},
        **zh_en(part.names),
    },
)

GROUP = TableLayout(
    name="pathway.groups",
    says=Names(
        "状态组：一个列表，或 states 与 except；用 @名字 引用",
        "a group of states: a list, or states and except; referred to as @NAME",
    ),
    keys=(needed("states", TEXTS, "状态或 @组", "states or @groups"), _EXCEPT),
    make=lambda id, values: StateGroup(id=id, states=StateSelection(values["states"], values["except"])),
    take=lambda part: {"states": part.states.named, "except": part.states.left_out},
)

SIGNAL = TableLayout(
    name="pathway.signals",
    says=Names(
        "对一个事件的有名字的判读，按顺序：第一个匹配且当前状态听得到的起作用",
        "a named reading of one event, in order: the first that matches and that the present state hears speaks",
    ),
    keys=(
        _ID,
        *ZH_EN,
        key("kinds", some_of(KINDS), "事件类别；空为任何类别", "kinds of event; none: any", default=()),
        key("when", ON_EVENT, "条件", "the condition"),
        SOURCE,
    ),
    make=lambda _, values: Signal(
        id=values["id"], names=names_in(values), **{name: values[name] for name in ("kinds", "when", "citation")}
    ),
    take=lambda part: {
        "id": part.id,
        **zh_en(part.names),
        "kinds": part.kinds,
        "when": part.when,
        "citation": part.citation,
    },
)


def selection_of(named: tuple[str, ...], left_out: tuple[str, ...]) -> StateSelection | None:
    """Give how states are written, ``None`` if that is a plain list of them."""
    selection = StateSelection(named, left_out)
    return None if selection.is_plain else selection


def _transition(_: str, values: Values) -> Transition:
    return Transition(
        sources=values["from"],
        signal=values["on"],
        target=values["to"],
        another_day=values["another_day"],
        after_days=values["after_days"],
        citation=values["citation"],
        selection=selection_of(values["from"], values["except"]),
    )


TRANSITION = TableLayout(
    name="pathway.transitions",
    says=Names("从哪些状态、听到哪个信号、到哪个状态", "from which states, on which signal, to which state"),
    keys=(
        needed("from", TEXTS, "状态或 @组", "states or @groups"),
        _EXCEPT,
        needed("on", TEXT, "信号", "the signal"),
        needed("to", TEXT, "到达的状态", "the state it leads to"),
        key(
            "another_day",
            FLAG,
            "须在进入当前状态之后的另一天",
            "only on a later day than the present state was entered",
            default=False,
        ),
        key("after_days", WHOLE, "须满多少天", "only when so many days have passed", default=0),
        SOURCE,
    ),
    make=_transition,
    take=lambda part: {
        "from": part.selection.named if part.selection else part.sources,
        "except": part.selection.left_out if part.selection else (),
        "on": part.signal,
        "to": part.target,
        "another_day": part.another_day,
        "after_days": part.after_days,
        "citation": part.citation,
    },
)


def _timing(values: Values) -> Timing:
    same: dict[str, Any] = {
        name: values[name] for name in ("id", "states", "met_by", "repeats", "breach", "leads_to", "citation")
    }
    return Timing(
        names=names_in(values),
        length=values["after"],
        kinds=values["met_by_kinds"],
        starts_from=values["from"],
        selection=selection_of(values["states"], values["except"]),
        **same,
    )


def _timing_values(part: Timing) -> dict[str, Any]:
    same = {name: getattr(part, name) for name in ("id", "met_by", "repeats", "breach", "leads_to", "citation")}
    return {
        **same,
        **zh_en(part.names),
        "states": part.selection.named if part.selection else part.states,
        "except": part.selection.left_out if part.selection else (),
        "after": part.length,
        "from": part.starts_from,
        "met_by_kinds": part.kinds,
    }


_CLOCK: tuple[Key, ...] = (
    _ID,
    *ZH_EN,
    needed(
        "states",
        TEXTS,
        "计时所在的状态或 @组；离开即取消",
        "states or @groups in which the clock runs; leaving them cancels it",
    ),
    _EXCEPT,
    needed(
        "after",
        LENGTH,
        "多久：{ days = … }、{ weeks = … } 或 { months = … }，值为参数名或计时开始之日的表达式",
        "how long: { days = … }, { weeks = … } or { months = … }; a parameter, or an expression on the day it starts",
    ),
    key(
        "from",
        TEXT,
        "从事件的哪个日期列起算，如 until；缺省为当日",
        "the date column of the event from which it runs, such as until; none: its day",
        default="",
    ),
    key("met_by_kinds", some_of(KINDS), "由哪些类别的事件完成", "kinds of event that fulfil it", default=()),
    key("met_by", ON_EVENT, "完成的条件", "the condition on that event"),
    key("repeats", FLAG, "完成后重新计时", "whether it starts again when met", default=False),
    key("breach", FLAG, "逾期是否计为违约", "whether missing it is a breach", default=True, kept=True),
    key("leads_to", TEXT, "逾期转入的状态", "the state to which missing it leads"),
)

TIMING = TableLayout(
    name="pathway.timings",
    says=Names("会改变状态的时限", "a clock that leads somewhere"),
    keys=(*_CLOCK, SOURCE),
    make=lambda _, values: _timing(values),
    take=_timing_values,
)

SERVICE = TableLayout(
    name="services",
    says=Names(
        "服务清单的一项：时限，以及谁、在哪一级、为谁做",
        "an item of the service list: a clock, and who does it at which level for whom",
    ),
    keys=(
        *_CLOCK,
        needed("role", TEXT, "角色", "the role"),
        needed("levels", some_of(LEVELS), "机构级别", "levels of institution"),
        key("applies", ON_PERSON, "适用对象；缺省为所有人", "for whom; none: everyone"),
        SOURCE,
    ),
    make=lambda _, values: Service(
        timing=_timing(values), role=values["role"], levels=values["levels"], applies=values["applies"]
    ),
    take=lambda part: {
        **_timing_values(part.timing),
        "role": part.role,
        "levels": part.levels,
        "applies": part.applies,
    },
)
