"""Code sets that a set of measures names and its user gives."""

import pytest

import singledisease as sd
from singledisease.definitions.given_codes import named_code_sets, with_code_sets
from singledisease.errors import DefinitionError
from singledisease.eventlog.build import build
from singledisease.eventlog.raw import raw_rows
from singledisease.language.parse import parse

PREGNANT = 'events("diagnosis").where(code.is_in(codes("mine.pregnancy"))).within(PERIOD)'
PEOPLE = ["ann", "bob", "cy"]
LOG = build(
    raw_rows("patients", {"patient_id": PEOPLE, "birth_date": [""] * 3}),
    raw_rows(
        "events",
        {
            "patient_id": PEOPLE,
            "date": ["2024-03-01"] * 3,
            "kind": ["diagnosis"] * 3,
            "code": ["O10", "77386", "77386"],
            "system": ["", "SNOMED", ""],
        },
    ),
)


def measure(**more):
    """Give a measure whose only owner of anything named is its own set."""
    return sd.Measure(id="pregnant", numerator=parse(f"{PREGNANT}.exists()"), **more)


def numerator_of(one, **asked):
    """Count the numerator of a measure over the three people."""
    (row,) = sd.evaluate([one], LOG, period="2024", **asked).table()
    return row["numerator"]


@pytest.mark.parametrize("name", ["pregnancy", "mine.pregnancy"])
def test_a_given_code_set_stands_in_the_place_of_its_name(name):
    """With or without the owner's id; both engines count by it, and the owner is no disease any more."""
    (made,) = with_code_sets([measure()], "mine", [sd.CodeSet(name=name, codes=["O10"])])
    assert made.disease == ""
    assert [numerator_of(made, engine=engine) for engine in ("columnar", "reference")] == [1, 1]


def test_several_systems_of_one_name_are_one_value_set():
    """A code is in it if it is in any: bob's by SNOMED, ann's by ICD-10; cy's digits are no ICD-10 code of it."""
    sets = [sd.CodeSet(name="pregnancy", codes=["O10"]), sd.CodeSet(name="pregnancy", codes=["77386"], system="SNOMED")]
    (made,) = with_code_sets([measure()], "mine", sets)
    assert numerator_of(made) == 2


def test_rows_ratios_and_figures_are_given_them_too():
    """What counts rows, a ratio of sums; a derived figure names none and stays as it is."""
    rows = sd.Measure(id="rows", of=parse(PREGNANT), numerator=True, disease="hypertension")
    ratio = sd.Ratio(id="ratio", numerator=parse(f"{PREGNANT}.count()"), denominator=1, disease="hypertension")
    figure = sd.Derived(id="figure", value='rate("rows")')
    made = with_code_sets([rows, ratio, figure], "mine", [sd.CodeSet(name="pregnancy", codes=["O10"])])
    assert named_code_sets(made, "mine") == ()
    assert (made[0].disease, made[2]) == ("hypertension", figure)
    assert [numerator_of(one) for one in made[:2]] == [1, 1]


def test_everything_that_is_wrong_is_told_at_once():
    """A name without codes, a code set that nobody names, an empty one."""
    both = sd.Measure(id="both", numerator=parse('events().where(code.is_in(codes("mine.dialysis"))).exists()'))
    given = [sd.CodeSet(name="pregnacy", codes=["O10"]), sd.CodeSet(name="dialysis", codes=[])]
    given += [sd.CodeSet(name="dialysis", codes=["Z49", "Z4g.1", "Z4O"])]
    with pytest.raises(DefinitionError) as error:
        with_code_sets([measure(), both], "mine", given)
    assert [(fault.check, fault.where) for fault in error.value.faults] == [
        ("missing_code_set", "mine.pregnancy"),
        ("unknown_code_set", "mine.pregnacy"),
        ("empty_code_set", "mine.dialysis"),
        ("wrong_code", "mine.dialysis"),
    ]
    assert error.value.faults[1].hint == "did you mean pregnancy?"


def test_a_measure_without_its_code_sets_is_not_evaluated():
    """Each that is missing is named, with the way out; an owner that resembles a disease was meant as one."""
    for engine in ("columnar", "reference"):
        with pytest.raises(DefinitionError, match=r"(?s)mine\.pregnancy: no code set .* --code-sets") as error:
            numerator_of(measure(disease="hypertension"), engine=engine)
        assert [fault.check for fault in error.value.faults] == ["missing_code_set"]
    slip = sd.Measure(
        id="slip", numerator=parse('events().where(code.is_in(codes("hypertensoin.pregnancy"))).exists()')
    )
    with pytest.raises(DefinitionError, match="did you mean hypertension"):
        numerator_of(slip)


def test_a_file_of_ones_own_may_ask_for_code_sets(tmp_path):
    """The id of the file owns them."""
    file = tmp_path / "mine.toml"
    file.write_text(
        f"""
id = "mine"
version = "1"

[[measures]]
id = "pregnant"
numerator = '{PREGNANT}.exists()'
""",
        "utf-8",
    )
    (made,) = sd.measures(file, code_sets=[sd.CodeSet(name="pregnancy", codes=["O10"])])
    assert numerator_of(made) == 1
