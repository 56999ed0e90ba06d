"""The data-quality page: what is there, what is missing, what repeats, what looks rounded."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections import Counter
from xml.etree import ElementTree

import pytest
from cli_world import run
from foreign_world import export

import singledisease as sd
from singledisease.eventlog.build import build
from singledisease.eventlog.raw import raw_rows
from singledisease.explanation.quality import Quality, quality


def made(rows, people=None, institutions=("A", "A", "B")):
    """Make a log of (patient, date, kind, sbp, dbp, institution) rows."""
    names = ("patient_id", "date", "kind", "sbp", "dbp", "institution")
    ids = people or ["P1", "P2", "P3"]
    patients = {"patient_id": ids, "birth_date": ["1950-01-01"] * (len(ids) - 1) + [""], "sex": ["1"] * len(ids)}
    patients["institution"] = list(institutions)[: len(ids)]
    events = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    return build(raw_rows("patients", patients), raw_rows("events", events))


LOG = made(
    [
        ("P1", "2024-01-05", "follow_up", 150, 90, None),
        ("P1", "2024-05-06", "follow_up", 140, 80, None),
        ("P1", "2024-05-07", "checkup", 133, None, None),
        ("P2", "2024-01-09", "follow_up", None, None, "B"),
        ("P2", "2024-06-31", "follow_up", 150, 90, None),
    ]
)


@pytest.fixture(name="page", scope="module")
def _page():
    return quality(LOG)


def test_rows_are_accounted_for(page):
    """The page repeats what became of the rows of each table."""
    assert page.rows.rows()[1] == {
        "table": "events",
        "read": 5,
        "accepted": 4,
        "duplicates": 0,
        "refused": 1,
        "not_done": 0,
        "skipped": 0,
        "readings": 0,
    }


def test_refusals_are_counted_by_reason(page):
    """Each reason stands once, with how often and the first place."""
    (row,) = page.refusals.rows()
    assert (row["column"], row["check"], row["times"], row["value"], row["line"]) == (
        "date",
        "impossible_date",
        1,
        "2024-06-31",
        6,
    )


def test_kinds_have_rows_people_and_days(page):
    """Each kind of event has its rows, people, first and last day, in the order of kinds."""
    assert page.kinds.rows() == [
        {"kind": "follow_up", "rows": 3, "people": 2, "first": dt.date(2024, 1, 5), "last": dt.date(2024, 5, 6)},
        {"kind": "checkup", "rows": 1, "people": 1, "first": dt.date(2024, 5, 7), "last": dt.date(2024, 5, 7)},
    ]


def test_completeness_is_by_kind_and_column(page):
    """A column's share is of the rows of its kind; a column nothing of a kind fills is left out."""
    shares = {(row["kind"], row["column"]): row["share"] for row in page.columns}
    assert shares["patients", "birth_date"] == pytest.approx(2 / 3)
    assert shares["follow_up", "sbp"] == pytest.approx(2 / 3)
    assert shares["checkup", "sbp"] == 1.0
    assert ("checkup", "dbp") not in shares


def test_institutions_have_people_events_and_completeness(page):
    """An event is its own institution's, or its person's; people without events are counted where they belong."""
    rows = {row["institution"]: row for row in page.institutions}
    assert (rows["A"]["people"], rows["A"]["no_event"], rows["A"]["events"], rows["A"]["sbp"]) == (2, 0, 3, 1.0)
    assert (rows["B"]["people"], rows["B"]["no_event"], rows["B"]["no_birth"], rows["B"]["sbp"]) == (1, 1, 1, 0.0)


def test_last_digits_of_pressures(page):
    """The share of each last digit is that of all whole readings of the column."""
    rows = {row["column"]: row for row in page.digits if row["institution"] is None}
    assert rows["sbp"]["readings"] == 3
    assert (rows["sbp"]["0"], rows["sbp"]["3"], rows["sbp"]["5"]) == pytest.approx((2 / 3, 1 / 3, 0.0))
    assert rows["dbp"]["0"] == 1.0


def test_digit_preference_of_institutions_the_worst_first():
    """Institutions with enough readings are compared, most zeros first; tenths are no digits to look at."""
    rows = [("P1", f"2024-01-{day:02}", "follow_up", 140 + day % 10, 80, "A") for day in range(1, 29)]
    rows += [("P2", f"2024-01-{day:02}", "follow_up", 140, 80.5, "B") for day in range(1, 29)]
    found = [(row["institution"], row["column"]) for row in quality(made(rows)).digits]
    assert found == [(None, "sbp"), ("B", "sbp"), ("A", "sbp"), (None, "dbp"), ("A", "dbp")]


def test_gaps_are_whole_months_without_an_event(page):
    """February to April nobody wrote anything; an institution's gaps lie within its own time."""
    rows = [(row["institution"], row["from"], row["to"], row["months"]) for row in page.gaps]
    assert rows == [
        (None, dt.date(2024, 2, 1), dt.date(2024, 4, 30), 3),
        ("A", dt.date(2024, 2, 1), dt.date(2024, 4, 30), 3),
    ]


def test_several_rows_of_one_thing_are_told_by_their_files(tmp_path):
    """The same visit in two files, and two visits of a day in one, are counted, by whether their readings agree."""
    files = {
        "个人基本信息.csv": "编号,出生日期\n1,19500101\n",
        "高血压随访a.csv": "编号,随访日期,随访方式,收缩压,舒张压\n1,20240105,1,140,90\n1,20240105,2,150,90\n",
        "高血压随访b.csv": "编号,随访日期,随访方式,收缩压,舒张压\n1,20240105,3,150,90\n1,20240105,1,140,90\n",
    }
    log = sd.read(export(tmp_path / "export", files), mapping="bphs-forms")
    rows = [tuple(row.values()) for row in quality(log).doubles]
    assert ("follow_up", "高血压随访a.csv", "高血压随访b.csv", 1, 0) in rows
    assert ("follow_up", "高血压随访a.csv", "高血压随访a.csv", 0, 1) in rows
    assert sum(table.duplicates for table in log.report.tables) == 1


def test_an_empty_log_has_a_page():
    """A registry without anybody gives a page that says so."""
    nobody = build(
        raw_rows("patients", {"patient_id": [], "birth_date": []}),
        raw_rows("events", {"patient_id": [], "date": [], "kind": []}),
    )
    page = quality(nobody)
    assert len(page.kinds) == len(page.gaps) == len(page.doubles) == len(page.digits) == 0
    assert "none" in page.to_text()
    assert "没有" in page.to_text("zh")


def test_the_page_in_both_languages_and_in_a_notebook(page):
    """The page has every table under a title, in Chinese, in English, and as HTML."""
    assert "━━ 血压末位数字" in page.to_text("zh")
    assert "━━ Months without any event ━━" in str(page)
    assert page._repr_html_().count("<table>") == len([table for table in page.tables().values() if len(table)])
    assert isinstance(page, Quality)


def test_a_long_table_is_cut_and_says_so():
    """Of a long table the page shows the first rows and how many more there are; the table itself has all."""
    people = [f"P{i:03}" for i in range(50)]
    log = made(
        [(one, "2024-01-05", "follow_up", 140, 90, f"I{i:03}") for i, one in enumerate(people)], people, ["Z"] * 50
    )
    page = quality(log)
    assert len(page.institutions) == 51
    assert "(first 20 rows, 31 more)" in page.to_text()


# MADE DATA, SPOILT AND COUNTED ON THE WAY

SPOILT = {
    "impossible_date": ("date", "2024-02-30"),
    "not_a_date": ("date", "昨天"),
    "out_of_bounds": ("sbp", "1520"),
    "not_a_number": ("sbp", "高"),
    "dbp_not_below_sbp": ("dbp", "180"),
    "not_in_list": ("mode", "video"),
    "unknown_person": ("patient_id", "P999"),
}


READINGS = ("out_of_bounds", "not_a_number", "dbp_not_below_sbp")


def spoilt_registry(folder):
    """Write people and visits of three institutions, some spoilt; give what the page has to say of them."""
    chance = random.Random(11)
    people = [(f"P{i:03}", ("A", "B", "C")[i % 3]) for i in range(60)]
    checks = dict(zip(range(0, 700, 37), itertools.cycle(SPOILT), strict=False))
    truth = {name: Counter() for name in ("checks", "sbp", "dbp", "visits", "filled", "seen")}
    lines = []
    for i in range(700):
        who, place = chance.choice(people[:50])
        month = chance.choice([1, 2, 3, 6, 7] if place == "B" else range(1, 13))
        row = {"patient_id": who, "date": f"2024-{month:02}-{i % 28 + 1:02}", "kind": "follow_up", "mode": "clinic"}
        row |= {"sbp": str(chance.choice([140, 150, 133, 137, 144])), "dbp": str(chance.randrange(60, 99))}
        if chance.random() < 0.2:
            row["sbp"] = row["dbp"] = ""
        if i in checks:
            column, text = SPOILT[checks[i]]
            row |= {"sbp": "150", "dbp": "90", column: text}
            truth["checks"][checks[i]] += 1
        if i in checks and checks[i] in READINGS:
            # The reading is refused and its visit kept; of crossed pressures both are.
            truth["visits"][place] += 1
            truth["seen"][who] += 1
            truth["dbp"]["0"] += checks[i] != "dbp_not_below_sbp"
        elif i not in checks:
            truth["visits"][place] += 1
            truth["filled"][place] += bool(row["sbp"])
            truth["seen"][who] += 1
            truth["sbp"][row["sbp"][-1:]] += 1
            truth["dbp"][row["dbp"][-1:]] += 1
        lines.append(",".join([str(i), *row.values()]))
    folder.mkdir()
    (folder / "patients.csv").write_text(
        "patient_id,birth_date,sex,institution\n" + "".join(f"{who},1950-01-01,1,{place}\n" for who, place in people)
    )
    (folder / "events.csv").write_text("n,patient_id,date,kind,mode,sbp,dbp\n" + "\n".join(lines) + "\n")
    return people, truth


def test_the_page_says_what_was_spoilt(tmp_path):
    """Refusals by check, completeness and people without events are those that were counted on the way."""
    people, truth = spoilt_registry(tmp_path / "data")
    page = sd.quality(sd.read(tmp_path / "data"))
    assert {row["check"]: row["times"] for row in page.refusals} == truth["checks"]
    readings = sum(truth["checks"][check] for check in READINGS)
    assert page.rows.rows()[1]["readings"] == readings > 0
    assert page.rows.rows()[1]["refused"] == sum(truth["checks"].values()) - readings
    for row in page.institutions:
        place = row["institution"]
        assert row["follow_ups"] == truth["visits"][place]
        assert row["sbp"] == pytest.approx(truth["filled"][place] / truth["visits"][place])
        assert row["no_event"] == sum(one[1] == place and not truth["seen"][one[0]] for one in people)
    gaps = [(row["institution"], row["from"].month, row["months"]) for row in page.gaps]
    assert gaps == [("B", 4, 2)]


def test_last_digits_are_those_that_were_written(tmp_path):
    """Of every reading that was accepted, each last digit has its share."""
    _, truth = spoilt_registry(tmp_path / "data")
    page = sd.quality(sd.read(tmp_path / "data"))
    for row in page.digits:
        if row["institution"] is None:
            found = {digit: round(row[digit] * row["readings"]) for digit in "0123456789"}
            assert found == {digit: truth[row["column"]][digit] for digit in "0123456789"}
    assert [row["column"] for row in page.digits if row["institution"] is None] == ["sbp", "dbp"]


def test_the_page_can_be_opened_in_a_browser(tmp_path):
    """``inspect --report`` writes one HTML file in both languages that fetches nothing and holds whole tables."""
    spoilt_registry(tmp_path / "data")
    out = tmp_path / "quality.html"
    done = run("inspect", tmp_path / "data", "--report", out)
    assert done.exit_code == 0
    page = out.read_text("utf-8")
    assert "数据质量" in page
    assert "Refused rows and readings, by reason" in page
    assert "http" not in page
    assert page.count("<table>") == page.count("</table>") >= 6
    ElementTree.fromstring(page.partition("<body>")[2].partition("</body>")[0].join(["<body>", "</body>"]))


def test_the_page_says_why_nothing_can_be_read(tmp_path):
    """A folder that cannot be read yet gives a page with the reason."""
    out = tmp_path / "quality.html"
    done = run("inspect", export(tmp_path / "export", {"a.csv": "x,y\n1,<b>\n"}), "--report", out)
    assert done.exit_code == 1
    assert "尚不能读取" in out.read_text("utf-8")


def test_reasons_are_in_the_language_of_the_page(page):
    """Why rows were refused stands in words, in the language asked for; the table itself has both."""
    (row,) = page.refusals.rows()
    assert "日历上没有这一天" in row["reason"]
    assert "there is no such day" in row["reason"]
    assert "日历上没有这一天" not in page.to_text("en")
    assert "there is no such day" not in page.to_text("zh")
