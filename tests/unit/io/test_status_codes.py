"""Words of foreign systems for what did not happen, and headings that stand twice, on every way in."""

from __future__ import annotations

import pytest
from foreign_world import export, happened

import singledisease as sd

PEOPLE = "档案号,出生日期,性别,管理机构\n1,1950-01-01,男,甲\n"
VISITS = (
    "档案号,随访日期,随访方式,收缩压,舒张压,状态,下次随访日期\n"
    "1,2024-01-05,门诊,150,90,已完成,2024-04-05\n"
    "1,2024-02-05,门诊,130,80,取消,\n"
    "1,2024-03-05,门诊,130,80,失约,\n"
    "1,2024-04-05,门诊,130,80,未完成,\n"
    "1,2024-05-05,门诊,130,80,作废,2024-08-05\n"
)


def read(tmp_path, mapping, visits=VISITS):
    """Read people and their follow-ups by a mapping."""
    folder = export(tmp_path / "export", {"个人基本信息.csv": PEOPLE, "高血压随访.csv": visits})
    return sd.read(folder, mapping=mapping)


def test_the_ready_mapping_sets_aside_what_did_not_happen(tmp_path):
    """取消, 作废, 失约 and 未完成 are no visits, and a visit that is 作废 makes no appointment; other words stay."""
    log = read(tmp_path, "bphs-forms")
    assert happened(log, "1") == [
        "2024-01-05 appointment disease=hypertension status=已完成 until=2024-04-05",
        "2024-01-05 follow_up dbp=90.0 disease=hypertension mode=clinic sbp=150.0 status=已完成",
    ]
    assert {one.kind: len(one.lines) for one in log.report.not_done if one.kind == "appointment"} == {"appointment": 1}
    assert sum(len(one.lines) for one in log.report.not_done if one.kind == "follow_up") == 4
    assert {one.file for one in log.report.not_done} == {"高血压随访.csv"}
    assert log.report.balanced
    assert log.report.table("高血压随访").not_done == 4


def test_a_mapping_may_name_words_of_its_own(tmp_path):
    """``status_codes`` of a mapping says which words mean that nothing happened; any other stays."""
    mapping = tmp_path / "m.toml"
    mapping.write_text('extends = "bphs-forms"\n[status_codes]\n"已完成" = "missed"\n"取消" = "done"\n', "utf-8")
    log = read(tmp_path, mapping)
    visits = [text for text in happened(log, "1") if "follow_up" in text]
    assert [text[:10] for text in visits] == ["2024-02-05", "2024-03-05", "2024-04-05", "2024-05-05"]
    assert "status=done" in visits[0]


def test_an_unknown_list_of_words_is_refused(tmp_path):
    """``status_codes`` names a code list that exists."""
    mapping = tmp_path / "m.toml"
    mapping.write_text('extends = "bphs-forms"\nstatus_codes = "status: nothing"\n', "utf-8")
    with pytest.raises(sd.DataError, match="unknown_list"):
        read(tmp_path, mapping)


def test_a_heading_that_stands_twice_is_told(tmp_path):
    """Of two columns of one name the first is taken, and the report names the other."""
    visits = "档案号,随访日期,收缩压,收缩压\n1,2024-01-05,150,130\n"
    assert "收缩压#2" in str(read(tmp_path, "bphs-forms", visits).report)


# BYTE-ORDER MARKS

BOM = "\ufeff"
OWN = {
    "patients.csv": '"patient_id","birth_date","sex","institution"\nP1,1950-01-01,male,A\n',
    "events.csv": '"patient_id","date","kind"\nP1,2024-01-05,checkup\n',
    "institutions.csv": '"institution","level"\nA,village\n',
}


@pytest.mark.parametrize("marked", [*OWN, "all"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_mark_before_a_quoted_heading_is_passed_over(tmp_path, marked, encoding):
    """In any table, read as it is, by a short mapping, or looked at: the first heading is what it says."""
    files = {name: BOM + text if marked in (name, "all") else text for name, text in OWN.items()}
    folder = export(tmp_path / "export", files)
    mapping = tmp_path / "m.toml"
    mapping.write_text(BOM + '[events.columns]\n"当日次序" = "sequence"\n', "utf-8")
    for log in (
        sd.read(folder, encoding=encoding),
        sd.read(folder, encoding=encoding, mapping=mapping),
        sd.inspect(folder, encoding=encoding).log,
    ):
        assert log is not None
        assert happened(log, "P1") == ["2024-01-05 checkup"]
        assert log.institutions.ids == ("A",)


def test_a_heading_of_synthea_that_stands_twice_is_refused(tmp_path):
    """Of two values of one name nobody knows which is meant."""
    (tmp_path / "patients.csv").write_text("Id,BIRTHDATE,Id\nA,1970-05-05,B\n", "utf-8")
    with pytest.raises(sd.DataError, match="duplicate_column"):
        sd.read(tmp_path, format="synthea")
