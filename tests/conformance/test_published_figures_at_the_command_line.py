"""The counts that five places publish, put into files as a clinic hands them over, and read out by the command line.

A thousandth or a hundredth of what was published stands in the files: a share does not change by that.
"""

import json

import pytest
from click.testing import CliRunner

from singledisease.cli.commands import singledisease


def people(number):
    """Give the file of so many residents."""
    return "patient_id,birth_date\n" + "".join(f"P{i},1980-01-01\n" for i in range(number))


def items():
    """Jiaxing: 4,333 items recognised that saved 121,000 yuan."""
    amounts = [28] * 4_000 + [27] * 332 + [36]
    return "".join(f"P{i},2024-05-01,recognition,,,{yuan}\n" for i, yuan in enumerate(amounts))


def contracts():
    """Fushun: 4,090 contracts of 7,167 residents."""
    return "".join(f"P{i},2024-03-01,contract,,,\n" for i in range(4_090))


def clinics():
    """Jiaxing: 151 of 1,000 primary visits to a specialist clinic."""
    items = ["specialist_clinic"] * 151 + [""] * 849
    return "".join(f"P{i},2024-03-01,encounter,township,{item},\n" for i, item in enumerate(items))


def first_contacts():
    """Shouguang: 1,533 of 2,000 people who went once went to primary care."""
    levels = ["village"] * 1_533 + ["county"] * 467
    return "".join(f"P{i},2024-03-01,encounter,{level},,\n" for i, level in enumerate(levels))


ACTIVITIES = """institution,date,kind,count,to_level
H1,2024-05-01,dispatch,600,township
H1,2024-06-01,dispatch,440,village
"""
PLACES = [
    (4_333, items, "county.recognition_savings", "rate", "27.93"),
    (7_167, contracts, "county.contracted", "rate", "57.07 %"),
    (1_000, clinics, "county.specialist_clinic_share", "rate", "15.10 %"),
    (2_000, first_contacts, "county.first_contact", "rate", "76.65 %"),
    (1, str, "county.dispatched", "numerator", "1040"),
]


@pytest.mark.parametrize("place", PLACES, ids=[measure for _, _, measure, _, _ in PLACES])
def test_what_was_published_is_read_out(tmp_path, place):
    """The command of the county set prints the figure as the account does, from a folder of plain CSV."""
    residents, rows, measure, column, published = place
    (tmp_path / "patients.csv").write_text(people(residents), "utf-8")
    (tmp_path / "events.csv").write_text("patient_id,date,kind,level,item,amount\n" + rows(), "utf-8")
    (tmp_path / "institutions.csv").write_text("institution,level\nH1,county\n", "utf-8")
    (tmp_path / "activities.csv").write_text(ACTIVITIES, "utf-8")
    asked = ["kpi", str(tmp_path), "--period", "2024", "--measures", "cn-county", "--format", "json"]
    done = CliRunner().invoke(singledisease, asked)
    assert done.exit_code == 0, done.output
    (row,) = [one for one in json.loads(done.stdout) if one["measure"] == measure]
    shown = f"{100 * row[column]:.2f} %" if published.endswith("%") else f"{row[column]:.2f}".removesuffix(".00")
    assert shown == published
