"""Strata: where each person belongs on the day a period is asked about."""

import numpy as np
import pytest
from attrs import evolve
from registries import registry

from singledisease import strata as module
from singledisease.dates import day_of, period
from singledisease.errors import DataError, UsageError
from singledisease.scorecard.rollup import ancestors, parents_of
from singledisease.strata import AGE_BANDS, check_by, labels_of, stratify


def texts(log, name, *days, disease=""):
    """Give the label of each person on each day, as lists of texts by day."""
    labels = labels_of(name, log, [day_of(day) for day in days], disease)
    codes = np.broadcast_to(labels.codes, (len(days), len(log.people)))
    return [[labels.texts[code] for code in row] for row in codes]


MOVERS = registry(
    [["P1", "A"], ["P2", "A"], ["P3"]],
    [
        ["P1", "2024-03-01", "assignment", "B"],
        ["P1", "2024-06-01", "assignment", "C", "", "hypertension"],
        ["P1", "2024-07-01", "follow_up", "Z"],
        ["P2", "2024-03-01", "assignment", "", "T9"],
        ["P3", "2024-03-01", "assignment", "D", "", "type2-diabetes|gout"],
    ],
    patient_columns="institution",
    event_columns="institution team disease",
)


def test_an_assignment_holds_from_its_day_on():
    """The institution is the patient's own until an assignment names another; other events name none."""
    days = ("2024-02-29", "2024-03-01", "2024-12-31")
    assert texts(MOVERS, "institution", *days) == [["A", "A", ""], ["B", "A", "D"], ["C", "A", "D"]]


def test_an_assignment_concerns_its_diseases():
    """An assignment tagged with other diseases does not move a person for this one; a blank tag does."""
    assert texts(MOVERS, "institution", "2024-12-31", disease="hypertension") == [["C", "A", ""]]
    assert texts(MOVERS, "institution", "2024-12-31", disease="type2-diabetes") == [["B", "A", "D"]]
    assert texts(MOVERS, "institution", "2024-12-31", disease="gout") == [["B", "A", "D"]]


def test_team_and_institution_are_assigned_apart():
    """An assignment that leaves the institution blank changes the team only, and the other way round."""
    assert texts(MOVERS, "team", "2024-12-31") == [["", "T9", ""]]


def test_an_assignment_ends_after_its_last_valid_day():
    """On the day after ``until`` the person is back with the last assignment still in force."""
    log = registry(
        [["P1", "A"]],
        [["P1", "2024-01-01", "assignment", "B"], ["P1", "2024-02-01", "assignment", "C", "2024-02-10"]],
        patient_columns="institution",
        event_columns="institution until",
    )
    assert texts(log, "institution", "2024-02-10", "2024-02-11") == [["C"], ["B"]]


def test_age_bands_are_of_the_day_asked():
    """The band changes on the birthday; who has no birth date is in a band of their own."""
    log = registry(
        [["P1", "1959-06-01"], ["P2", "1989-06-02"], ["P3", None], ["P4", "1949-06-01"], ["P5", "2025-01-01"]],
        patient_columns="birth_date",
    )
    assert texts(log, "age_band", "2024-05-31", "2024-06-01") == [
        ["55-64", "<35", "unknown", "65-74", "<35"],
        ["65-74", "<35", "unknown", "75+", "<35"],
    ]
    assert AGE_BANDS[-1] == "unknown"


def test_region_is_the_persons_else_the_institutions():
    """A person without a region has that of the institution responsible on the day; without either it is blank."""
    log = registry(
        [["P1", "A", "north"], ["P2", "A", ""], ["P3", "Q", ""], ["P4", "", ""]],
        [["P2", "2024-03-01", "assignment", "B"]],
        [["A", "south", "village"], ["B", "east", "village"]],
        patient_columns="institution region",
        event_columns="institution",
        institution_columns="region level",
    )
    assert texts(log, "region", "2024-01-01", "2024-12-31") == [["north", "south", "", ""], ["north", "east", "", ""]]
    assert texts(log, "institution.level", "2024-01-01") == [["village", "village", "", ""]]
    assert labels_of("institution.level", log, [0]).texts.count("village") == 1
    assert texts(log, "sex", "2024-01-01") == [["unknown"] * 4]


def test_columns_that_were_not_given_are_blank():
    """Institution, team and region can be asked for even if the registry has no such columns."""
    log = registry([["P1"]], patient_columns="")
    for name in ("institution", "team", "region"):
        assert texts(log, name, "2024-01-01") == [[""]]


def test_several_strata_are_combined():
    """Two names make one stratum of each pair, and a further column of patients is a stratum as it stands."""
    log = registry([["P1", "1", "x"], ["P2", "2", "x"], ["P3", "1", "y"]], patient_columns="sex village")
    found = stratify(("sex", "village"), log, [period("2024"), period("2023")])
    assert [found.keys[code] for code in found.codes[0]] == [("male", "x"), ("female", "x"), ("male", "y")]
    assert stratify((), log, [period("2024")]).keys == ((),)


def test_rare_combinations_are_numbered_apart(monkeypatch):
    """Where more combinations are possible than a table can hold, only those that occur are numbered."""
    log = registry([["P1", "1", "x"], ["P2", "2", "y"], ["P3", "1", "x"]], patient_columns="sex village")
    dense = stratify(("sex", "village"), log, [period("2024")])
    monkeypatch.setattr(module, "_DENSE", 1)
    sparse = stratify(("sex", "village"), log, [period("2024")])
    assert sorted(sparse.keys) == [("female", "y"), ("male", "x")]
    assert [sparse.keys[code] for code in sparse.codes[0]] == [dense.keys[code] for code in dense.codes[0]]


def test_the_day_asked_is_never_after_as_of():
    """With ``as_of`` in the middle of the period the stratum is that of the day of ``as_of``."""
    log = evolve(MOVERS, known_until=day_of("2024-03-15"))
    found = stratify(("institution",), log, [period("2024")])
    assert [found.keys[code] for code in found.codes[0]] == [("B",), ("A",), ("D",)]


def test_unknown_and_repeated_names_are_refused_together():
    """Every name that is not known, and every one that stands twice, is named with what was meant."""
    with pytest.raises(UsageError) as caught:
        check_by(["sex", "institutoin", "sex"], MOVERS)
    assert [fault.check for fault in caught.value.faults] == ["unknown_stratum", "repeated_stratum"]
    assert "did you mean institution?" in str(caught.value)
    assert check_by(["sex", "age_band"], MOVERS) == ("sex", "age_band")


def test_institutions_above_one():
    """The institutions above one are found nearest first, also those that have no row of their own."""
    log = registry(
        [["P1"]],
        institutions=[["V", "T"], ["T", "C"]],
        patient_columns="",
        institution_columns="parent",
    )
    assert list(ancestors("V", parents_of(log.institutions))) == ["T", "C"]
    assert list(ancestors("elsewhere", parents_of(log.institutions))) == []
    assert parents_of(MOVERS.institutions) == {}


def test_circles_of_parents_are_refused():
    """Every circle is named once, an institution that only hangs on one is not."""
    log = registry(
        [["P1"]],
        institutions=[["A", "B"], ["B", "A"], ["C", "C"], ["D", "A"]],
        patient_columns="",
        institution_columns="parent",
    )
    with pytest.raises(DataError) as caught:
        parents_of(log.institutions)
    assert [fault.where for fault in caught.value.faults] == ["A → B", "C"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("机构", "institution"),
        ("责任机构", "institution"),
        ("年龄组", "age_band"),
        ("性别", "sex"),
        ("Gender", "sex"),
        ("机构级别", "institution.level"),
        ("regoin", "region"),
    ],
)
def test_a_stratum_by_its_name_in_either_language_is_told_the_column(word, meant):
    """Whoever asks by 机构 or gender is told which column that is."""
    log = registry([["P1"]], (), [["A", "city"]], institution_columns="level")
    with pytest.raises(UsageError, match="没有这一列") as caught:
        check_by([word], log)
    assert caught.value.faults[0].hint == f"did you mean {meant}?"
