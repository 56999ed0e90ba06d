"""Decks: small, the same for a seed, telling what can be told, written and read back; and their scorer."""

from __future__ import annotations

import csv
import json
import pickle

import pytest

import singledisease as sd
from singledisease.conformance.histories import History, log_of
from singledisease.conformance.search import search

VISITS = sd.events("follow_up").where(sd.column("mode").is_in("clinic", "home")).within(sd.PERIOD)


def own(**more):
    """Make a small measure that names no disease."""
    parts = {"id": "visits", "numerator": VISITS.count() >= 2}
    return sd.Measure(**{**parts, **more})


@pytest.fixture(scope="module")
def deck():
    """Give the deck of a small measure."""
    return sd.conformance_deck(own(), period="2024")


@pytest.fixture(scope="module")
def rows_deck():
    """Give the deck of a measure of rows."""
    of = sd.events("encounter").where(sd.column("setting") == "outpatient").within(sd.PERIOD)
    rows = sd.Measure(id="rows", of=of, numerator=sd.column("level").is_in("village", "township"))
    return sd.conformance_deck(rows, period="2024")


def right_answers(deck):
    """Give the answers of a system that computes what is expected."""
    return [
        {"patient_id": case.id, "row": row, "group": decision.group}
        for case in deck.cases
        for row, decision in case.expected.items()
    ]


# WHAT A DECK HOLDS


def test_small_measure_is_told_whole(deck):
    """Every mutant of a plain count is told by a case, and by two where there are two."""
    assert deck.survivors == ()
    assert len(deck.cases) < 40
    assert all(len(mutant.answers) >= 2 for mutant in deck.mutants)


def test_expected_groups_are_those_of_evaluate(deck):
    """Loaded as files the cases are in the groups that a scorecard puts them into."""
    log = log_of([case.history for case in deck.cases])
    score = sd.evaluate(own(), log, period="2024", engine="reference")
    for group in ("numerator", "not_numerator"):
        expected = sum(decision.group == group for case in deck.cases for decision in case.expected.values())
        assert len(sd.people(score, "visits", group)) == expected


def test_cases_know_what_they_test(deck):
    """A case names the mutants that answer it otherwise, and they name the case."""
    for case in deck.cases:
        assert case.tests
        assert set(case.tests) == {mutant.id for mutant in deck.mutants if case.id in mutant.answers}


def test_same_seed_same_deck(deck):
    """The same seed makes the same deck; another one has other cases."""
    assert sd.conformance_deck(own(), period="2024") == deck
    assert sd.conformance_deck(own(), period="2024", seed=2).cases != deck.cases


def test_survivors_say_why():
    """What no history tells is listed with the reason, in both languages."""
    never = own(exclusions={"never": sd.events("follow_up").count() < 0})
    left = {mutant.place: mutant.reason for mutant in sd.conformance_deck(never, period="2024").survivors}
    assert "is decided by the rule never" in left["never"].en
    assert "判定" in left["never"].zh


def test_rows_are_named_by_record(rows_deck):
    """Of a measure of rows each row has a record, by which the expected group is given."""
    named = {row for case in rows_deck.cases for row in case.expected}
    records = {row["record"] for case in rows_deck.cases for row in case.history.events}
    assert named
    assert named <= records
    assert rows_deck.survivors == ()


def test_institutions_are_nobodys():
    """A measure that counts institutions has no people to make cases of, and says so."""
    with pytest.raises(sd.UsageError, match="counts institutions"):
        sd.conformance_deck("county.remote_coverage", period="2024")


def test_search_gives_what_is_small():
    """Of two measures that differ in one count the history found has just as many events as it takes."""
    from singledisease.conformance.asked import definition_of, known

    one, other = (
        definition_of(own(id=id, numerator=VISITS.count() >= k), known(None), {}) for id, k in (("a", 1), ("b", 2))
    )
    found = search(one, [other], sd.period("2024"), seed=1, each=1)
    (history,) = found.found[0]
    assert [set(row) for row in history.events] == [{"date", "kind", "mode"}]
    assert found.looked_at > 1000


def test_measure_of_every_kind_has_a_deck():
    """A measure that reads all kinds that are taken for one another, and no disease, has a deck too."""
    kinds = ("measurement", "follow_up", "checkup", "encounter")
    deck = sd.conformance_deck(own(numerator=sd.events(*kinds).within(sd.PERIOD).count() >= 1), period="2024")
    assert {row["kind"] for case in deck.cases for row in case.history.events} >= set(kinds)


# FILES


def test_deck_survives_files(deck, rows_deck, tmp_path):
    """Written and read back a deck is equal, from its folder and from its file; it pickles."""
    for name, one in (("people", deck), ("rows", rows_deck)):
        sd.write_deck(one, tmp_path / name)
        assert sd.read_deck(tmp_path / name) == one
        assert sd.read_deck(tmp_path / name / "deck.json") == one
        assert pickle.loads(pickle.dumps(one)) == one


def test_tables_are_a_registry(deck, tmp_path):
    """The tables of a deck are read as a registry without a refusal, and the expected groups come out."""
    sd.write_deck(deck, tmp_path / "deck")
    log = sd.read(tmp_path / "deck")
    assert log.report.refusals == ()
    score = sd.evaluate(own(), log, period="2024")
    with open(tmp_path / "deck" / "expected.csv", encoding="utf-8", newline="") as file:
        expected = {row["patient_id"]: row for row in csv.DictReader(file)}
    assert set(sd.people(score, "visits", "numerator")["patient_id"]) == {
        id for id, row in expected.items() if row["numerator"] == "1"
    }
    assert all(row["tests_zh"] and row["tests_en"] for row in expected.values())


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": "another/1"}', '{"format": "singledisease-conformance-deck/1"}']
)
def test_what_is_no_deck_is_refused(text, tmp_path):
    """A file that is not there, or holds something else, is refused with the command that writes one."""
    if text:
        (tmp_path / "deck.json").write_text(text, "utf-8")
    with pytest.raises(sd.DataError, match="singledisease conformance MEASURE"):
        sd.read_deck(tmp_path)


def test_further_columns_are_kept(tmp_path):
    """Quantities and typed columns that only the definition knows are in the histories and the files."""
    glomerular = sd.column("fev1_pct", "number", "%")
    mine = own(numerator=sd.events("test").within(sd.PERIOD).last().value(glomerular) >= 70)
    deck = sd.conformance_deck(mine, period="2024")
    assert any("fev1_pct" in row for case in deck.cases for row in case.history.events)
    sd.write_deck(deck, tmp_path / "deck")
    assert json.loads((tmp_path / "deck" / "deck.json").read_text("utf-8"))["measure"] == "visits"


# SCORES


def test_right_answers_conform(deck, rows_deck):
    """A system that answers as expected conforms, whatever the form; only what no case tells is left open."""
    for one in (deck, rows_deck):
        score = sd.score_answers(one, right_answers(one))
        assert score.conforms
        assert (score.wrong.rows(), score.untold.rows(), score.likely.rows()) == ([], [], [])
        assert str(score) == f"{len(one.cases)} of {len(one.cases)} cases right"


def test_mutants_are_recognised(deck, rows_deck):
    """A system that computes what a mutant computes gets that mutant named, explaining all that is wrong."""
    for one in (deck, rows_deck):
        expected = right_answers(one)
        for mutant in one.mutants:
            given = [row for row in expected if row["patient_id"] not in mutant.answers]
            given += [
                {"patient_id": case, "row": row, "group": group}
                for case, groups in mutant.answers.items()
                for row, group in groups
            ]
            score = sd.score_answers(one, given)
            assert score.right == score.cases - len(mutant.answers)
            assert mutant.id in score.untold["mutant"]
            assert score.likely.rows()[0]["cases_against"] == 0


def test_flags_leave_out_who_is_not_counted(deck):
    """In the form of a query's result whoever is not listed is in neither denominator nor numerator."""
    counted = [
        {"patient_id": case.id, "denominator": 1, "numerator": int(decision.group == "numerator")}
        for case in deck.cases
        for decision in case.expected.values()
    ]
    assert sd.score_answers(deck, counted).conforms
    first, *rest = counted
    wrong = sd.score_answers(deck, rest).wrong
    assert (wrong["case"], wrong["answered"]) == ((first["patient_id"],), ("not counted",))


def test_unanswered_cases_are_named(deck):
    """In the form of groups whoever is not listed was not answered, which is not conforming."""
    score = sd.score_answers(deck, right_answers(deck)[1:])
    assert not score.conforms
    assert score.unanswered == ("C01",)
    assert "未作答：C01" in score.to_text("zh")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"patient": "C01"}], "lacks group, patient_id|lacks denominator, numerator, patient_id"),
        ([{"patient_id": "X", "group": "numerator"}], "is no case"),
        ([{"patient_id": "C01", "group": "numerater"}], "did you mean"),
        ([{"patient_id": "C01", "group": "numerator"}] * 2, "answered twice"),
        ([{"patient_id": "C01", "denominator": "x", "numerator": "1"}], "must be 1 or 0"),
    ],
)
def test_answers_that_cannot_be_taken(deck, rows, said):
    """Answers without a column, of nobody, of no group, given twice or with another flag are refused, with the row."""
    with pytest.raises(sd.DataError, match=said):
        sd.score_answers(deck, rows)


def test_answers_are_read_from_a_file(deck, tmp_path):
    """Answers come from a CSV file with or without a byte order mark; one that is not there is refused."""
    path = tmp_path / "answers.csv"
    lines = ["patient_id,group", *(f"{row['patient_id']},{row['group']}" for row in right_answers(deck))]
    path.write_text("\n".join(lines), "utf-8-sig")
    assert sd.score_answers(deck, path).conforms
    with pytest.raises(sd.DataError, match="cannot be read"):
        sd.score_answers(deck, tmp_path / "none.csv")


def test_labels_are_not_said_by_flags():
    """Groups of a measure's own cannot be answered by denominator and numerator, which is said."""
    rules = (
        sd.Rule(name="seen", names=sd.Names("就诊", "seen"), when=VISITS.exists(), group="seen"),
        sd.Rule(name="rest", names=sd.Names("其余", "the rest"), when=True, group="not seen"),
    )
    deck = sd.conformance_deck(sd.Measure(id="labels", rules=rules), period="2024")
    with pytest.raises(sd.DataError, match="cannot say the groups not seen, seen"):
        sd.score_answers(deck, [{"patient_id": "C01", "denominator": 1, "numerator": 1}])


# HISTORIES


def test_histories_do_not_depend_on_order():
    """A history is the same in whichever order its events are given."""
    rows = [{"date": "2024-02-01", "kind": "checkup"}, {"date": "2024-01-01", "kind": "checkup"}]
    assert History({}, rows) == History({}, rows[::-1])
    assert len(log_of([History({}, rows)])) == 2
