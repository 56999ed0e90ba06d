"""Mutants of ratios, distributions and figures made of others, and decks of ratios."""

import csv

import pytest

import singledisease as sd
from singledisease.conformance.decisions import amounts_in

VISITS = sd.events("encounter").within(sd.PERIOD)
SHARE = sd.Ratio(
    id="share",
    population=sd.attribute("sex") == "female",
    numerator=VISITS.where(sd.column("level") == "village").count(),
    denominator=VISITS.count(),
)
SCORE = sd.Derived(id="score", value='100 * min(1, rate("hypertension.control") / institution("target")) - 5')


def changes(measure):
    """Give kind, place and words of every mutant."""
    return [(one.kind, one.place, one.names.en) for one in sd.mutants(measure, period="2024")]


@pytest.mark.parametrize(
    "change",
    [
        ("swapped", "numerator+denominator", "numerator ÷ denominator → denominator ÷ numerator"),
        ("dropped", "denominator", "denominator → (left out)"),
        ("rule_dropped", "population", "population → (left out)"),
        ("bound", "measure", "× 1 → × 100"),
        ("reduction", "numerator", "number of encounters → number of days with encounters"),
        ("sign", "population", "sex = female → sex ≠ female"),
    ],
)
def test_a_ratio_is_changed_in_each_of_its_parts(change):
    """Both sums, who is looked at and what it is multiplied by; and what stands in them."""
    assert change in changes(SHARE)


def test_how_a_number_is_put_together_is_changed():
    """Of a sum another sign, and each operand left out; of a distribution too."""
    both = sd.Distribution(id="both", value=VISITS.count() + sd.events("call").within(sd.PERIOD).count())
    found = changes(both)
    assert {kind for kind, place, _ in found if place == "value"} >= {"arithmetic", "dropped", "window", "reduction"}
    assert ("dropped", "value", "number of calls → (left out)") in found
    assert not [one for one in found if one[0] in {"swapped", "rule_dropped"}]


def test_a_mutant_of_a_ratio_is_a_ratio_of_its_own():
    """What is multiplied by something else is so only in the mutant, and its id says of what it is one."""
    thousand = sd.Ratio(id="per", numerator=1, denominator=VISITS.count(), per=1000)
    times = [one for one in sd.mutants(thousand, period="2024") if one.place == "measure"]
    assert [(one.measure.per, one.names.zh) for one in times] == [(1, "× 1000 → × 1")]
    assert times[0].measure.id == f"per~{times[0].id}"


@pytest.fixture(scope="module")
def deck():
    """Make the deck of a share of visits."""
    return sd.conformance_deck(SHARE, period="2024")


def test_a_deck_of_a_ratio_tells_every_mutant(deck, tmp_path):
    """Each case is expected with two numbers, and the table has them in its columns."""
    assert deck.survivors == ()
    assert deck.adds_amounts
    sd.write_deck(deck, tmp_path / "deck")
    with open(tmp_path / "deck" / "expected.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for case, row in zip(deck.cases, rows, strict=True):
        added = amounts_in(case.expected[""].group) or ("0", "0")
        assert (row["numerator"], row["denominator"]) == added
    assert sd.score_answers(deck, rows).conforms


def answered(deck, numerator, denominator):
    """Answer by what is expected, changed."""
    found = []
    for case in deck.cases:
        top, bottom = amounts_in(case.expected[""].group) or ("0", "0")
        given = {"n": top, "d": bottom}
        found.append({"patient_id": case.id, "numerator": given[numerator], "denominator": given[denominator]})
    return found


def test_answers_in_numbers_show_the_fault(deck):
    """A system that turns a ratio round is found out, in numbers and in groups; who adds nothing need not be named."""
    right = [row for row in answered(deck, "n", "d") if row["denominator"] != "0"]
    assert sd.score_answers(deck, right).conforms
    score = sd.score_answers(deck, answered(deck, "d", "n"))
    assert score.likely["change_en"][0] == "numerator ÷ denominator → denominator ÷ numerator"
    groups = [{"patient_id": case.id, "group": case.expected[""].group} for case in deck.cases]
    assert sd.score_answers(deck, groups).conforms
    other = [{**row, "group": "7/9"} if "/" in row["group"] else row for row in groups]
    assert len(sd.score_answers(deck, other).wrong) == sum("/" in row["group"] for row in groups)


def test_answers_that_are_no_numbers_are_refused(deck):
    """What a ratio is answered with has to be numbers, or a group."""
    with pytest.raises(sd.DataError, match="of a ratio numbers"):
        sd.score_answers(deck, [{"patient_id": "C01", "numerator": "many", "denominator": "1"}])
    with pytest.raises(sd.DataError, match="is no group"):
        sd.score_answers(deck, [{"patient_id": "C01", "group": "many"}])


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("arithmetic", '(100 * min(1, rate("hypertension.control") / institution("target"))) + 5'),
        ("swapped", '5 - (100 * min(1, rate("hypertension.control") / institution("target")))'),
        ("dropped", '100 * min(1, rate("hypertension.control") / institution("target"))'),
        ("arithmetic", '(100 * max(1, rate("hypertension.control") / institution("target"))) - 5'),
        ("dropped", '(100 * (rate("hypertension.control") / institution("target"))) - 5'),
        ("swapped", '(100 * min(1, institution("target") / rate("hypertension.control"))) - 5'),
        ("bound", '(100 * min(2, rate("hypertension.control") / institution("target"))) - 5'),
        ("swapped", '(100 * min(1, numerator("hypertension.control") / institution("target"))) - 5'),
    ],
)
def test_a_figure_made_of_others_is_changed(kind, value):
    """Signs, the order of what is divided, operands, numbers and the figures asked for."""
    found = sd.mutants(SCORE, period="2024")
    assert (kind, value) in [(one.kind, one.measure.value) for one in found]
    assert {one.place for one in found} == {"value"}


def test_no_mutant_of_a_figure_is_a_constant():
    """What asks about nothing any more would be no figure; a sum over places is also read of the place alone."""
    found = sd.mutants(sd.Derived(id="adults", value='total(institution("adults")) / 2'), period="2024")
    assert "2" not in [one.measure.value for one in found]
    assert [one.names.en for one in found if one.kind == "reduction"] == [
        'total(institution("adults")) → institution("adults")'
    ]
    assert found[0].kind_names.zh == "算法"


def test_what_a_registry_tells_of_a_figure_made_of_others():
    """Where the figure comes out otherwise is counted by strata, of which there is one where none is asked for."""
    people = [{"patient_id": who, "birth_date": "1950-03-01"} for who in ("P1", "P2", "P3")]
    told = {"kind": "enrolment", "disease": "acs-recovery"}
    events = [{"patient_id": who, "date": day, **told} for who, day in (("P1", "2023-05-01"), ("P2", "2024-06-01"))]
    log = sd.read_frames(people, events)
    share = sd.Derived(id="share", value='numerator("acs-recovery.managed") / people("acs-recovery.managed")')
    table = sd.mutants_told(share, log, period="2023")
    told = dict(zip(table.columns["change_en"], table.columns["told_by"], strict=True))
    assert told['people("acs-recovery.managed") → (left out)'] == 1
    assert set(table.columns["example"]) <= {"all", None}
