"""Saying definitions in Chinese and English."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from attrs import evolve
from catalogue_world import in_forms
from definitions_world import gout
from hypothesis import given, settings
from hypothesis import strategies as st

from singledisease.catalogue import disease, measure_set
from singledisease.dates import iso
from singledisease.definitions.citation import DatedValue
from singledisease.definitions.measure import GroupChoice, GroupOption, Measure
from singledisease.definitions.resolve import resolve
from singledisease.definitions.wording.sentences import say, wording
from singledisease.language import nodes as n
from singledisease.language.build import PERIOD, events, in_state, managed, p
from singledisease.language.format import number_text
from singledisease.language.parse import parse
from singledisease.language.traversal import inside
from singledisease.testing.expressions import expressions
from singledisease.vocabulary import EVENT_COLUMNS, KINDS, PERSON_COLUMNS, STAGES

SAID = {
    "sbp < 140": ("收缩压 < 140 mmHg", "systolic pressure < 140 mmHg"),
    "sbp <= 140": ("收缩压 ≤ 140 mmHg", "systolic pressure ≤ 140 mmHg"),
    "140 > dbp": ("140 mmHg > 舒张压", "140 mmHg > diastolic pressure"),
    'column("cat", "number", "1") >= 10': ("cat ≥ 10", "cat ≥ 10"),
    "dbp >= 90.5": ("舒张压 ≥ 90.5 mmHg", "diastolic pressure ≥ 90.5 mmHg"),
    'sex == "male"': ("性别 = 男", "sex = male"),
    'mode != "phone"': ("方式 ≠ 电话", "mode ≠ phone"),
    'item == "x"': ("项目 = x", "item = x"),
    'events().last().mode == "home"': ("最近一次事件的方式 = 家庭", "mode of the last event = home"),
    'mode in ("clinic", "home")': ("方式为门诊或家庭", "mode is clinic or home"),
    'code.starts_with("I10", "I11")': ("编码以I10或I11开头", "code starts with I10 or I11"),
    "sbp.known()": ("收缩压有记录", "systolic pressure is known"),
    "not sbp.known()": ("收缩压缺失", "systolic pressure is missing"),
    "not events().exists()": ("无事件", "no events"),
    "not (emergency and complication)": ("并非（危急情况 且 并发症）", "not (emergency and complication)"),
    "emergency and (complication or adverse_reaction)": (
        "危急情况 且 （并发症 或 药物不良反应）",
        "emergency and (complication or adverse reaction)",
    ),
    'events("follow_up", "home_visit").exists()': ("有随访或home_visit", "there are follow-ups or home_visit"),
    'events("follow_up").within(PERIOD).count() >= 4': (
        "期内的随访的次数 ≥ 4",
        "number of follow-ups in the period ≥ 4",
    ),
    'events("checkup").count_days()': ("有体检的天数", "number of days with checkups"),
    'events("test").where(hba1c > 7).minimum("hba1c")': (
        "检验[糖化血红蛋白 > 7 %]中最低的糖化血红蛋白",
        "lowest HbA1c of tests [HbA1c > 7 %]",
    ),
    'events().maximum("sbp")': ("事件中最高的收缩压", "highest systolic pressure of events"),
    'events().sum("weight")': ("事件的体重之和", "sum of weight of events"),
    'events().mean("weight")': ("事件的平均体重", "mean weight of events"),
    "events().first().date": ("最早一次事件的日期", "date of the first event"),
    'events().same("link", "team").exists()': ("有关联号、团队相同的事件", "there are events of the same link, team"),
    'breaches("h").within(months(-2, 0)).count()': (
        "第-2至第0个日历月（0为询问当月）的h逾期事项的项数",
        "number of missed deadlines of h in calendar months -2 to 0 (0 is the month asked in)",
    ),
    'spells("h").exists()': ("有h状态期", "there are stays in states of h"),
    "events().within(until(PERIOD.start - 1)).exists()": (
        "有截至（期初 − 1 天）（含）的事件",
        "there are events up to (the period's first day − 1 day) (included)",
    ),
    "events().within(between(PERIOD.start, None)).exists()": (
        "有自期初起（含）的事件",
        "there are events from the period's first day on (included)",
    ),
    "events().within(between(None, None)).exists()": ("有任何时候的事件", "there are events at any time"),
    "events().within(between(PERIOD.start, PERIOD.end)).exists()": (
        "有自期初至期末（含首尾）的事件",
        "there are events from the period's first day to the period's last day (both included)",
    ),
    'events().within(on(day("2024-03-01"))).exists()': ("有2024-03-01当日的事件", "there are events on 2024-03-01"),
    "age(on=PERIOD.end) >= 65": ("期末时的年龄 ≥ 65 岁", "age on the period's last day ≥ 65 years"),
    "age(on=date) >= 65": ("当日年龄 ≥ 65 岁", "age that day ≥ 65 years"),
    'years_between(attribute("birth_date"), date) > 3': (
        "自出生日期至日期的整年数 > 3 年",
        "completed years from date of birth to date > 3 years",
    ),
    "months_between(date, PERIOD.end) < 9": (
        "自日期至期末的日历月数 < 9 个月",
        "calendar months from date to the period's last day < 9 months",
    ),
    "days_between(date, PERIOD.end)": ("自日期至期末的天数", "days from date to the period's last day"),
    'managed("h", on=PERIOD.end)': ("期末日终h管理中", "managed for h on the period's last day"),
    'managed("h", on=date)': ("当日h管理中", "managed for h that day"),
    'in_state("h", "lost", "gone", during=PERIOD)': (
        "期内至少一天h处于“lost或gone”",
        "in the state lost or gone of h on at least one day in the period",
    ),
    'in_stage("h", "closed", on=PERIOD.end)': (
        "期末日终h处于结案阶段",
        "in the stage closed of h on the period's last day",
    ),
    'days_in(managed("h"), PERIOD) // 90': (
        "期内h管理中的天数 ÷ 90（向下取整）",
        "number of days managed for h in the period ÷ 90 rounded down",
    ),
    'concerns("h")': ("属h或未注明病种", "of h or of no disease named"),
    "case((sbp > 1, 2), 3)": ("若收缩压 > 1 mmHg则为2；否则为3", "2 if systolic pressure > 1 mmHg, else 3"),
    "case((sbp > 1, 2))": ("若收缩压 > 1 mmHg则为2", "2 if systolic pressure > 1 mmHg"),
    "PERIOD.end.plus(months=-2)": ("期末前 2 个月", "2 months before the period's last day"),
    'date.plus(days=quantity(3, "days"))': ("日期后 3 天", "3 days after date"),
    "coalesce(sbp, 0)": ("收缩压、0中第一个有值者", "the first known of systolic pressure, 0"),
    "how_many(emergency, complication) > 1": (
        "下列条件中成立的个数{危急情况；并发症} > 1",
        "how many of these hold {emergency; complication} > 1",
    ),
    'choice("c", default="a", a=1, b=2)': (
        "按口径 c（默认 a）{a: 1；b: 2}",
        "by the policy c (default a) {a: 1; b: 2}",
    ),
    "sbp * 2 - dbp / 3": ("（收缩压 × 2） − （舒张压 ÷ 3）", "(systolic pressure × 2) − (diastolic pressure ÷ 3)"),
    'quantity(3, "months")': ("3 个月", "3 months"),
    'this("date")': ("本行的日期", "date of this row"),
    'attribute("education")': ("education", "education"),
    'column("note")': ("note", "note"),
    '"text"': ("“text”", '"text"'),
    "True": ("是", "true"),
    "False": ("否", "false"),
    'p("sbp", disease="h")': ("sbp", "sbp"),
    "events().last()": ("最近一次事件", "the last event"),
    "date.plus(days=-1)": ("日期前 1 天", "1 day before date"),
    "date.plus(years=age(on=date))": ("日期后 当日年龄", "age that day after date"),
    "days_between(date, PERIOD.end).known() and sbp > -1": (
        "自日期至期末的天数有记录 且 收缩压 > -1 mmHg",
        "days from date to the period's last day is known and systolic pressure > -1 mmHg",
    ),
    'events("exit", "walk_in").first()': ("最早一次退出或walk_in", "the first exit or walk_in"),
    'breaches("h").last()': ("最近一项h逾期事项", "the last missed deadline of h"),
    'spells("h").first().date': ("最早一段h状态期的日期", "date of the first stay in a state of h"),
    'services("h").where(outcome == "met").last()': (
        "最近一项h服务事项[结果 = 按期完成]",
        "the last service of h [outcome = met]",
    ),
    'sequences("h").first()': ("最早一条h序列", "the first sequence of h"),
    "institutions().first()": ("最早一家机构", "the first institution"),
    "activities().last()": ("最近一次机构活动", "the last activity of an institution"),
    'activities("round").within(PERIOD).last()': (
        "最近一次期内的机构活动“巡诊”",
        "the last activity of an institution (round) in the period",
    ),
    'events("test", "call").earliest(2).count()': (
        "检验或电话联系中最早的2次的次数",
        "number of the first 2 tests or calls",
    ),
    'events("test").latest(1).count()': ("检验中最近的一次的次数", "number of the last test"),
    'spells("h").latest(3).earliest(2).count()': (
        "h状态期中最近的3段中最早的2段的段数",
        "number of the first 2 of the last 3 stays in states of h",
    ),
    'events("test").latest(3).earliest(1).count()': (
        "检验中最近的3次中最早的一次的次数",
        "number of the first of the last 3 tests",
    ),
    'events("test").latest(3).first()': ("检验中最近的3次中最早的一次", "the first of the last 3 tests"),
    'events("test").within(PERIOD).latest(2).where(ldl > 2).exists()': (
        "有（期内的检验中最近的2次）[低密度脂蛋白胆固醇 > 2 mmol/L]",
        "there is a row among (the last 2 tests in the period) [LDL cholesterol > 2 mmol/L]",
    ),
    'not events("exit").latest(1).where(reason == "died").exists()': (
        "无（退出中最近的一次）[原因 = 死亡]",
        "no row among (the last exit) [reason = died]",
    ),
    'events().count_distinct("institution")': (
        "事件中不同机构的个数",
        "number of different values of institution among events",
    ),
    'events().count_distinct("date")': ("事件中不同日期的个数", "number of different values of date among events"),
    'events().count_distinct("institution", "team", "date")': (
        "事件中机构、团队、日期不同组合的个数",
        "number of different combinations of institution, team and date among events",
    ),
    'events("test").minimum("date")': ("检验中最早的日期", "earliest date of tests"),
    'services("h").maximum("due")': ("h服务事项中最晚的到期日", "latest day due of services of h"),
    'events("medication").overlapping(PERIOD).exists()': (
        "有期内存续的用药",
        "there are medications under way in the period",
    ),
    "events().within(quarters(0, 0)).exists()": (
        "有第0个日历季（0为询问当季）的事件",
        "there are events in calendar quarter 0 (0 is the quarter asked in)",
    ),
    "case((case((emergency, 1)) > 0, 2), (emergency, case((complication, 3), 4)))": (
        "若（若危急情况则为1） > 0则为2；若危急情况则为（若并发症则为3；否则为4）",
        "2 if (1 if emergency) > 0, (3 if complication, else 4) if emergency",
    ),
    'coalesce(mode, "phone") == "home"': (
        "方式、“phone”中第一个有值者 = 家庭",
        'the first known of mode, "phone" = home',
    ),
    'column("to_level") == "village"': ("接收级别 = 村级", "receiving level = village"),
}


@pytest.mark.parametrize(("text", "said"), SAID.items(), ids=SAID.keys())
def test_every_node_is_said_in_both_languages(text, said):
    """A clause is said with its bounds, units and window, in Chinese and in English."""
    assert (say(parse(text), "zh"), say(parse(text), "en")) == said


def test_a_disease_at_hand_names_its_states_parameters_and_quantities():
    """With the disease, ids give way to names, and a parameter shows its value and unit."""
    made = gout()
    uric = events("test").last().column("uric_acid", "number", "µmol/L")
    asked = (in_state("gout", "lost", on=PERIOD.end) | (uric < p("gout.goal"))).node
    assert say(asked, "zh", made) == "期末日终痛风处于“失访” 或 最近一次检验的尿酸 < 尿酸目标（360 µmol/L）"
    assert say(asked, "en", made, None) == (
        "in the state lost of Gout on the period's last day or uric acid of the last test < uric-acid goal (360 µmol/L)"
    )
    assert say(p("gout.gaol").node, "en", made) == "gaol"
    assert say(parse('sbp + column("note", "number")'), "en", made) == "systolic pressure + note"


def test_dated_values_are_all_said():
    """A parameter with values by date is said with each and the day from which it holds."""
    made = gout()
    dated = (DatedValue(value=360), DatedValue(value=300, valid_from=dt.date(2026, 3, 1)))
    changed = evolve(made, parameters=(evolve(made.parameters[0], values=dated), *made.parameters[1:]))
    assert "360 µmol/L, 300 µmol/L from 2026-03-01 on" in say(p("gout.goal").node, "en", changed)
    assert "360 µmol/L、自2026-03-01起 300 µmol/L" in say(p("gout.goal").node, "zh", changed)


def test_a_node_that_is_not_well_made_is_still_said():
    """Words do not fail where a check is about to: the fault is told with the place in words."""
    broken = n.Apply("<", (n.Column("sbp", "text"), n.Literal(1.0, "number")))
    assert say(broken) == "systolic pressure < 1"
    assert say(n.Apply("+", (broken, n.Literal(1.0, "number")))) == "(systolic pressure < 1) + 1"
    assert say(
        n.Apply(
            "+",
            (
                n.Apply("<", (n.Apply("not", (n.Literal(1.0, "number"),)), n.Literal(1.0, "number"))),
                n.Literal(1.0, "number"),
            ),
        )
    )


def bounds(node: object) -> list[str]:
    """Give every number and day that an expression is bounded by, as it is written; of 2 months before a day the 2."""
    found = []
    back = {
        id(part.args[1]) for part in inside(node) if isinstance(part, n.Apply) and part.operation.startswith("plus_")
    }
    for part in inside(node):
        if isinstance(part, n.Literal) and part.kind == "number":
            value = float(part.value)
            found.append(number_text(abs(value) if id(part) in back else value))
        elif isinstance(part, n.Literal) and part.kind == "date":
            found.append(iso(int(part.value)))
        elif isinstance(part, n.CalendarWindow):
            found += [str(part.first), str(part.last)]
    return found


@settings(max_examples=150, deadline=None)
@given(expressions(), st.sampled_from(["zh", "en"]))
def test_wording_names_every_bound(node, language):
    """Every number and day of an expression appears in its wording, as often as it bounds something."""
    said = say(node, language)
    for bound in bounds(node):
        assert re.search(rf"(?<![\d.]){re.escape(bound)}(?![\d.])", said), (bound, said)


@pytest.mark.parametrize(("name", "language"), list(in_forms("zh", "en")))
def test_wording_of_a_disease_names_every_number_and_every_part(name, language):
    """A whole disease is said with every parameter's value, every signal, transition, timing, service and target."""
    found = disease(name)
    said = wording(found, language)
    for parameter in found.parameters:
        assert parameter.names.in_language(language) in said
        assert all(number_text(value.value) in said for value in parameter.values)
    for part in (*found.pathway.states, *found.pathway.signals, *found.timings, *found.targets, *found.roles):
        assert part.names.in_language(language) in said
    assert len(said.split("\n")) > len(found.parameters) + len(found.pathway.transitions)


def test_wording_of_a_small_disease():
    """Guards of transitions, what fulfils a timing, where it leads and for whom a service is are said."""
    said = wording(gout(), "en").split("\n")
    assert "State lost (management, counts as managed, has to be referred)" in said
    assert "State managed (management, counts as managed) → visit" in said
    assert "State well (prevention, where everyone starts)" in said
    assert "State died (closed, where death leads)" in said
    assert "Transition lost → managed: contact (only after at least 7 days)" in said
    assert "Transition well → managed: uric acid high (only on another day)" in said
    assert (
        "Timing silence: within silence that means lost (12 months); in managed; met by follow-ups; "
        "starts again when met; missing it leads to lost" in said
    )
    assert (
        "Service visit: within interval of visits (3 months); in managed; met by follow-ups [mode is clinic or home]; "
        "starts again when met; missing it is a breach; doctor · village, township; for: sex = male" in said
    )
    assert "转移 失访 → 管: 接触 (须满7天)" in wording(gout(), "zh")


def test_wording_of_a_disease_that_is_not_sound():
    """Unknown ids are said as they are, a number as a number."""
    made = gout()
    timing = evolve(
        made.pathway.timings[0],
        states=("nowhere",),
        length=evolve(made.pathway.timings[0].length, amount=n.Literal(400.0, "number"), unit="days"),
        kinds=(),
        leads_to="gone",
    )
    transition = evolve(made.pathway.transitions[1], sources=("x",), signal="y", target="z", after_days=3)
    service = evolve(made.services[0], role="nobody", levels=("moon",), applies=None)
    changed = evolve(
        made, pathway=evolve(made.pathway, timings=(timing,), transitions=(transition,)), services=(service,)
    )
    said = wording(changed, "en")
    assert "Timing silence: within 400 days; in nowhere; starts again when met; missing it leads to gone" in said
    assert "Transition x → z: y (only on another day, only after at least 3 days)" in said
    assert "nobody · moon" in said


def test_wording_of_a_measure():
    """Rules are said in order with their groups and policies, and what becomes of missing data."""
    found = disease("hypertension")
    control = measure_set("cn-bphs-2017", [found])[2]
    said = wording(control, "en", found).split("\n")
    assert said[0].startswith("Hypertension: control")
    assert "by the policy lost (default not_at_goal) {not_at_goal: not_numerator; exclude: excluded:lost}" in said[3]
    assert "keep: catches nobody" in said[2]
    assert said[6].endswith("not_numerator: everyone who is left")
    assert "unknown" in said[7]
    resolved = wording(resolve(control, {found.id: found}, {}).measure, "zh", found)
    assert "150 mmHg" in resolved
    assert "其余所有人" in resolved
    assert "keep: 不适用" in wording(control, "zh", found)


def test_wording_of_an_expression_is_what_say_says():
    """One word serves for definitions and for clauses."""
    assert wording(managed("h", on=PERIOD.end).node, "en") == say(managed("h", on=PERIOD.end).node, "en")


def test_a_group_of_a_policy_is_said_without_a_disease():
    """A measure can be said without knowing its disease."""
    choice = GroupChoice("x", (GroupOption("a", "unknown"), GroupOption("b", "not_numerator")), "a")
    made = Measure(id="m", numerator=managed("h", on=PERIOD.end))
    changed = Measure(id="m", rules=(evolve(made.rules[0], group=choice), made.rules[-1]))
    assert "1. in the numerator → by the policy x (default a)" in wording(changed)


def test_every_word_of_a_registry_has_names():
    """No kind, column, attribute or stage is said by its id in Chinese."""
    for kind in KINDS:
        assert say(n.Events((kind,)), "zh") != kind
    for name, kind in EVENT_COLUMNS.items():
        assert say(n.Column(name, kind), "zh") != name
    for name, kind in PERSON_COLUMNS.items():
        assert say(n.Attribute(name, kind), "zh") != name
    for stage in STAGES:
        assert stage not in say(n.Status("病", "stage", (stage,)), "zh")
