"""Other units: what a mapping says of them, how exactly they are converted, and what is refused."""

from __future__ import annotations

from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path

import pytest
from foreign_world import export, happened

import singledisease as sd
from singledisease.definitions.citation import STATUSES
from singledisease.errors import DataError
from singledisease.io.conversion import BY_QUANTITY, CONVERSIONS, converted, units_of
from singledisease.io.mapping import read_mapping
from singledisease.io.mapping.names import unit_called
from singledisease.vocabulary import QUANTITIES

KPA = Fraction("0.133322387415")
PEOPLE = "编号,出生日期\n1,1950-01-01\n"


def read(folder, visits, columns, **more):
    """Read a file of visits whose columns are mapped as written."""
    files = {"人员.csv": PEOPLE, "随访.csv": visits}
    mapping = folder / "m.toml"
    further = "\n".join(f"{name} = {text}" for name, text in more.items())
    mapping.write_text(
        f"""
[sources.people]
table = "patients"
files = ["人员"]
columns = {{ "编号" = "patient_id", "出生日期" = "birth_date" }}
[sources.visits]
table = "events"
files = ["随访"]
constants = {{ kind = "follow_up" }}
{further}
[sources.visits.columns]
"编号" = "patient_id"
"日期" = "date"
{columns}
""",
        "utf-8",
    )
    return sd.read(export(folder / "export", files), mapping=mapping)


# FACTORS


def test_every_factor_has_a_source_and_a_status():
    """No factor stands anywhere without where it is from and how sure it is; none is of the unit kept here."""
    for one in CONVERSIONS:
        assert one.source
        assert one.status in STATUSES
        for name in one.quantities:
            assert one.unit != QUANTITIES[name].unit
            assert BY_QUANTITY[name][one.unit] is one


@pytest.mark.parametrize(
    ("quantity", "unit", "number", "by", "plus"),
    [
        ("sbp", "kPa", "18.6", "1/0.133322387415", "0"),
        ("fpg", "mg/dL", "126", "1/18.016", "0"),
        ("tc", "mg/dL", "200", "1/38.67", "0"),
        ("tg", "mg/dL", "150", "1/88.57", "0"),
        ("hba1c", "mmol/mol", "53", "0.09148/1", "2.152"),
        ("temperature", "°F", "98.6", "5/9", "-17.777777777777777777777777777777777777778"),
        ("weight", "lb", "150", "0.45359237/1", "0"),
        ("weight", "斤", "131", "1/2", "0"),
        ("waist", "尺", "2.4", "100/3", "0"),
        ("height", "m", "1.65", "100/1", "0"),
        ("height", "in", "65", "2.54/1", "0"),
        ("sbp", "mmHg", "152", "1/1", "0"),
    ],
)
def test_numbers_are_converted_exactly(quantity, unit, number, by, plus):
    """What comes out is the float64 nearest to the exact value, computed here by decimals of forty places."""
    getcontext().prec = 40
    times, over = map(Decimal, by.split("/"))
    exact = Decimal(number) * times / over + Decimal(plus)
    assert converted(quantity, unit, Fraction(number)) == float(exact)


def test_conversion_rounds_once():
    """Every pressure of one place in kPa becomes the nearest float64, where multiplying floats rounds three times."""
    getcontext().prec = 40
    of_floats = 0
    for tenths in range(60, 350):
        exact = Decimal(tenths) / 10 / Decimal("0.133322387415")
        assert converted("sbp", "kPa", Fraction(tenths, 10)) == float(exact)
        of_floats += tenths / 10 * (1 / 0.133322387415) != float(exact)
    assert of_floats > 0


@pytest.mark.parametrize(
    ("quantity", "text", "unit"),
    [
        ("sbp", "千帕", "kPa"),
        ("sbp", "ｋＰａ", "kPa"),
        ("sbp", "毫米汞柱", "mmHg"),
        ("fpg", "MG/DL", "mg/dL"),
        ("temperature", "℉", "°F"),
        ("temperature", "℃", "°C"),
        ("fpg", "kPa", ""),
        ("patient_id", "kPa", ""),
    ],
)
def test_units_are_known_however_they_are_spelt(quantity, text, unit):
    """A unit counts by what it means of the quantity, whatever its width, case and language."""
    assert unit_called(quantity, text) == unit
    assert not unit or unit in units_of(quantity)


# IN A MAPPING


def test_a_column_says_its_unit(tmp_path):
    """A column with unit = "kPa" is converted, unrounded, and the load report says so."""
    log = read(
        tmp_path,
        "编号,日期,高,低\n1,2024-01-05,18.7,11.3\n",
        '"高" = { name = "sbp", unit = "kPa" }\n"低" = { name = "dbp", unit = "千帕" }',
    )
    (visit,) = log.events_of(0)
    assert (visit["sbp"], visit["dbp"]) == (float(Fraction(187, 10) / KPA), float(Fraction(113, 10) / KPA))
    assert any("sbp kPa → mmHg, dbp kPa → mmHg" in note for note in log.report.notes)


def test_two_pressures_in_a_cell_may_be_in_kpa(tmp_path):
    """A column that is divided says its unit in the same way, and the unit may stand in the cell."""
    split = '{ "血压" = { name = ["sbp", "dbp"], unit = "kPa" } }'
    log = read(tmp_path, "编号,日期,血压\n1,2024-01-05,20.0／12.0 kPa\n", "", split=split)
    (visit,) = log.events_of(0)
    assert (visit["sbp"], visit["dbp"]) == pytest.approx((150.0123, 90.0074), abs=1e-4)


def test_at_the_threshold_nothing_is_rounded(tmp_path):
    """126 mg/dL of glucose is 6.99 mmol/L and at goal below 7.0, though 126 is what 7.0 is rounded to elsewhere."""
    rows = "编号,日期,糖\n1,2024-01-05,126\n"
    log = read(tmp_path, rows, '"糖" = { name = "fpg", unit = "mg/dL" }')
    assert log.event(0)["fpg"] < 7.0


@pytest.mark.parametrize(
    ("cell", "check", "said"),
    [
        ("110", "out_of_bounds", "110 = 825.06"),
        ("18.7kPa?", "not_a_number", ""),
        ("140 mmHg", "not_a_number", ""),
    ],
)
def test_refusals_show_the_cell_as_it_stands(tmp_path, cell, check, said):
    """What is refused is shown as the file has it, with what became of it; bounds are those of the unit kept here."""
    log = read(tmp_path, f"编号,日期,高\n1,2024-01-05,{cell}\n", '"高" = { name = "sbp", unit = "kPa" }')
    (refusal,) = log.report.readings
    assert (refusal.check, refusal.value, refusal.line) == (check, cell, 2)
    assert said in refusal.reason


def test_crossed_pressures_are_shown_as_they_stand(tmp_path):
    """Pressures that cross are refused with both cells of the file."""
    columns = '"高" = { name = "sbp", unit = "kPa" }\n"低" = { name = "dbp", unit = "kPa" }'
    log = read(tmp_path, "编号,日期,高,低\n1,2024-01-05,11.0,18.0\n", columns)
    (refusal,) = log.report.readings
    assert (refusal.check, refusal.value) == ("dbp_not_below_sbp", "11.0/18.0")


def test_a_column_in_another_unit_is_not_taken_but_named(tmp_path):
    """收缩压(kPa) is not 收缩压: it is left out, and the report says how a mapping would have it."""
    log = read(tmp_path, "编号,日期,收缩压(kPa)\n1,2024-01-05,18.7\n", '"收缩压" = "sbp"')
    assert "sbp" not in log.columns
    assert any('{ name = "sbp", unit = "kPa" }' in note for note in log.report.notes)


def test_a_unit_in_the_heading_must_be_the_one_meant(tmp_path):
    """A mapping that says kPa finds 收缩压(kPa) and not 收缩压(mmHg)."""
    for said, found in (("kPa", True), ("mmHg", False)):
        folder = tmp_path / said
        folder.mkdir()
        log = read(
            folder, f"编号,日期,收缩压({said})\n1,2024-01-05,18.7\n", '"收缩压" = { name = "sbp", unit = "kPa" }'
        )
        assert ("sbp" in log.columns) is found


def test_the_unit_kept_here_may_stand_in_the_cells(tmp_path):
    """152mmHg and 7.2 mmol/L are numbers, full-width digits too."""
    log = read(tmp_path, "编号,日期,高,糖\n1,2024-01-05,１５２mmHg,7.2 mmol/L\n", '"高" = "sbp"\n"糖" = "fpg"')
    assert happened(log, "1") == ["2024-01-05 follow_up fpg=7.2 sbp=152.0"]


def test_the_short_form_has_units_too(tmp_path):
    """Files that are called patients and events already may still hold another unit; refusals show their cells."""
    files = {
        "patients.csv": "patient_id,birth_date\n1,1950-01-01\n",
        "events.csv": "patient_id,date,kind,收缩压\n1,2024-01-05,follow_up,18.7\n1,2024-02-05,follow_up,187\n",
    }
    mapping = tmp_path / "m.toml"
    mapping.write_text('[events.columns]\n"收缩压" = { name = "sbp", unit = "kPa" }\n', "utf-8")
    log = sd.read(export(tmp_path / "export", files), mapping=mapping)
    sbp = float(Fraction(187, 10) / KPA)
    assert happened(log, "1") == [f"2024-01-05 follow_up sbp={sbp}", "2024-02-05 follow_up"]
    assert [(one.value, one.line, one.file) for one in log.report.readings] == [("187", 3, "events.csv")]


@pytest.mark.parametrize(
    ("line", "check", "hint"),
    [
        ('"高" = { name = "sbp", unit = "mg/dL" }', "unknown_unit", "units of sbp: mmHg, kPa"),
        ('"高" = { name = "mode", unit = "kPa" }', "unknown_unit", "no unit"),
        ('"收缩压(kPa)" = "sbp"', "unit_not_said", 'unit = "kPa"'),
        ('"收缩压(mmHg)" = { name = "sbp", unit = "kPa" }', "unit_not_said", "mmHg"),
        ('"高" = { name = "sbp", units = "kPa" }', "not_names", ""),
        ('"高" = { unit = "kPa" }', "not_names", ""),
        ('"高" = { name = "sbp", unit = 1 }', "not_names", ""),
    ],
)
def test_what_a_mapping_cannot_say_of_units(tmp_path, line, check, hint):
    """A unit nobody converts, and a heading that says another unit than is meant, are refused with the way out."""
    file = tmp_path / "m.toml"
    file.write_text(f'[sources.a]\ntable = "events"\n[sources.a.columns]\n{line}\n', "utf-8")
    with pytest.raises(DataError) as refused:
        read_mapping(file)
    (fault,) = refused.value.faults
    assert fault.check == check
    assert hint in f"{fault.message} {fault.hint}"


def test_the_guide_lists_every_unit():
    """The page on foreign files has each quantity and unit that is converted, with its status."""
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "foreign-files.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    for one in CONVERSIONS:
        for name in one.quantities:
            assert any(f"`{name}`" in row and one.unit in row and one.status in row for row in rows), (name, one.unit)
