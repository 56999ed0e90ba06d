"""Law 9: any input at all ends in a result or a documented error, and every row is accounted for."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from singledisease.dates import periods as read_periods
from singledisease.definitions.text import parse
from singledisease.errors import DataError, DefinitionError, SingleDiseaseError, UsageError
from singledisease.io.definitions import read_disease_text
from singledisease.io.folder import read_folder
from singledisease.io.synthea import read_synthea
from singledisease.testing import diseases, expressions, registries
from singledisease.testing.rows import columns_of

PATIENTS = b"patient_id,birth_date\np0,1960-01-01\n"
SCRAPS = st.sampled_from(
    [
        *("", "p0", "p1", "2024-02-30", "20240229", "follow_up", "exit", "died", "152", "1e3", "-0", "nan", "inf"),
        *(
            '"',
            '""',
            ",",
            "\r\n",
            "\n",
            "\r",
            "\x00",
            "\ufeff",
            "高血压",
            "hypertension|",
            "2024-01-01T00:00:00Z",
            " ",
            "١٥٢",
        ),
    ]
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Give one folder whose files every example writes anew."""
    return tmp_path_factory.mktemp("bytes")


def read(folder, patients, events):
    """Read two files; whatever they hold, the report accounts for every row or the error is documented."""
    (folder / "patients.csv").write_bytes(patients)
    (folder / "events.csv").write_bytes(events)
    try:
        log = read_folder(folder)
    except DataError:
        return None
    assert log.report.balanced
    assert len(log) == log.report.table("events").accepted
    assert len(log.people) == log.report.table("patients").accepted
    assert log.report.summary()
    return log


@given(st.binary(max_size=200))
def test_any_bytes_as_events(folder, data):
    """Any bytes at all as events."""
    read(folder, PATIENTS, data)


@given(st.binary(max_size=200))
def test_any_bytes_as_patients(folder, data):
    """Any bytes at all as patients."""
    read(folder, data, b"patient_id,date,kind\n")


@given(st.lists(st.lists(SCRAPS, max_size=5), max_size=6), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
def test_scraps_under_a_header(folder, rows, encoding):
    """Rows of odd cells, quotes and line ends under a sound header."""
    text = "patient_id,date,kind,sbp,reason\n" + "\n".join(",".join(row) for row in rows)
    read(folder, PATIENTS, text.encode(encoding, "ignore"))


@given(registries(), st.data())
def test_broken_files(folder, rows, data):
    """A sound registry with a few bytes replaced."""
    raw = bytearray(_written(rows.events))
    for place in data.draw(st.lists(st.integers(0, max(len(raw) - 1, 0)), max_size=4)):
        if raw:
            raw[place] = data.draw(st.integers(0, 255))
    read(folder, _written(rows.patients), bytes(raw))


def _written(rows):
    file = io.StringIO()
    writer = csv.DictWriter(file, columns_of(rows) or ("patient_id", "date", "kind"))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


@given(
    st.sampled_from(["patients", "encounters", "observations", "conditions", "organizations"]), st.binary(max_size=200)
)
def test_any_bytes_as_synthea(folder, name, data):
    """Any bytes at all as one file of a Synthea export."""
    for file in folder.glob("*.csv"):
        file.unlink()
    (folder / "patients.csv").write_bytes(b"Id,BIRTHDATE,DEATHDATE,GENDER,COUNTY\np0,1960-01-01,,F,X\n")
    (folder / f"{name}.csv").write_bytes(data)
    try:
        log = read_synthea(folder)
    except DataError:
        return
    assert log.report.balanced


@given(st.text(max_size=60))
def test_any_text_as_expression(text):
    """Any text as an expression."""
    with pytest.raises(DefinitionError):
        raise_or(parse, text, DefinitionError)


@given(expressions("person", "bool", depth=2), st.data())
def test_broken_expressions(node, data):
    """An expression with a piece cut out or put in."""
    from singledisease.definitions.notation import write

    text = write(node)
    at = data.draw(st.integers(0, len(text)))
    broken = text[:at] + data.draw(SCRAPS) + text[at + data.draw(st.integers(0, 3)) :]
    with pytest.raises(DefinitionError):
        raise_or(parse, broken, DefinitionError)


@given(st.text(max_size=80))
def test_any_text_as_disease(text):
    """Any text as a definition of a disease."""
    with pytest.raises(SingleDiseaseError):
        raise_or(read_disease_text, text, SingleDiseaseError)


@given(diseases(), st.data())
def test_broken_diseases(disease, data):
    """A definition with a piece cut out or put in."""
    from singledisease.io.definitions.emit import write_disease

    text = write_disease(disease)
    at = data.draw(st.integers(0, len(text)))
    broken = text[:at] + data.draw(SCRAPS) + text[at + data.draw(st.integers(0, 12)) :]
    with pytest.raises(SingleDiseaseError):
        raise_or(read_disease_text, broken, SingleDiseaseError)


@given(st.text(alphabet="0123456789-Q./monthquarye \x00٣", max_size=25))
def test_any_text_as_period(text):
    """Any text as a period."""
    with pytest.raises(UsageError):
        raise_or(read_periods, text, UsageError)


def raise_or(read, text, error):
    """Read a text; what can be read raises ``error`` too, so that only other errors are seen."""
    read(text)
    raise error("it could be read")
