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
    takes=("encoding", "mapping", "quantities"),
    several=True,
)

_SYNTHEA = Reader(
    format="synthea",
    names=Names("Synthea 的 CSV 导出", "the CSV export of Synthea"),
    home="singledisease.io.synthea.read:read_synthea",
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

READERS: Mapping[str, Reader] = MappingProxyType({reader.format: reader for reader in (_FOLDER, _SYNTHEA)})
"""Readers by the name of their format; the first is what a folder is taken for if nothing says otherwise."""
