"""Code sets read from a table, one row a code."""

import pytest

import singledisease as sd
from singledisease.errors import UsageError


def written(folder, text):
    """Write the table."""
    file = folder / "valuesets.csv"
    file.write_text(text, "utf-8-sig")
    return file


def test_a_row_for_each_code(tmp_path):
    """By name and system, each code once; further columns and blanks around a cell do not matter."""
    text = "name,code,meaning,system\nhospice, H1 ,a,\nfrailty,R54,b,\nhospice,H1,a,\nhospice,42,c,SNOMED\n"
    assert sd.read_code_sets(written(tmp_path, text)) == (
        sd.CodeSet(name="hospice", codes=["H1"]),
        sd.CodeSet(name="frailty", codes=["R54"]),
        sd.CodeSet(name="hospice", codes=["42"], system="SNOMED"),
    )


def test_a_table_without_systems_is_of_icd_10(tmp_path):
    """The column may be left out."""
    (made,) = sd.read_code_sets(written(tmp_path, "name,code\nhospice,H1\n"))
    assert made.system == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,kode\nhospice,H1\n", "no column code; expected name, code and system"),
        ("", "no column name and no column code"),
        ("name,code\nhospice,H1\n,H2\n", r"valuesets\.csv:3: a row needs a name and a code, got '' and 'H2'"),
        ("name,code\nhospice\n", r"valuesets\.csv:2: a row needs a name and a code, got 'hospice' and ''"),
    ],
)
def test_what_is_no_table_of_codes_is_refused(tmp_path, text, told):
    """With what was expected, and the line."""
    with pytest.raises(UsageError, match=told):
        sd.read_code_sets(written(tmp_path, text))


def test_no_file_and_no_utf_8(tmp_path):
    """What cannot be read is said with the file."""
    (tmp_path / "old.csv").write_bytes("name,code\n临终,H1\n".encode("gb18030"))
    for name in ("old.csv", "none.csv"):
        with pytest.raises(UsageError, match=rf"{name}: cannot be read as code sets"):
            sd.read_code_sets(tmp_path / name)
