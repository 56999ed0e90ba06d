"""Words that are kept and are likely slips: each is named, counted, and told with what was perhaps meant."""

from __future__ import annotations

import pytest

from singledisease.catalogue.known_words import known_words
from singledisease.definitions.used_words import UsedWords
from singledisease.errors import DataError
from singledisease.eventlog.build import build
from singledisease.eventlog.load_rules import KnownWords, LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import raw_rows

KNOWN = known_words()


def load(rules: LoadRules | None = None, people: dict[str, list[str]] | None = None, **cells: str) -> EventLog:
    """Load two events of P1 that say the same, a day apart."""
    rows = {"patient_id": "P1", "date": "", "kind": "follow_up", **cells}
    columns: dict[str, list[str]] = {name: [cell] * 2 for name, cell in rows.items()}
    columns["date"] = ["2024-03-01", "2024-03-02"]
    patients = {"patient_id": ["P1"], "birth_date": ["1960-01-01"], **(people or {})}
    return build(raw_rows("patients", patients), raw_rows("events", columns), rules=rules or LoadRules(known=KNOWN))


@pytest.mark.parametrize(
    ("cells", "where", "value", "meant"),
    [
        ({"kind": "enrollment", "disease": "hypertension"}, "events.kind", "enrollment", "enrolment"),
        ({"kind": "followup"}, "events.kind", "followup", "follow_up"),
        ({"kind": "follow-up"}, "events.kind", "follow-up", "follow_up"),
        ({"kind": "Enrolment"}, "events.kind", "Enrolment", "enrolment"),
        ({"kind": "home_oxygen"}, "events.kind", "home_oxygen", ""),
        ({"disease": "hypertention"}, "events.disease", "hypertention", "hypertension"),
        ({"disease": "I10"}, "events.disease", "I10", "code of hypertension"),
        ({"disease": "高血压、糖尿病"}, "events.disease", "高血压、糖尿病", "hypertension|type2-diabetes"),
        ({"disease": "高血压，2型糖尿病"}, "events.disease", "高血压，2型糖尿病", "hypertension|type2-diabetes"),
        ({"disease": "hypertension|gout"}, "events.disease", "gout|hypertension", ""),
        ({"item": "swimming"}, "events.item", "swimming", ""),
        ({"status": "取消"}, "events.status", "取消", "cancelled"),
        ({"status": "canceld"}, "events.status", "canceld", "canceled"),
        ({"SBP": "152"}, "events (列 column)", "SBP", "sbp"),
        ({"ＳＢＰ": "152"}, "events (列 column)", "ＳＢＰ", "sbp"),
        ({"收缩压": "152"}, "events (列 column)", "收缩压", "sbp"),
        ({"Recorded": "2024-04-01"}, "events (列 column)", "Recorded", "recorded"),
        ({"shoe_colour": "red"}, "events (列 column)", "shoe_colour", ""),
    ],
)
def test_a_word_that_nothing_knows_is_named(cells: dict[str, str], where: str, value: str, meant: str) -> None:
    """It is kept, and the report has it with its count and what comes near; strict, it is refused."""
    log = load(**cells)
    assert len(log) == 2
    (slip,) = log.report.slips
    assert (slip.where, slip.value, slip.count) == (where, value, 2)
    assert bool(slip.meant) == bool(meant)
    assert meant in slip.meant
    assert f"{value!r} × 2" in log.report.summary()
    with pytest.raises(DataError, match="strict") as refused:
        load(LoadRules(known=KNOWN, strict=True), **cells)
    assert refused.value.faults[0].where == where


@pytest.mark.parametrize(
    "cells",
    [
        {"kind": "vaccination"},
        {"disease": "hypertension"},
        {"disease": "type2-diabetes|hypertension"},
        {"disease": "高血压|Hypertension"},
        {"mode": "clinic", "sbp": "152"},
        {"kind": "appointment", "status": "cancelled"},
    ],
)
def test_what_is_known_is_no_slip(cells: dict[str, str]) -> None:
    """Built-in words, and names of diseases, are taken in silence."""
    assert load(**cells).report.slips == ()


@pytest.mark.parametrize(
    ("tag", "id"),
    [
        ("高血压", "hypertension"),
        ("Hypertension", "hypertension"),
        ("HYPERTENSION", "hypertension"),
        ("type2_diabetes", "type2-diabetes"),
        ("2型糖尿病|高血压", "hypertension|type2-diabetes"),
    ],
)
def test_a_tag_may_be_a_name(tag: str, id: str) -> None:
    """The names of diseases, in any case and width, are their ids."""
    assert load(disease=tag).event(0)["disease"] == id


def test_words_that_definitions_use_are_known() -> None:
    """Kinds, items, statuses and roles of one's own definitions are no slips."""
    words = UsedWords(kinds=["home_oxygen"], items=["spirometry"], roles=["nurse"], columns=["shoe_colour"])
    rules = LoadRules(known=KnownWords(used=lambda: words))
    cells = {"kind": "home_oxygen", "item": "spirometry", "role": "nurse", "shoe_colour": "red"}
    assert load(rules, **cells).report.slips == ()
    (slip,) = load(rules, item="spirometrie").report.slips
    assert "did you mean spirometry?" in slip.meant


def test_without_definitions_only_what_comes_near_is_told() -> None:
    """Nobody can say of a word of its own that nothing knows it if no definition is at hand."""
    log = load(LoadRules(), kind="followup", item="swimming", disease="gout", shoe_colour="red", Mode="clinic")
    assert {(slip.where, slip.value) for slip in log.report.slips} == {
        ("events.kind", "followup"),
        ("events (列 column)", "Mode"),
    }


@pytest.mark.parametrize("name", ["合计", "合 计", "总计：", "小计", "Total", "grand total", "Subtotal:"])
def test_a_row_of_totals_is_named(name: str) -> None:
    """A person called 合计 is likely none; somebody called 合计庄 is not asked about."""
    log = load(people={"patient_id": ["P1", name], "birth_date": ["1960-01-01", ""]})
    (slip,) = log.report.slips
    assert (slip.check, slip.value, slip.line) == ("total_row", name, 3)


def test_an_identity_number_cut_to_fifteen_digits_is_named() -> None:
    """A number that ends in 000 and fails its own check has likely lost its end; a sound one has not."""
    for number, found in (("371081197005050000", True), ("110105194912310000", True), ("371081197005050011", False)):
        log = load(people={"patient_id": ["P1", number], "birth_date": ["1960-01-01", ""]})
        assert [slip.value for slip in log.report.slips] == [number] * found


def test_one_record_on_two_rows_is_named() -> None:
    """Rows of one record that differ are told with how many; one that was taken back is not counted."""
    (slip,) = load(record="R1").report.slips
    assert (slip.check, slip.value, slip.count) == ("record_twice", "R1", 2)
    people = raw_rows("patients", {"patient_id": ["P1"], "birth_date": [""]})
    columns = {
        "patient_id": ["P1", "P1"],
        "date": ["2024-03-01", "2024-03-02"],
        "kind": ["follow_up", "follow_up"],
        "record": ["R1", "R1"],
        "withdrawn": ["2024-03-05", ""],
    }
    assert build(people, raw_rows("events", columns)).report.slips == ()


def test_many_words_of_a_column_share_a_line() -> None:
    """Of words that nothing comes near the report has a line for each column, and says how many there are."""
    people = raw_rows("patients", {"patient_id": ["P1"], "birth_date": [""]})
    items = [f"z{i:02}q" for i in range(30)]
    columns = {"patient_id": ["P1"] * 30, "date": ["2024-03-01"] * 30, "kind": ["test"] * 30, "item": items}
    report = build(people, raw_rows("events", columns), rules=LoadRules(known=KNOWN)).report
    assert len(report.slips) == 30
    (line,) = [line for line in report.summary().splitlines() if "events.item" in line]
    assert "'z00q' × 1" in line
    assert line.endswith(", … (30)")


def test_other_is_a_tag_of_its_own() -> None:
    """A row about none of the diseases that are followed says ``other``, which is no unknown word."""
    log = load(LoadRules(known=KNOWN), kind="encounter", disease="other")
    assert [slip for slip in log.report.slips if slip.column == "disease"] == []


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({"kind": "建档"}, "enrolment"),
        ({"kind": "Registration"}, "enrolment"),
        ({"kind": "随访"}, "follow_up"),
        ({"disease": "原发性高血压"}, "hypertension"),
        ({"disease": "HTN"}, "hypertension"),
        ({"disease": "糖尿病"}, "type2-diabetes"),
        ({"disease": "diabetes"}, "type2-diabetes"),
        ({"disease": "高血压、糖尿病"}, "hypertension|type2-diabetes"),
    ],
)
def test_other_usual_words_are_told_what_they_mean(cells: dict[str, str], wanted: str) -> None:
    """A usual word that is none of the contract's is kept, and the report says which one it stands for."""
    (slip,) = load(LoadRules(known=KNOWN), **cells).report.slips
    assert wanted in slip.meant


def test_numbers_that_lost_the_zeros_in_front_are_told():
    """The rows stay refused, and the report says whose number theirs would be with its zeros."""
    people = {"patient_id": ["0001", "0002", "A3"], "birth_date": ["1950-01-01"] * 3}
    rows = {"patient_id": ["1", "2", "3", "9"], "date": ["2024-01-01"] * 4, "kind": ["follow_up"] * 4}
    report = build(raw_rows("patients", people), raw_rows("events", rows)).report
    (slip,) = [slip for slip in report.slips if slip.check == "zeros_lost"]
    assert (slip.value, slip.count) == ("1", 2)
    assert "patients has 0001" in slip.meant


def test_a_decimal_comma_is_refused_by_its_name():
    """It is no number here, and the reason says what to do; three digits behind it may be thousands."""
    rows = {"patient_id": ["P1"] * 2, "date": ["2024-01-01"] * 2, "kind": ["test"] * 2, "fpg": ["6,1", "6,100"]}
    report = build(raw_rows("patients", {"patient_id": ["P1"], "birth_date": [""]}), raw_rows("events", rows)).report
    assert ["comma" in refused.reason for refused in report.readings] == [True, False]
