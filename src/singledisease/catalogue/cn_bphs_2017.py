"""The indicators of China's National Basic Public Health Service Specification, third edition (2017).

Functions of a disease: whatever disease has a target ``control``, states ``lost`` and ``misdiagnosed``, gets the
same three measures.  The specification leaves several words open; each is a named policy with its options.
The numbers of ``PARAMETERS`` are the set's own, for diseases that do not declare one of that name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from singledisease.definitions.citation import DatedValue, Names, Parameter
from singledisease.definitions.disease import Disease, Target
from singledisease.definitions.measure import (
    EXCLUDED,
    NOT_NUMERATOR,
    NUMERATOR,
    OUTSIDE,
    UNKNOWN,
    GroupChoice,
    GroupOption,
    Measure,
    Rule,
)
from singledisease.language import nodes as n
from singledisease.language.build import (
    PERIOD,
    breaches,
    choice,
    column,
    concerns,
    days_in,
    events,
    in_state,
    kind,
    months,
    on,
    p,
    until,
)
from singledisease.language.build import managed as is_managed
from singledisease.language.row_wrappers import Rows
from singledisease.language.traversal import inside, rewrite
from singledisease.language.wrappers import Expression, Span, made

ID = "cn-bphs-2017"
VERSION = "2017.1"
NAMES = Names("国家基本公共卫生服务规范（2017）工作指标", "Indicators of China's basic public health services (2017)")
CITATION = "国家基本公共卫生服务规范（第三版，2017）· 工作指标"

SPEAKS_OF = ("hypertension", "type2-diabetes")
"""The diseases whose three measures the specification defines alike."""

PARAMETERS = (
    Parameter(
        name="visits_per_year",
        names=Names(
            "每年应有的面对面随访次数（口径 standard=four_and_checkup）",
            "face-to-face follow-ups owed a year (policy standard=four_and_checkup)",
        ),
        values=(DatedValue(value=4),),
        citation=CITATION,
        status="unverified",
    ),
    Parameter(
        name="days_per_visit",
        names=Names(
            "每多少个在管日应有一次随访（口径 standard=floor90）",
            "managed days for which one follow-up is owed (policy standard=floor90)",
        ),
        values=(DatedValue(value=90),),
        unit="days",
        citation="公卫系统规范管理率的实现口径：随访次数 ≥ floor(天数 / 90)",
        status="confirmed",
    ),
)
"""What the set reads from a disease: a parameter of that name, else the value here."""

_FACE_TO_FACE = column("mode").is_in("clinic", "home")
_READINGS = ("last_follow_up", "any_mode", "include_measurements", "day_lowest")


def measures(diseases: Iterable[Disease]) -> tuple[Measure, ...]:
    """Give the three measures of each disease; two, if it has no target ``control``."""
    return tuple(measure for disease in diseases for measure in _of_disease(disease))


def _of_disease(disease: Disease) -> Iterator[Measure]:
    yield managed(disease)
    yield standardized_management(disease)
    if has_goal(disease):
        yield control(disease)


def has_goal(disease: Disease) -> bool:
    """Say whether a disease has the target that control is measured by."""
    return any(target.id == "control" for target in disease.targets)


def managed(disease: Disease) -> Measure:
    """Count the people managed (年内已管理)."""
    return Measure(
        id=f"{disease.id}.managed",
        version=VERSION,
        names=Names(f"{disease.names.zh}年内已管理人数", f"{disease.names.en}: people managed"),
        rules=(*population(disease), rule(NUMERATOR, "已管理", "managed", True, NUMERATOR)),
        form="count",
        disease=disease.id,
        citation=CITATION,
        status="proposal",
    )


def standardized_management(disease: Disease) -> Measure:
    """Measure who is managed as the specification asks (规范管理率)."""
    return Measure(
        id=f"{disease.id}.standardized_management",
        version=VERSION,
        names=Names(f"{disease.names.zh}规范管理率", f"{disease.names.en}: standardized management"),
        rules=(
            *population(disease),
            rule("standard", "按规范管理", "managed to standard", _standard(disease), NUMERATOR),
            rule("otherwise", "未按规范管理", "not managed to standard", True, NOT_NUMERATOR),
        ),
        disease=disease.id,
        citation=CITATION,
        status="unverified",
    )


def control(disease: Disease) -> Measure:
    """Measure whose last reading of the period is at goal (控制率), by the disease's target ``control``."""
    target = disease.target("control")
    lost = GroupChoice(
        "lost", (GroupOption("not_at_goal", NOT_NUMERATOR), GroupOption("exclude", EXCLUDED + "lost")), "not_at_goal"
    )
    unknown = GroupChoice(
        "unknown", (GroupOption("not_at_goal", UNKNOWN), GroupOption("exclude", EXCLUDED + "unknown")), "not_at_goal"
    )
    return Measure(
        id=f"{disease.id}.control",
        version=VERSION,
        names=Names(
            f"{disease.names.zh}管理人群控制率（{target.names.zh}）",
            f"{disease.names.en}: control ({target.names.en})",
        ),
        rules=(
            *population(disease),
            rule("lost", "失访", "lost to follow-up", in_state(disease, "lost", on=PERIOD.end), lost),
            rule("no_reading", "无符合要求的结果", "no reading that counts", _no_reading(disease, target), unknown),
            rule("at_goal", "最近一次达标", "last reading at goal", _at_goal(disease, target), NUMERATOR),
            rule("otherwise", "最近一次未达标", "last reading not at goal", True, NOT_NUMERATOR),
        ),
        disease=disease.id,
        citation=CITATION,
        status="unverified",
    )


def rule(name: str, zh: str, en: str, when: Expression | bool, group: str | GroupChoice) -> Rule:
    """Make a rule of a measure with its names."""
    condition = n.Literal(when, "bool") if isinstance(when, bool) else when.node
    return Rule(name=name, names=Names(zh, en), when=condition, group=group)


# WHO COUNTS


# What the measures of a disease share is made once: it is then also checked, and put into practice, once.
@lru_cache(maxsize=256)
def population(disease: Disease) -> tuple[Rule, Rule]:
    """Give the rules that every measure begins with: not managed, closed as misdiagnosed."""
    any_time = is_managed(disease, during=PERIOD)
    counts = choice(
        "managed",
        default="any_time",
        any_time=any_time,
        period_end=is_managed(disease, on=PERIOD.end),
        followed_up=any_time & _counting(disease, "follow_up").within(PERIOD).exists(),
    )
    misdiagnosed = in_state(disease, "misdiagnosed", during=until(PERIOD.end))
    exclude = GroupChoice(
        "misdiagnosed", (GroupOption("exclude", EXCLUDED + "misdiagnosed"), GroupOption("keep", "")), "exclude"
    )
    return (
        rule("not_managed", "期内未管理", "not managed in the period", ~counts, OUTSIDE),
        rule("misdiagnosed", "期末前排除诊断", "closed as misdiagnosed by the end", misdiagnosed, exclude),
    )


def _counting(disease: Disease, *kinds: str, also: Expression | None = None) -> Rows:
    """Give the events that count: of this disease or none, on a day on which the person was managed."""
    counts = _counts(disease)
    return events(*kinds).where(counts if also is None else also & counts)


@lru_cache(maxsize=256)
def _counts(disease: Disease) -> Expression:
    return concerns(disease) & is_managed(disease, on=column("date"))


# MANAGED TO STANDARD


def _standard(disease: Disease) -> Expression:
    visits = _face_to_face(disease)
    checkups = _counting(disease, "checkup")
    days = face_to_face_days(disease)
    enough = days >= owed_by_year(disease)
    return choice(
        "standard",
        default="four_and_checkup",
        four_and_checkup=enough & checkups.within(PERIOD).exists(),
        floor90=days >= owed_by_days(disease),
        six_months=visits.within(months(-5, 0)).exists() & checkups.within(months(-11, 0)).exists(),
        no_breach=breaches(disease).within(PERIOD).count() == 0,
    )


def _face_to_face(disease: Disease) -> Rows:
    return _counting(disease, "follow_up", also=_FACE_TO_FACE)


def face_to_face_days(disease: Disease) -> Expression:
    """Give on how many days of the period someone was followed up face to face, while managed."""
    return _face_to_face(disease).within(PERIOD).count_days()


def owed_by_year(disease: Disease) -> Expression | float:
    """Give how many follow-ups are owed a year."""
    return _number(disease, "visits_per_year")


def owed_by_days(disease: Disease) -> Expression:
    """Give how many follow-ups are owed for the days on which someone was managed in the period."""
    return days_in(is_managed(disease), PERIOD) // _number(disease, "days_per_visit")


def _number(disease: Disease, name: str) -> Expression | float:
    """Give a number that the set reads from a disease: the disease's own, else the set's."""
    if any(parameter.name == name for parameter in disease.parameters):
        return p(name, disease=disease)
    return next(float(parameter.values[0].value) for parameter in PARAMETERS if parameter.name == name)


# THE READING AND ITS GOAL


def _no_reading(disease: Disease, target: Target) -> Expression:
    return _by_reading(lambda name: ~_readings(disease, target, name).exists())


def _at_goal(disease: Disease, target: Target) -> Expression:
    def judged(name: str) -> Expression:
        readings = _readings(disease, target, name)
        return _judged(target, readings, of_the_day=name == "day_lowest")

    return _by_reading(judged)


def _by_reading(make: Callable[[str], Expression]) -> Expression:
    return choice("reading", default="last_follow_up", **{name: make(name) for name in _READINGS})


@lru_cache(maxsize=256)
def _readings(disease: Disease, target: Target, policy: str) -> Rows:
    """Give the readings of the period that hold every quantity of the target, under one option of ``reading``."""
    complete = _complete(disease, target)
    if policy == "any_mode":
        return _counting(disease, "follow_up", also=complete).within(PERIOD)
    if policy == "include_measurements":
        seen_or_measured = (kind == "measurement") | _FACE_TO_FACE
        return _counting(disease, "follow_up", "measurement", also=seen_or_measured & complete).within(PERIOD)
    return _counting(disease, "follow_up", also=_FACE_TO_FACE & complete).within(PERIOD)


def _complete(disease: Disease, target: Target) -> Expression:
    first, *others = (made(_column(disease, target, name)).known() for name in target.columns)
    for other in others:
        first = first & other
    return first


def _column(disease: Disease, target: Target, name: str) -> n.Column:
    """Give a quantity of the target as the goal names it, else as the disease declares it."""
    for node in inside(target.goal):
        if isinstance(node, n.Column) and node.name == name:
            return node
    for quantity in disease.quantities:
        if quantity.name == name:
            return n.Column(name, "number", quantity.unit)
    node = column(name).node
    assert isinstance(node, n.Column)
    return node


def _judged(target: Target, readings: Rows, *, of_the_day: bool) -> Expression:
    """Put the last reading, or the lowest values of its day, in the place of the row the goal speaks of."""
    last = readings.last()
    day = last.date
    age_day = choice("age_on", default="reading", reading=day, period_end=PERIOD.end)
    that_day: Span = on(day)

    def change(node: n.Node) -> n.Node:
        if isinstance(node, n.Column):
            if of_the_day and node.kind == "number":
                return n.Reduce("minimum", readings.within(that_day).node, (node,))
            return n.Picked(last.node, node)
        if isinstance(node, n.Age) and node.on == day.node:
            return n.Age(age_day.node)
        return node

    return made(rewrite(target.goal, change))
