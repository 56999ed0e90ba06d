"""Every format there is: to add one, write its module and put its entry here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from singledisease.definitions.citation import Names
from singledisease.io.readers.model import Reader, ReaderOption

_TIME_ZONE = "IANA name of the clinic's time zone, such as Asia/Shanghai"

_FOLDER = Reader(
    format="folder",
    names=Names("本库的文件夹：patients、events、institutions", "a folder with patients, events, institutions"),
    home="singledisease.io.folder:read_folder",
    takes=("encoding", "mapping", "rules"),
    several=True,
)

_SYNTHEA = Reader(
    format="synthea",
    names=Names("Synthea 的 CSV 导出", "the CSV export of Synthea"),
    home="singledisease.io.synthea.read:read_synthea",
    takes=("rules",),
    options=(
        ReaderOption(
            name="time_zone",
            kind="text",
            says=Names("机构所在时区", f"{_TIME_ZONE}: its timestamps are UTC, events have local dates"),
            default="UTC",
        ),
        ReaderOption(
            name="enrolment",
            kind="choice",
            choices=("first_condition", "first_follow_up", "none"),
            says=Names("以什么为纳入管理", "what enrols a person in the management of a disease"),
            default="first_condition",
        ),
        ReaderOption(
            name="follow_up",
            kind="choice",
            choices=("encounter_with_reading", "encounter", "none"),
            says=Names("哪些就诊算随访", "which outpatient encounters are follow-ups"),
            default="encounter_with_reading",
        ),
        ReaderOption(
            name="glucose",
            kind="choice",
            choices=("glucose", "fpg"),
            says=Names("未注明空腹与否的血糖作为", "what glucose of unspecified fasting state is taken as"),
            default="glucose",
        ),
        ReaderOption(
            name="responsible",
            kind="choice",
            choices=("most_visited", "none"),
            says=Names("以就诊最多的机构为责任机构", "whether the organization seen most often is responsible"),
            default="most_visited",
        ),
        ReaderOption(
            name="conditions", kind="value", says=Names("各病种的 SNOMED CT 编码", "SNOMED CT codes of each disease")
        ),
    ),
)

_FHIR = Reader(
    format="fhir",
    names=Names("FHIR R4：Bundle、批量 NDJSON 或其文件夹", "FHIR R4: bundles, bulk NDJSON, a folder of either"),
    home="singledisease.io.fhir.read:read_fhir",
    suffixes=(".json", ".json.gz", ".ndjson", ".ndjson.gz", ".jsonl", ".jsonl.gz"),
    takes=("diseases", "rules"),
    options=(
        ReaderOption(
            name="time_zone",
            kind="text",
            says=Names("按哪个时区取日期", f"{_TIME_ZONE}, for whose days moments stand"),
            default="as they are written",
        ),
        ReaderOption(
            name="enrolment",
            kind="choice",
            choices=("first_condition", "care_plan", "first_follow_up", "none"),
            says=Names("没有 EpisodeOfCare 时以什么为纳入管理", "what enrols a person whom no EpisodeOfCare enrols"),
            default="first_condition",
        ),
        ReaderOption(
            name="follow_up",
            kind="choice",
            choices=("encounter_with_reading", "encounter", "none"),
            says=Names("哪些门诊或上门就诊算随访", "which encounters at a clinic or at home are follow-ups"),
            default="encounter_with_reading",
        ),
        ReaderOption(
            name="glucose",
            kind="choice",
            choices=("glucose", "fpg"),
            says=Names("未注明空腹与否的血糖作为", "what glucose of unspecified fasting state is taken as"),
            default="glucose",
        ),
        ReaderOption(
            name="responsible",
            kind="choice",
            choices=("most_visited", "none"),
            says=Names("无责任机构者以就诊最多的机构为责任机构", "who is responsible where no organization is stated"),
            default="most_visited",
        ),
        ReaderOption(
            name="recorded",
            kind="choice",
            choices=("last_updated", "stated", "none"),
            says=Names("何日获知", "the day on which a resource became known"),
            default="last_updated",
        ),
        ReaderOption(
            name="partial_dates",
            kind="choice",
            choices=("unknown", "first"),
            says=Names("只到年或月的日期作为", "what a date is that stops at the year or month"),
            default="unknown",
        ),
        ReaderOption(
            name="other_observations",
            kind="choice",
            choices=("skip", "keep"),
            says=Names("其他观察项目是否保留", "whether observations that are no quantity here are kept as text"),
            default="skip",
        ),
        ReaderOption(
            name="patient_identifier",
            kind="text",
            says=Names("以哪个系统的标识号称呼患者", "system of the identifier by which people are called"),
            default="the resource's id",
        ),
        ReaderOption(
            name="codes",
            kind="file",
            says=Names("编码对照表（TOML）", "a code map (TOML): conditions, observations, levels"),
        ),
    ),
)

_WORKBOOK = Reader(
    format="workbook",
    names=Names("电子表格（xlsx、xls 等），每张工作表为一个表", "workbooks (xlsx, xls …), a sheet for each table"),
    home="singledisease.io.workbooks.read:read_workbook",
    suffixes=(".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
    takes=("mapping", "rules"),
    several=True,
    tables="singledisease.io.workbooks.sheets:Sheets",
    extra="excel",
    modules=("python_calamine",),
)

_OMOP = Reader(
    format="omop",
    names=Names(
        "OMOP CDM 5.3、5.4 的表：CSV 或 Parquet 文件夹，或数据库",
        "OMOP CDM 5.3 or 5.4 tables: a folder, or a database by its URL",
    ),
    home="singledisease.io.omop.read:read_omop",
    sign="singledisease.io.omop.files:is_omop_folder",
    urls=True,
    takes=("diseases", "rules"),
    options=(
        ReaderOption(
            name="enrolment",
            kind="choice",
            choices=("first_condition", "first_follow_up", "none"),
            says=Names("以什么为纳入管理", "what enrols a person in the management of a disease"),
            default="first_condition",
        ),
        ReaderOption(
            name="follow_up",
            kind="choice",
            choices=("encounter_with_reading", "encounter", "none"),
            says=Names("哪些门诊就诊算随访", "which outpatient visits are follow-ups"),
            default="encounter_with_reading",
        ),
        ReaderOption(
            name="glucose",
            kind="choice",
            choices=("glucose", "fpg"),
            says=Names("未注明空腹与否的血糖作为", "what glucose of unspecified fasting state is taken as"),
            default="glucose",
        ),
        ReaderOption(
            name="responsible",
            kind="choice",
            choices=("most_visited", "none"),
            says=Names("无责任机构者以就诊最多的机构为责任机构", "who is responsible where PERSON names no site"),
            default="most_visited",
        ),
        ReaderOption(
            name="partial_dates",
            kind="choice",
            choices=("unknown", "first"),
            says=Names("只到年或月的出生日期作为", "what a date of birth is that stops at the year or month"),
            default="unknown",
        ),
        ReaderOption(
            name="codes",
            kind="file",
            says=Names("编码对照表（TOML）", "a code map (TOML): conditions, observations, levels"),
        ),
        ReaderOption(
            name="schema",
            kind="text",
            says=Names("数据库：各表所在模式", "of a database: the schema of the tables"),
            default="where PERSON is",
        ),
        ReaderOption(
            name="vocabulary_schema",
            kind="text",
            says=Names("数据库：CONCEPT 表所在模式", "of a database: the schema of CONCEPT"),
            default="that of the tables",
        ),
    ),
)


def _of_table(name: str, chinese: str, default: str) -> ReaderOption:
    says = Names(f"{chinese}：表名或查询", f"the table of {name}, or a query")
    return ReaderOption(name=name, kind="text", says=says, default=default)


_DATABASE = Reader(
    format="database",
    names=Names("数据库（sqlite、duckdb、postgresql 等网址）", "a database by its URL (sqlite, duckdb, postgresql …)"),
    home="singledisease.io.database.named:read_named",
    takes=("mapping", "rules"),
    urls=True,
    options=(
        _of_table("patients", "患者", "patients"),
        _of_table("events", "事件", "events"),
        _of_table("institutions", "机构", "institutions if there is one"),
        _of_table("teams", "团队", "teams if there is one"),
        _of_table("activities", "活动", "activities if there is one"),
        ReaderOption(
            name="tables",
            kind="text",
            says=Names(
                "有来源的对照表在哪些表中查找，以逗号分隔",
                "among which tables, parted by commas, a mapping with sources finds its own",
            ),
            default="all",
        ),
        ReaderOption(
            name="schema",
            kind="text",
            says=Names("表所在模式", "the schema of the tables"),
            default="where patients is",
        ),
    ),
)

READERS: Mapping[str, Reader] = MappingProxyType(
    {reader.format: reader for reader in (_FOLDER, _SYNTHEA, _FHIR, _WORKBOOK, _OMOP, _DATABASE)}
)
"""Readers by the name of their format; the first is what a folder is taken for if nothing says otherwise."""
