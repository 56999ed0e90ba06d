"""Exports of a made-up county as record systems really write them, with the figures counted here on the way.

Nothing of the library is used: the figures come from the people as they were made, not from the files.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from fractions import Fraction
from pathlib import Path

from attrs import define, field

FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 12, 31)
PLACES = ["城关镇卫生院", "东庄村卫生室", "西庄村卫生室"]
MODES = ["门诊", "家庭", "电话", "网络"]
KPA = Fraction("0.133322387415")


@define
class Visit:
    """A follow-up: day, mode, pressures if they were taken, fasting glucose."""

    day: dt.date
    mode: str
    bp: tuple[int, int] | None
    glucose: float


@define
class Person:
    """Somebody of the county, whole numbers of identity included."""

    record: str
    identity: str
    sex: str
    birth: dt.date
    place: str
    enrolled: dt.date | None
    diabetic: bool
    visits: list[Visit] = field(factory=list)
    checks: list[dt.date] = field(factory=list)
    died: dt.date | None = None


def county(seed, count=120):
    """Make people: some never enrolled, some dead, most of them visited."""
    chance = random.Random(seed)
    return [_person(chance, number) for number in range(count)]


def _person(chance, number):
    birth = dt.date(1935, 1, 1) + dt.timedelta(chance.randrange(50 * 365))
    sex = chance.choice("男女")
    body = f"371400{birth:%Y%m%d}{number // 5:02d}{number % 5 * 2 + (sex == '男')}"
    enrolled = dt.date(2022, 6, 1) + dt.timedelta(chance.randrange(800))
    days = sorted({dt.date(2023, 6, 1) + dt.timedelta(chance.randrange(577)) for _ in range(chance.randrange(8))})
    made = Person(
        record=f"3714000010010{number:04d}",
        identity=body + _mark(body),
        sex=sex,
        birth=birth,
        place=PLACES[number % 3],
        enrolled=enrolled if chance.random() < 0.9 else None,
        diabetic=chance.random() < 0.3,
        visits=[_visit(chance, day) for day in days],
        checks=sorted({dt.date(2023, 9, 1) + dt.timedelta(chance.randrange(480)) for _ in range(chance.randrange(3))}),
    )
    if chance.random() < 0.08:
        last = max([enrolled, *days, *made.checks])
        made.died = last + dt.timedelta(chance.randrange(1, 60))
    return made


def _visit(chance, day):
    mode = chance.choices(MODES, [5, 3, 2, 1])[0]
    high = chance.randrange(112, 172)
    low = max(50, high - chance.randrange(35, 66))
    return Visit(day, mode, (high, low) if chance.random() < 0.85 else None, round(chance.uniform(4.5, 10.5), 1))


def _mark(body):
    return "10X98765432"[
        sum(int(digit) * (2**place % 11) for digit, place in zip(body, range(17, 0, -1), strict=True)) % 11
    ]


# THE FIGURES, COUNTED PERSON BY PERSON


def figures(people, *, exact=Fraction, begins=lambda person: person.enrolled):
    """Count who is managed in 2024, who of them is at goal, and whose management was up to standard."""
    managed = at_goal = standard = 0
    for person in people:
        start = begins(person)
        end = LAST if person.died is None else min(LAST, person.died - dt.timedelta(1))
        if start is None or max(start, FIRST) > end:
            continue
        managed += 1
        seen = [visit for visit in person.visits if max(start, FIRST) <= visit.day <= LAST]
        seen = [visit for visit in seen if visit.mode in ("门诊", "家庭")]
        checked = any(max(start, FIRST) <= day <= LAST for day in person.checks)
        standard += len({visit.day for visit in seen}) >= 4 and checked
        measured = [visit for visit in seen if visit.bp is not None]
        if measured:
            high, low = map(exact, measured[-1].bp)
            at_goal += high < (150 if _age(person, measured[-1].day) >= 65 else 140) and low < 90
    return {"denominator": managed, "numerator": at_goal, "standard": standard}


def _age(person, day):
    return day.year - person.birth.year - ((day.month, day.day) < (person.birth.month, person.birth.day))


# THE FILES


def write(file: Path, rows, *, encoding="utf-8", separator=","):
    """Write rows as a spreadsheet program saves them."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    file.write_bytes(text.getvalue().encode(encoding))


def _slashed(day):
    return f"{day.year}/{day.month}/{day.day}"


def _bp(visit, blank=""):
    return visit.bp or (blank, blank)


def _visits(people, row):
    return [[*row(person, visit)] for person in people for visit in person.visits]


def many_files(folder):
    """GB18030; eight files; 152/95 in a cell; 1 门诊; 2024/3/5; a total at the end; deaths in a file of their own."""
    people = county(1)
    numbered = {"门诊": "1 门诊", "家庭": "2 家庭", "电话": "3 电话", "网络": "5 网络"}

    def save(name, *rows):
        write(folder / f"{name}.csv", rows, encoding="gb18030")

    save(
        "个人档案",
        ["档案号", "姓名", "性别", "出生日期", "身份证号", "联系电话", "管理机构"],
        *([p.record, "某", p.sex, _slashed(p.birth), p.identity, "000", p.place] for p in people),
        ["合  计", f"{len(people)}人", "", "", "", "", ""],
    )
    save("高血压管理卡", ["档案号", "建卡日期"], *([p.record, _slashed(p.enrolled)] for p in people if p.enrolled))
    save(
        "高血压随访",
        ["档案号", "姓名", "随访日期", "随访方式", "血压（mmHg）", "药物不良反应", "此次随访分类", "下次随访日期"],
        *_visits(
            people,
            lambda p, v: [
                *(p.record, "某", _slashed(v.day), numbered[v.mode], "/".join(map(str, v.bp or ()))),
                *("1 无", "1控制满意", _slashed(v.day + dt.timedelta(90))),
            ],
        ),
        ["合计", *[""] * 7],
    )
    sweet = [p for p in people if p.diabetic]
    save(
        "糖尿病随访",
        ["档案号", "随访日期", "随访方式", "空腹血糖（mmol/L）"],
        *_visits(sweet, lambda p, v: [p.record, _slashed(v.day), numbered[v.mode], v.glucose]),
    )
    save(
        "体检", ["档案号", "体检日期", "右侧收缩压"], *([p.record, _slashed(d), 130] for p in people for d in p.checks)
    )
    save("签约", ["档案号", "签约日期", "到期日期"], *([p.record, "2024/1/5", "2024/12/31"] for p in people[:40]))
    save("转诊", ["档案号", "转诊日期", "转诊方向"], *([p.record, _slashed(p.birth), "上转"] for p in people[:9]))
    save("死亡", ["档案号", "死亡日期", "死亡原因"], *([p.record, _slashed(p.died), "某病"] for p in people if p.died))
    return figures(people)


def identity_numbers(folder):
    """Tabs and a byte-order mark; identity numbers alone, …x in one file; no birth dates; times of day; 未测."""
    people = county(2)
    codes = {"门诊": "1", "家庭": "2", "电话": "3", "网络": "5"}

    def save(name, *rows):
        write(folder / f"{name}.txt", rows, encoding="utf-8-sig", separator="\t")

    sexes = {"男": "1", "女": "2"}
    save("居民个人档案", ["身份证号", "姓名", "性别"], *([p.identity, "某", sexes[p.sex]] for p in people))
    save(
        "高血压专项档案",
        ["身份证号", "建卡日期"],
        *([p.identity, f"{p.enrolled} 09:00:00"] for p in people if p.enrolled),
    )
    save(
        "高血压患者随访服务记录表",
        ["身份证号", "随访日期", "随访方式", "收缩压", "舒张压", "身高"],
        *_visits(people, lambda p, v: [p.identity.lower(), f"{v.day} 08:30:00", codes[v.mode], *_bp(v, "未测"), "-"]),
    )
    save("健康体检", ["身份证号", "体检日期"], *([p.identity, f"{d} 10:00:00"] for p in people for d in p.checks))
    for person in people:
        person.died = None
    return figures(people)


def four_visits_in_a_row(folder):
    """One file, a row for each person, four visits side by side, a title above, remarks below, spreadsheet days."""
    people = county(3)
    heads = ["序号", "居民健康档案编号", "姓名", "性别", "出生日期", "建档日期", "管理机构"]
    for k in range(1, 5):
        heads += [f"第{k}次{what}" for what in ("随访日期", "随访方式", "收缩压", "舒张压")]

    def number(day):
        return (day - dt.date(1899, 12, 30)).days if day else ""

    rows = []
    for place, person in enumerate(people, 1):
        person.visits, person.checks, person.died = person.visits[:4], [], None
        cells = [[number(v.day), v.mode, *_bp(v)] for v in person.visits] + [[""] * 4] * (4 - len(person.visits))
        own = [place, person.record, "某", person.sex, number(person.birth), number(person.enrolled), person.place]
        rows.append(own + [cell for some in cells for cell in some])
    blank = [""] * (len(heads) - 2)
    ends = [["合计", f"{len(people)}人", *blank], ["填表人：", "审核人：", *blank]]
    title = ["某县2024年高血压患者随访登记表", "", *blank]
    write(folder / "高血压患者随访登记表.csv", [title, heads, *rows, *ends], encoding="gb18030")
    return figures(people)


def headings_twice(folder):
    """随访日期, 随访方式, 收缩压 and 舒张压 stand twice in one line of headings; 2024年03月05日."""
    people = county(4)
    rows = []
    for person in people:
        person.visits, person.checks, person.died = person.visits[:2], [], None
        cells = [[f"{v.day:%Y年%m月%d日}", v.mode, *_bp(v)] for v in person.visits]
        cells += [[""] * 4] * (2 - len(cells))
        rows.append([person.record, *cells[0], *cells[1]])
    heads = ["档案号", *["随访日期", "随访方式", "收缩压", "舒张压"] * 2]
    write(folder / "高血压随访.csv", [heads, *rows])
    write(folder / "个人档案.csv", [["档案号", "性别", "出生日期"], *([p.record, p.sex, p.birth] for p in people)])
    write(folder / "高血压建档.csv", [["档案号", "建档日期"], *([p.record, p.enrolled] for p in people if p.enrolled)])
    return figures(people)


def other_units(folder):
    """Pressures in kPa that nothing says, glucose in mg/dL that nothing says, lipids and °F that say so."""
    people = county(5)

    def kpa(number):
        return f"{float(number * KPA):.1f}"

    for person in people:
        person.died = None
    write(folder / "个人基本信息.csv", [["档案号", "性别", "出生日期"], *([p.record, p.sex, p.birth] for p in people)])
    write(
        folder / "高血压管理卡.csv", [["档案号", "建卡日期"], *([p.record, p.enrolled] for p in people if p.enrolled)]
    )
    visits = _visits(
        people,
        lambda p, v: [
            *(p.record, f"{v.day:%Y%m%d}", v.mode),
            *(map(kpa, v.bp) if v.bp else ("", "")),
            round(v.glucose * 18),
        ],
    )
    write(folder / "高血压随访.csv", [["档案号", "随访日期", "随访方式", "收缩压", "舒张压", "空腹血糖"], *visits])
    checks = [[p.record, day, 200, 150, 98.6] for p in people for day in p.checks]
    write(folder / "健康体检.csv", [["档案号", "体检日期", "总胆固醇(mg/dL)", "甘油三酯（mg/dL）", "体温(℉)"], *checks])
    return figures(people, exact=lambda number: Fraction(kpa(number)) / KPA)


def visits_alone(folder):
    """One file of visits of two diseases, blanks within the headings, 2024-3-5, nobody's enrolment."""
    people = county(6)
    for person in people:
        person.checks, person.died = [], None
    heads = [
        " 身份证号码 ",
        "姓 名",
        "性 别",
        "疾病类型",
        "随访 日期",
        "随访　方式",
        "收缩压（ｍｍＨｇ）",
        "舒张压（ｍｍＨｇ）",
    ]
    rows = _visits(
        people,
        lambda p, v: [
            *(p.identity, "某", p.sex, "高血压、糖尿病" if p.diabetic else "高血压"),
            *(f"{v.day.year}-{v.day.month}-{v.day.day}", f"{v.mode}随访", *_bp(v)),
        ],
    )
    write(folder / "慢病随访.csv", [heads, *rows])
    return figures(people, begins=lambda person: person.visits[0].day if person.visits else None)


EXPORTS = (many_files, identity_numbers, four_visits_in_a_row, headings_twice, other_units, visits_alone)
