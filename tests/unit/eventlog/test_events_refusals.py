"""Every refusal of the input contract, with its place, value and reason."""

import datetime as dt

import numpy as np
import pytest
from attrs import evolve

from singledisease.dates import iso
from singledisease.errors import DataError
from singledisease.eventlog.build import build
from singledisease.eventlog.columns import Dates, Flags, Numbers, coded, value_at
from singledisease.eventlog.deduplicate import differs
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import RawTable, raw_rows
from singledisease.eventlog.report import Refusal
from singledisease.vocabulary import QUANTITIES, Quantity

PEOPLE = {
    "patient_id": ["P1", "P2"],
    "birth_date": ["1960-01-01", ""],
    "sex": ["1", "female"],
    "death_date": ["", "2024-06-30"],
}


def load(**cells: object) -> EventLog:
    """Load one event of P1, with the cells given."""
    row = {"patient_id": "P1", "date": "2024-03-01", "kind": "follow_up", **cells}
    return build(raw_rows("patients", PEOPLE), raw_rows("events", {name: [cell] for name, cell in row.items()}))


def people(**columns: list[object]) -> EventLog:
    """Load patients without events."""
    empty: dict[str, list[object]] = {"patient_id": [], "date": [], "kind": []}
    given = {"birth_date": ["" for _ in columns["patient_id"]], **columns}
    return build(raw_rows("patients", given), raw_rows("events", empty))


@pytest.mark.parametrize(
    ("cells", "column", "check"),
    [
        ({"patient_id": ""}, "patient_id", "blank_person"),
        ({"patient_id": "  \u3000"}, "patient_id", "blank_person"),
        ({"patient_id": "P9"}, "patient_id", "unknown_person"),
        ({"patient_id": "p1"}, "patient_id", "unknown_person"),
        ({"date": ""}, "date", "blank_date"),
        ({"date": "2024-3-1"}, "date", "not_a_date"),
        ({"date": "01/03/2024"}, "date", "not_a_date"),
        ({"date": "2024-0301"}, "date", "not_a_date"),
        ({"date": "２０２４-03-01"}, "date", "not_a_date"),
        ({"date": "2023-02-29"}, "date", "impossible_date"),
        ({"date": "20240230"}, "date", "impossible_date"),
        ({"date": "0000-01-01"}, "date", "impossible_date"),
        ({"date": "2024-03-01T08:00:00+08:00"}, "date", "date_with_time"),
        ({"date": "2024-03-01Z"}, "date", "date_with_time"),
        ({"date": "2024-03-01 08:00"}, "date", "date_with_time"),
        ({"date": "20240301T23:59:59.5"}, "date", "date_with_time"),
        ({"date": "2024-02-30 00:00:00"}, "date", "impossible_date"),
        ({"date": "2024-03-01 00:00:00Z"}, "date", "date_with_time"),
        ({"patient_id": "3.71081E+17"}, "patient_id", "shortened_id"),
        ({"recorded": "soon"}, "recorded", "not_a_date"),
        ({"until": "2024-02-30"}, "until", "impossible_date"),
        ({"date": "1959-12-31"}, "date", "before_birth"),
        ({"patient_id": "P2", "date": "2024-07-01"}, "date", "after_death"),
        ({"kind": ""}, "kind", "blank_kind"),
        ({"kind": " "}, "kind", "blank_kind"),
        ({"mode": "Clinic"}, "mode", "not_in_list"),
        ({"level": "province"}, "level", "not_in_list"),
        ({"setting": "day care"}, "setting", "not_in_list"),
        ({"direction": "sideways"}, "direction", "not_in_list"),
        ({"kind": "exit", "reason": "vanished"}, "reason", "not_in_list"),
        ({"emergency": "maybe"}, "emergency", "not_a_flag"),
        ({"complication": "2"}, "complication", "not_a_flag"),
        ({"kind": "enrolment"}, "disease", "enrolment_without_disease"),
        ({"kind": "enrolment", "disease": " | "}, "disease", "enrolment_without_disease"),
        ({"kind": "enrolment", "disease": "", "code": " "}, "disease", "enrolment_without_disease"),
        ({"kind": "visit\0"}, "kind", "unwritable_text"),
        ({"item": "\ud800"}, "item", "unwritable_text"),
    ],
)
def test_a_bad_row_is_refused_with_its_place(cells: dict[str, str], column: str, check: str) -> None:
    """Each refusal names file, line, column, value and check, and its row counts as refused."""
    log = load(**cells)
    (refusal,) = log.report.refusals
    assert (refusal.table, refusal.file, refusal.line) == ("events", "events", 2)
    assert (refusal.column, refusal.check) == (column, check)
    assert " / " in refusal.reason
    assert len(log) == 0
    assert log.report.table("events").refused == 1
    assert log.report.balanced


READINGS = [
    ({"sbp": "152 mmHg"}, "sbp", "not_a_number"),
    ({"sbp": "1.52e2"}, "sbp", "not_a_number"),
    ({"sbp": "1,520"}, "sbp", "not_a_number"),
    ({"sbp": "0x98"}, "sbp", "not_a_number"),
    ({"sbp": "1_52"}, "sbp", "not_a_number"),
    ({"sbp": "１５２"}, "sbp", "not_a_number"),
    ({"sbp": "."}, "sbp", "not_a_number"),
    ({"sbp": "true"}, "sbp", "not_a_number"),
    ({"sbp": "NaN"}, "sbp", "not_finite"),
    ({"sbp": "-inf"}, "sbp", "not_finite"),
    ({"sequence": "9" * 400}, "sequence", "not_finite"),
    ({"sequence": "first"}, "sequence", "not_a_number"),
    ({"sbp": "351"}, "sbp", "out_of_bounds"),
    ({"fpg": "0"}, "fpg", "out_of_bounds"),
    ({"sbp": "-152"}, "sbp", "out_of_bounds"),
    ({"sbp": "90", "dbp": "90"}, "dbp", "dbp_not_below_sbp"),
    ({"amount": "a lot"}, "amount", "not_a_number"),
]


@pytest.mark.parametrize(("cells", "column", "check"), READINGS)
def test_a_bad_reading_is_refused_and_its_event_kept(cells: dict[str, str], column: str, check: str) -> None:
    """An impossible number is missing, of crossed pressures both, and the event is there; the report has its place."""
    log = load(**cells, mode="home")
    (reading,) = log.report.readings
    assert (reading.table, reading.file, reading.line) == ("events", "events", 2)
    assert (reading.column, reading.check) == (column, check)
    assert log.report.refusals == ()
    assert [log.event(0).get(name) for name in (*cells, "mode")] == [*(None for _ in cells), "home"]
    counts = log.report.table("events")
    assert (counts.accepted, counts.refused, counts.readings) == (1, 0, 1)
    assert log.report.balanced
    assert "拒绝的读数 refused readings 1" in log.report.summary()


@pytest.mark.parametrize(("cells", "column", "check"), READINGS)
def test_impossible_refuses_the_row_if_asked(cells: dict[str, str], column: str, check: str) -> None:
    """With ``impossible="row"`` an impossible number refuses its row."""
    row = {"patient_id": "P1", "date": "2024-03-01", "kind": "follow_up", **cells}
    tables = raw_rows("patients", PEOPLE), raw_rows("events", {name: [cell] for name, cell in row.items()})
    report = build(*tables, rules=LoadRules(impossible="row")).report
    assert [(refusal.column, refusal.check) for refusal in report.refusals] == [(column, check)]
    assert report.readings == ()
    assert report.table("events").refused == 1


def test_an_impossible_pressure_keeps_the_enrolment_it_stands_on() -> None:
    """A slip in a pressure takes nobody out of the registry; the other pressure stands."""
    log = load(kind="enrolment", disease="hypertension", sbp="1520", dbp="95")
    assert [(event.kind, event.get("sbp"), event.get("dbp")) for event in log.events_of(0)] == [
        ("enrolment", None, 95.0)
    ]


def test_a_refusal_shows_the_value_as_it_stood() -> None:
    """The value of a refusal is the cell's text, and writing it out shows everything."""
    (refusal,) = load(sbp=" 9oo ").report.readings
    assert refusal.value == " 9oo "
    assert str(refusal).startswith("events:2 sbp=' 9oo ': ")


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("date", "20240301", "2024-03-01"),
        ("date", " 2024-03-01 ", "2024-03-01"),
        ("date", "1960-01-01", "1960-01-01"),
        ("date", "2024-04-01 00:00:00", "2024-04-01"),
        ("date", "20240401T00:00", "2024-04-01"),
        ("date", "2024-04-01 0:00:00.000", "2024-04-01"),
        ("sbp", "+152.", 152.0),
        ("sbp", "40", 40.0),
        ("sbp", "350", 350.0),
        ("fpg", ".5", 0.5),
        ("egfr", "0", 0.0),
        ("sequence", "-3", -3.0),
        ("emergency", "TRUE", True),
        ("emergency", "是", True),
        ("emergency", "No", False),
        ("emergency", "0", False),
        ("disease", "b | a|b|", "a|b"),
        ("disease", "|", None),
        ("mode", " home ", "home"),
        ("reason", "moved house", "moved house"),
        ("blood_group", " AB ", "AB"),
        ("kind", "home_oxygen", "home_oxygen"),
        ("sbp", " ", None),
        ("until", "99991231", "9999-12-31"),
    ],
)
def test_an_allowed_value_is_accepted(column: str, text: str, value: object) -> None:
    """What the contract allows is taken, stripped and in its normal form; blank is missing."""
    log = load(**{column: text})
    assert log.report.refusals == ()
    found = log.event(0).get(column)
    assert (iso(found) if column in ("date", "until") else found) == value


def test_an_event_on_the_day_of_birth_or_death_is_accepted() -> None:
    """Only before birth and after death are refused, not those days themselves."""
    assert len(load(patient_id="P1", date="1960-01-01")) == 1
    assert len(load(patient_id="P2", date="2024-06-30")) == 1


def test_every_problem_of_a_row_is_shown_but_the_row_counts_once() -> None:
    """A row with three faults has three refusals and is one refused row."""
    log = load(date="tomorrow", sbp="x", mode="carrier pigeon")
    assert {refusal.check for refusal in log.report.refusals} == {"not_a_date", "not_a_number", "not_in_list"}
    assert log.report.table("events").refused == 1


def test_the_bounds_are_printed() -> None:
    """A number out of bounds is told the bounds and the unit, in both languages."""
    (refusal,) = load(sbp="9000").report.readings
    assert "40–350 mmHg" in refusal.reason
    assert "收缩压" in refusal.reason


def test_a_declared_quantity_has_its_own_bounds() -> None:
    """A further quantity is a number within its bounds; undeclared, the same column is text."""
    columns = {
        "patient_id": ["P1", "P1"],
        "date": ["2024-03-01"] * 2,
        "kind": ["test"] * 2,
        "ferritin": ["30", "9999"],
    }
    ferritin = Quantity("ferritin", "µg/L", 1, 5000, "铁蛋白", "ferritin")
    log = build(raw_rows("patients", PEOPLE), raw_rows("events", columns), quantities=[ferritin])
    assert [reading.check for reading in log.report.readings] == ["out_of_bounds"]
    assert sorted(event["ferritin"] or 0 for event in log.events_of(0)) == [0, 30.0]
    assert build(raw_rows("patients", PEOPLE), raw_rows("events", columns)).event(1)["ferritin"] == "9999"


def test_typed_columns_pass_the_same_rules() -> None:
    """Numbers, days and flags that come typed are refused for what text would be refused for."""
    table = RawTable(
        name="events",
        columns={
            "patient_id": Numbers(np.array([1.0, 1.0, 1.0, np.nan])),
            "date": Dates(np.array([19000, 2**31 - 1, -(2**31), 19000], np.int32)),
            "kind": coded(["test"] * 4),
            "sbp": Numbers(np.array([np.inf, 9000, np.nan, 120])),
            "emergency": Flags(np.array([1, 0, -1, 1], np.int8)),
            "complication": Numbers(np.array([1.0, 0.0, 2.0, np.nan])),
            "item": Flags(np.array([1, 0, -1, 1], np.int8)),
            "team": Dates(np.array([19000] * 4, np.int32)),
            "sequence": Numbers(np.array([1.0, 2.0, -0.0, 1e300])),
        },
        file="typed",
        line=np.arange(1, 5),
    )
    log = build(raw_rows("patients", {"patient_id": [1], "birth_date": [None]}), table)
    assert [(refusal.line, refusal.column, refusal.check, refusal.value) for refusal in log.report.refusals] == [
        (2, "date", "impossible_date", "day 2147483647"),
        (2, "sbp", "out_of_bounds", "9000"),
        (3, "complication", "not_a_flag", "2"),
        (3, "date", "blank_date", ""),
        (4, "patient_id", "blank_person", ""),
    ]
    assert [(reading.line, reading.column, reading.check) for reading in log.report.readings] == [
        (1, "sbp", "not_finite")
    ]


def test_typed_values_become_the_text_of_a_file() -> None:
    """A typed column that is text by its meaning reads as a CSV file would hold it."""
    table = RawTable(
        name="events",
        columns={
            "patient_id": Numbers(np.array([1.0])),
            "date": Numbers(np.array([20240301.0])),
            "kind": coded(["test"]),
            "item": Flags(np.array([1], np.int8)),
            "team": Dates(np.array([19000], np.int32)),
            "status": Numbers(np.array([2.5])),
            "sbp": coded([None]),
        },
        file="typed",
        line=np.arange(1, 2),
    )
    log = build(raw_rows("patients", {"patient_id": [1], "birth_date": [None]}), table)
    event = log.event(0)
    assert (event["item"], event["team"], event["status"], event["sbp"]) == ("true", "2022-01-08", "2.5", None)


@pytest.mark.parametrize(
    ("code", "sex"),
    [("1", "male"), ("2", "female"), ("0", "unknown"), ("9", "unknown"), ("", "unknown"), ("male", "male")],
)
def test_sex_is_read_by_word_and_by_national_code(code: str, sex: str) -> None:
    """The words and the codes of GB/T 2261.1 are read; blank is unknown."""
    assert people(patient_id=["P1"], sex=[code]).person_at(0).sex == sex


@pytest.mark.parametrize(
    ("columns", "checks"),
    [
        ({"patient_id": [""], "sex": [""]}, ["blank_person"]),
        ({"patient_id": ["P1"], "sex": ["3"]}, ["not_in_list"]),
        ({"patient_id": ["P1"], "birth_date": ["1960-13-01"]}, ["impossible_date"]),
        ({"patient_id": ["P1"], "birth_date": ["1960-01-02"], "death_date": ["1960-01-01"]}, ["death_before_birth"]),
        ({"patient_id": ["P1", "P1"], "team": ["A", "B"]}, ["different_rows", "different_rows"]),
        ({"patient_id": ["P1", "P1"], "sex": ["1", "x"]}, ["different_rows", "not_in_list", "different_rows"]),
        ({"patient_id": ["P1", "P1"], "sex": ["x", "x"]}, ["not_in_list", "not_in_list"]),
        ({"patient_id": ["", ""], "sex": ["1", "2"]}, ["blank_person", "blank_person"]),
    ],
)
def test_a_bad_person_is_refused(columns: dict[str, list[str]], checks: list[str]) -> None:
    """A refused person is not in the log, and every row counts as refused."""
    log = people(**columns)
    assert [refusal.check for refusal in log.report.refusals] == checks
    assert len(log.people) == 0
    assert log.report.table("patients").refused == len(columns["patient_id"])
    assert log.report.balanced


def test_both_of_two_different_rows_are_shown_with_their_lines() -> None:
    """Two different rows for one person name both lines, and the person's events are refused as of nobody."""
    patients = raw_rows("patients", {"patient_id": ["P1", "P2", "P1"], "birth_date": ["1960-01-01", "", "1960-01-02"]})
    events = raw_rows("events", {"patient_id": ["P1"], "date": ["2024-01-01"], "kind": ["test"]})
    report = build(patients, events).report
    assert [(found.line, found.check, found.key) for found in report.refusals] == [
        (2, "different_rows", "P1"),
        (4, "different_rows", "P1"),
        (2, "unknown_person", "P1"),
    ]
    assert "2, 4" in report.refusals[0].reason


def test_an_identical_person_is_a_duplicate() -> None:
    """Rows that read the same, however they are written, are one person and duplicates."""
    log = people(
        patient_id=["P1", " P1", "P1"], birth_date=["1960-01-01", "19600101", "1960-01-01"], sex=["1", "male", "1"]
    )
    counts = log.report.table("patients")
    assert (counts.read, counts.accepted, counts.duplicates, counts.refused) == (3, 1, 2, 0)


def test_a_missing_number_equals_a_missing_number() -> None:
    """Comparing rows does not take one blank for different from another, nor a blank for a number."""
    numbers = Numbers(np.array([np.nan, np.nan, 1.0, 1.0]))
    assert differs(numbers, np.array([0, 0, 2]), np.array([1, 2, 3])).tolist() == [False, True, False]
    assert people(patient_id=["P1", "P1"], birth_date=["", ""]).report.table("patients").duplicates == 1


def test_death_is_known_from_its_own_day_unless_said_otherwise() -> None:
    """A blank ``death_recorded`` is the day of death; without a death it says nothing."""
    log = people(
        patient_id=["P1", "P2", "P3"],
        death_date=["2024-01-01", "2024-01-01", ""],
        death_recorded=["", "2024-02-01", "2024-02-01"],
    )
    recorded = [log.person_at(i).death_recorded for i in range(3)]
    assert recorded == [19723, 19754, None]


@pytest.mark.parametrize(
    ("columns", "checks", "accepted"),
    [
        ({"institution": ["A", "A"], "name": ["x", "x"]}, [], 1),
        ({"institution": ["A", "A", "B"], "name": ["x", "y", ""]}, ["different_rows", "different_rows"], 1),
        ({"institution": ["", "B"], "level": ["", "county"]}, ["blank_institution"], 1),
        ({"institution": ["B"], "level": ["hospital"]}, ["not_in_list"], 0),
    ],
)
def test_institutions_are_checked_and_accounted_for(
    columns: dict[str, list[str]], checks: list[str], accepted: int
) -> None:
    """Institutions are refused, merged and counted as people are."""
    log = build(
        raw_rows("patients", PEOPLE),
        raw_rows("events", {"patient_id": [], "date": [], "kind": []}),
        raw_rows("institutions", columns),
    )
    assert [refusal.check for refusal in log.report.refusals] == checks
    assert len(log.institutions.ids) == log.report.table("institutions").accepted == accepted
    assert log.report.balanced


def test_institutions_know_their_parents() -> None:
    """The parent is found by id; none, an unknown institution and a missing column are blank."""
    columns = {"institution": ["V", "T"], "parent": ["T", ""]}
    log = build(
        raw_rows("patients", PEOPLE),
        raw_rows("events", {"patient_id": [], "date": [], "kind": []}),
        raw_rows("institutions", columns),
    )
    assert [log.institutions.parent(place) for place in ("V", "T", "?")] == ["T", "", ""]


@pytest.mark.parametrize(
    ("patients", "events", "message"),
    [
        ({"patient": ["P1"], "birth_date": [""]}, {"patient_id": [], "date": [], "kind": []}, "did you mean patient?"),
        ({"patient_id": ["P1"]}, {"patient_id": [], "date": [], "kind": []}, "add the column birth_date"),
        ({"patient_id": ["P1"], "birth_date": [""]}, {"id": [], "day": []}, "kind"),
    ],
)
def test_a_table_without_a_column_it_needs_is_no_registry(
    patients: dict[str, list[str]], events: dict[str, list[str]], message: str
) -> None:
    """A missing column is an error that names it and what was perhaps meant."""
    with pytest.raises(DataError, match="missing_column") as caught:
        build(raw_rows("patients", patients), raw_rows("events", events))
    assert message in str(caught.value)


def test_unreadable_rows_count_as_read_and_refused() -> None:
    """Rows refused before they were cells are in the account."""
    ragged = Refusal("events", "events", 3, "", "", "wrong_number_of_cells", "…")
    table = evolve(raw_rows("events", {"patient_id": ["P1"], "date": ["2024-01-01"], "kind": [""]}), refused=(ragged,))
    counts = build(raw_rows("patients", PEOPLE), table).report.table("events")
    assert (counts.read, counts.refused) == (2, 2)


def test_the_summary_counts_and_shows() -> None:
    """The summary gives the counts of each table, of each check, and the first refusals, then how many more."""
    events = {"patient_id": ["P1"] * 3, "date": ["x"] * 3, "kind": ["test"] * 3}
    report = build(raw_rows("patients", PEOPLE), raw_rows("events", events)).report
    text = report.summary(most=1)
    assert "read 3 = 接受 accepted 0 + 重复 duplicates 0 + 拒绝 refused 3" in text
    assert "not_a_date: 3" in text
    assert "2 more" in text
    assert "more" not in report.summary()
    assert report.table("institutions").read == 0


def test_every_quantity_of_the_vocabulary_is_bounded() -> None:
    """Just outside either bound a value of any quantity is refused, on the bound it is accepted."""
    for quantity in QUANTITIES.values():
        assert load(**{quantity.name: quantity.low}).report.readings == ()
        assert load(**{quantity.name: quantity.high}).report.readings == ()
        assert len(load(**{quantity.name: quantity.high + 0.001}).report.readings) == 1
        assert len(load(**{quantity.name: quantity.low - 0.001}).report.readings) == 1


def test_plain_values_become_the_cells_of_a_file() -> None:
    """Dates, numbers, flags and nothing are written as a CSV file would hold them."""
    values = [dt.date(2024, 3, 1), 1e-7, 152.0, True, False, None, 3, "x"]
    column = raw_rows("events", {"item": values}).columns["item"]
    assert [value_at(column, i) for i in range(len(values))] == [
        *("2024-03-01", "0.0000001", "152", "true", "false", None, "3", "x")
    ]
    assert len(raw_rows("events", {})) == 0


def test_reasons_are_listed_for_exits_only() -> None:
    """An exit with a listed reason and another event with a free one are both accepted."""
    assert load(kind="exit", reason="moved").report.refusals == ()
    assert load(kind="referral", reason="high pressure").report.refusals == ()


def test_columns_that_everyone_lacks_are_noted() -> None:
    """A registry without sex or institutions is read, but does not lose them silently."""
    (note,) = load().report.notes
    assert "no column institution" in note
    notes = people(patient_id=["P1"]).report.notes
    assert ["no column sex" in notes[0], "no column institution" in notes[1]] == [True, True]
