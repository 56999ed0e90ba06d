"""Saying a definition in Chinese and English: every clause with its bounds, units and window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from singledisease.definitions.aggregate import Countable, Distribution, Ratio
from singledisease.definitions.code_set import CodeSet
from singledisease.definitions.derived import Derived
from singledisease.definitions.disease import Disease, Service
from singledisease.definitions.fragment_use import transition_place
from singledisease.definitions.joint_tier import JointTier
from singledisease.definitions.measure import GroupChoice, Rule
from singledisease.definitions.pathway import Signal, State, Transition
from singledisease.definitions.tier import Tier, TierLevel
from singledisease.definitions.timing import Timing
from singledisease.definitions.wording.phrases import speaking
from singledisease.definitions.wording.speaker import Speaker
from singledisease.definitions.wording.terms import COLUMN_NAMES, STAGE_NAMES, VALUE_NAMES
from singledisease.language import nodes as n


def say(node: Any, language: str = "en", *diseases: Disease | None) -> str:
    """Say an expression, selection, row, window or status in words.

    Parameters
    ----------
    node
        What to say.
    language
        ``zh`` or ``en``.
    diseases
        Whose names of states, parameters and quantities are known; others are said by id.

    >>> from singledisease.language.parse import parse
    >>> say(parse('sbp <= 139.5 and mode in ("clinic", "home")'))
    'systolic pressure ≤ 139.5 mmHg and mode is clinic or home'
    >>> say(parse('sbp <= 139.5 and mode in ("clinic", "home")'), "zh")
    '收缩压 ≤ 139.5 mmHg 且 方式为门诊或家庭'
    """
    return speaking(language, {each.id: each for each in diseases if each is not None}).say(node)


def wording(what: Any, language: str = "en", *diseases: Disease | None) -> str:
    """Say a whole disease or measure, a line for each part; anything else as ``say`` does."""
    if isinstance(what, Disease):
        return "\n".join(line for _, line in parts_of_disease(what, speaking(language, {what.id: what})))
    if isinstance(what, Derived):
        return f"{what.names.in_language(language)} · {what.id} {what.version}: {what.value}"
    if isinstance(what, JointTier):
        return _joint_tier(what, speaking(language, {each.id: each for each in diseases if each is not None}))
    if isinstance(what, Countable):
        known = {each.id: each for each in diseases if each is not None}
        return "\n".join(line for _, line in parts_of_measure(what, speaking(language, known)))
    return say(what, language, *diseases)


# WHOLE DEFINITIONS


def parts_of_disease(disease: Disease, s: Speaker) -> Iterator[tuple[str, str]]:
    """Give every part of a disease in words, each with its place: ``services.follow_up``."""
    yield "head", f"{s.disease(disease.id)} · {disease.id} {disease.version} · {', '.join(disease.codes)}"
    for target in disease.targets:
        said = s(f"目标 {target.names.zh}：", f"Target {target.names.en}: ") + s.say(target.goal)
        yield f"targets.{target.id}", said
    for parameter in disease.parameters:
        name = parameter.names.in_language(s.language)
        said = f"{name}: {s.values(parameter)} [{parameter.citation}, {parameter.status}]"
        yield f"parameters.{parameter.name}", s("数值 ", "Number ") + said
    for code_set in disease.code_sets:
        yield f"codes.{code_set.name}", s("编码集 ", "Code set ") + _code_set(code_set, s)
    for tier in disease.tiers:
        yield f"tiers.{tier.id}", s("分级 ", "Tier ") + _tier(tier, s)
    yield from _pathway_parts(disease, s)
    for service in disease.services:
        yield f"services.{service.id}", s("服务 ", "Service ") + _service(service, disease, s)


def _pathway_parts(disease: Disease, s: Speaker) -> Iterator[tuple[str, str]]:
    pathway = disease.pathway
    for state in pathway.states:
        yield f"pathway.states.{state.id}", s("状态 ", "State ") + _state(state, disease, s)
    for signal in pathway.signals:
        said = f"{signal.names.in_language(s.language)}: {_signal(signal, s)}"
        yield f"pathway.signals.{signal.id}", s("信号 ", "Signal ") + said
    for transition in pathway.transitions:
        yield transition_place(transition), s("转移 ", "Transition ") + _transition(transition, disease, s)
    for timing in pathway.timings:
        yield f"pathway.timings.{timing.id}", s("时限 ", "Timing ") + _timing(timing, disease, s)


def _service(service: Service, disease: Disease, s: Speaker) -> str:
    who = {role.id: role.names.in_language(s.language) for role in disease.roles}.get(service.role, service.role)
    where = s.listed(s.name(VALUE_NAMES["level"].get(level), level) for level in service.levels)
    applies = "" if service.applies is None else s("；适用：", "; for: ") + s.say(service.applies)
    return f"{_timing(service.timing, disease, s)}; {who} · {where}{applies}"


def _code_set(code_set: CodeSet, s: Speaker) -> str:
    form = s("前缀", "beginning with") if code_set.prefixes else s("编码", "codes")
    system = code_set.system or "ICD-10"
    return f"{code_set.names.in_language(s.language)}: {system}, {form} {', '.join(code_set.codes)}"


def _joint_tier(tier: JointTier, s: Speaker) -> str:
    of = s.listed(s.tier_name(*name.split(".", 1)) for name in tier.of)
    worst = s(f"{of}中最重者", f"the worst of {of}")
    names = {level.id: level.names.in_language(s.language) for level in tier.levels}
    counted = s.listed(f"{own} → {names[id]}" for own, id in tier.counted_as.items())
    worst += s(f"（{counted}）", f" ({counted})") if counted else ""
    name = tier.names.in_language(s.language)
    return f"{name}: {_order(tier.levels, s)}; {worst} [{tier.citation or s('无来源', 'no source')}, {tier.status}]"


def _order(levels: tuple[TierLevel, ...], s: Speaker) -> str:
    named = ((level.names.in_language(s.language), level.colour) for level in levels)
    return " < ".join(f"{name} ({colour})" if colour else name for name, colour in named)


def _tier(tier: Tier, s: Speaker) -> str:
    levels = {level.id: level.names.in_language(s.language) for level in tier.levels}
    order = _order(tier.levels, s)
    rules = s("；", "; ").join(
        f"{levels.get(rule.level, rule.level)} ← {_otherwise(rule.when, s)}" for rule in tier.rules
    )
    said = f"{tier.names.in_language(s.language)}: {order}; {s.say(n.Events(tier.kinds))}: {rules}"
    return said if tier.valid is None else said + s("；有效期 ", "; valid for ") + _amount(tier.valid, "months", s)


def _otherwise(condition: Any, s: Speaker) -> str:
    return s("其余", "otherwise") if condition == n.Literal(True, "bool") else s.say(condition)


def _amount(amount: Any, unit: str, s: Speaker) -> str:
    """Say a number of days, weeks or months."""
    return s.quantity(float(amount.value), unit) if isinstance(amount, n.Literal) else s.say(amount)


def _state(state: State, disease: Disease, s: Speaker) -> str:
    marks = [s.name(STAGE_NAMES.get(state.stage), state.stage)]
    marks += [s("起始状态", "where everyone starts")] if state.id == disease.pathway.initial else []
    marks += [s("死亡即转入", "where death leads")] if state.id == disease.pathway.died else []
    marks += [s("在管", "counts as managed")] if state.managed else []
    marks += [s("须转诊", "has to be referred")] if state.refer else []
    step = "" if state.next_step is None else f" → {state.next_step.in_language(s.language)}"
    return f"{state.names.in_language(s.language)} ({s.listed(marks)}){step}"


def _signal(signal: Signal, s: Speaker) -> str:
    kinds = s.say(n.Events(signal.kinds))
    return kinds if signal.when is None else s.say(n.Where(n.Events(signal.kinds), signal.when))


def _transition(transition: Transition, disease: Disease, s: Speaker) -> str:
    states = {state.id: state.names.in_language(s.language) for state in disease.pathway.states}
    signals = {signal.id: signal.names.in_language(s.language) for signal in disease.pathway.signals}
    # Names of states hold commas.
    sources = s("、", "; ").join(states.get(source, source) for source in transition.sources)
    days = transition.after_days
    guards = [s("须为另一天", "only on another day")] if transition.another_day else []
    guards += [s(f"须满{days}天", f"only after at least {days} days")] if days else []
    said = f" ({s.listed(guards)})" if guards else ""
    target = states.get(transition.target, transition.target)
    return f"{sources} → {target}: {signals.get(transition.signal, transition.signal)}{said}"


def _timing(timing: Timing, disease: Disease, s: Speaker) -> str:
    states = {state.id: state.names.in_language(s.language) for state in disease.pathway.states}
    length = _amount(timing.length.amount, timing.length.unit, s)
    states_said = s("、", "; ").join(states.get(state, state) for state in timing.states)
    parts = [s(f"期限 {length}", f"within {length}")]
    if timing.starts_from:
        column = s.name(COLUMN_NAMES.get(timing.starts_from), timing.starts_from)
        parts.append(s(f"自事件的{column}起算", f"counted from the {column} of the event that starts it"))
    parts.append(s(f"适用状态 {states_said}", f"in {states_said}"))
    if timing.can_be_met:
        met = n.Events(timing.kinds) if timing.met_by is None else n.Where(n.Events(timing.kinds), timing.met_by)
        parts.append(s("由以下完成：", "met by ") + s.say(met))
    if timing.repeats:
        parts.append(s("完成后重新计时", "starts again when met"))
    if timing.breach:
        parts.append(s("逾期计为违约", "missing it is a breach"))
    if timing.leads_to is not None:
        target = states.get(timing.leads_to, timing.leads_to)
        parts.append(s(f"逾期转入“{target}”", f"missing it leads to {target}"))
    return f"{timing.names.in_language(s.language)}: " + s("；", "; ").join(parts)


def parts_of_measure(measure: Countable, s: Speaker) -> Iterator[tuple[str, str]]:
    """Give every part of a measure in words, each with its place: ``rules.at_goal``."""
    yield "head", f"{measure.names.in_language(s.language)} · {measure.id} {measure.version}"
    if measure.of is not None:
        yield "of", s("统计对象（逐条）：", "Counted, one by one: ") + s.say(measure.of)
    if isinstance(measure, Ratio):
        numerator, denominator = map(s.say, measure.amounts)
        yield "ratio", s(f"合计相除：{numerator} ÷ {denominator}", f"Ratio of sums: {numerator} ÷ {denominator}")
    if isinstance(measure, Distribution):
        yield "value", s("分布：", "Distribution of: ") + s.say(measure.value)
    if measure.matures:
        months, days = measure.matures.months, measure.matures.days
        yield (
            "matures",
            s(
                f"期末后 {months} 个日历月零 {days} 天方可统计完整",
                f"Complete {months} calendar months and {days} days after the period's end",
            ),
        )
    for i, rule in enumerate(measure.rules, 1):
        said = f"{rule.names.in_language(s.language)} → {_group(rule, s)}: {_condition(rule, s)}"
        yield f"rules.{rule.name}", f"{i}. {said}"
    yield (
        "reading",
        s(
            "依次判断，第一条成立的规则决定分组；与缺失值的比较为未知；轮到的规则未知时计入“无法判定”，不进入分母。",
            "Rules are asked in order and the first that is true decides. A comparison with a missing value is "
            "unknown; who reaches a rule that is unknown is counted as undetermined, outside the denominator.",
        ),
    )


def _condition(rule: Rule, s: Speaker) -> str:
    everyone = rule.when == n.Literal(True, "bool")
    return s("其余所有人", "everyone who is left") if everyone else s.say(rule.when)


def _group(rule: Rule, s: Speaker) -> str:
    if not isinstance(rule.group, GroupChoice):
        return rule.group
    options = s("；", "; ").join(
        f"{option.name}: {option.group or s('不适用', 'catches nobody')}" for option in rule.group.options
    )
    return s(
        f"按口径 {rule.group.name}（默认 {rule.group.default}）{{{options}}}",
        f"by the policy {rule.group.name} (default {rule.group.default}) {{{options}}}",
    )
