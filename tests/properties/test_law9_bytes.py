"""Law 9: any input at all ends in a result or a documented error, and every row is accounted for."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import singledisease as sd
from singledisease.dates import periods as read_periods
from singledisease.errors import DataError, DefinitionError, SingleDiseaseError, UsageError
from singledisease.eventlog.equality import equal
from singledisease.io.definitions import read_disease_text
from singledisease.io.folder import read_folder
from singledisease.io.synthea import read_synthea
from singledisease.language.parse import parse
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
    from singledisease.language.format import write

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
    from singledisease.io.definitions import write_disease

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


# FOREIGN EXPORTS

HEADINGS = st.sampled_from(
    [
        *("档案号", "编号", "身份证号", "姓名", "性别", "出生日期", "随访日期", "下次随访日期", "随访方式", "管理机构"),
        *("收缩压", "舒张压", "收缩压(kPa)", "血压", "空腹血糖", "空腹血糖(mg/dL)", "体重(斤)", "药物不良反应", "病种"),
        *("此次随访分类", "服药依从性", "建档日期", "死亡日期", "终止原因", "转诊原因", "第1次随访日期", "第1次收缩压"),
        *(
            "第2次随访日期",
            "第2次收缩压",
            "随访日期#2",
            "收缩压1",
            "随访日期1",
            "",
            '"x',
            "a=b",
            "[a]",
            "#",
            "收缩压\n(mmHg)",
        ),
    ]
)
CELLS = st.sampled_from(
    [
        *("", "1", "2", "男", "门诊", "1 门诊", "2024/3/5", "2024-03-05 08:30:00", "20240305", "45356", "2024年3月5日"),
        *(
            "140",
            "90",
            "152/95",
            "18.7",
            "20.1/11.2",
            "7.2",
            "126",
            "未测",
            "-",
            "NULL",
            "高血压",
            "死亡",
            "合计",
            "规律",
        ),
        *("3.7E+17", "11010519491231002X", "440524188001010014", "a\nb", 'q"q', "\u3000", "９９", "-5", "nan", "\x00"),
        *('="001"', "'001", "2024/13/45", "9" * 400),
    ]
)
NAMES = st.sampled_from(
    ["个人档案", "高血压随访", "糖尿病随访", "体检", "死亡", "终止管理", "高血压登记", "机构", "慢病随访", "x"]
)
EXPORTS = st.dictionaries(
    st.tuples(NAMES, st.sampled_from([".csv", ".txt"])),
    st.tuples(
        st.lists(HEADINGS, min_size=1, max_size=8).flatmap(
            lambda heads: st.tuples(
                st.just(heads), st.lists(st.lists(CELLS, min_size=len(heads), max_size=len(heads)), max_size=8)
            )
        ),
        st.sampled_from([",", "\t", ";"]),
        st.sampled_from(["utf-8", "gb18030", "utf-16"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


@given(files=EXPORTS, first=st.booleans())
@example(
    files={("高血压随访", ".csv"): ((["姓名", "身份证号"], [["", "20.1/11.2"]]), ",", "utf-8", False)}, first=False
)
def test_any_export_ends_in_a_page_or_a_documented_error(tmp_path_factory, files, first):
    """Whatever stands in an export, ``inspect`` drafts a mapping that can be read, and accounts for every row."""
    folder = tmp_path_factory.mktemp("export")
    for (name, suffix), ((heads, rows), mark, encoding, titled) in files.items():
        text = io.StringIO()
        title = [["标题", *[""] * (len(heads) - 1)]] if titled else []
        csv.writer(text, delimiter=mark).writerows([*title, heads, *rows])
        (folder / f"{name}{suffix}").write_bytes(text.getvalue().encode(encoding))
    try:
        found = sd.inspect(folder, enrolment="first_follow_up" if first else None)
    except SingleDiseaseError:
        return
    assert found.to_text("zh")
    mapping = folder / "mapping.toml"
    mapping.write_text(found.mapping, "utf-8")
    if found.log is not None:
        assert found.log.report.balanced
        assert equal(sd.read(folder, mapping=mapping), found.log)
