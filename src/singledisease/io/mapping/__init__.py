"""Mapping files: how a record system's own tables, columns and codes are called here.

A TOML file.  Its short form has a table for each of ``patients``, ``events`` and ``institutions``::

    [events.columns]
    "收缩压" = "sbp"

    [events.codes.mode]
    "门诊" = "clinic"

Its long form names any number of source tables, each of which becomes rows of one of the three::

    [sources.hypertension-follow-up]
    table = "events"
    files = ["*高血压*随访*"]
    constants = { kind = "follow_up", disease = "hypertension" }
    columns = { "档案编号" = "patient_id", "随访日期" = "date", "随访方式" = "mode", "收缩压" = "sbp" }
    codes.mode = "CV06.00.207"

``codes`` names the meaning of each code, or a code list: of the file's own ``lists``, or one that is shipped.
``extends = "bphs-forms"`` lays the file over a shipped mapping.  All parts: ``mapping.source.Source``.
"""

from singledisease.io.mapping.apply_source import apply, take
from singledisease.io.mapping.read import code_lists, read_mapping, shipped
from singledisease.io.mapping.source import CodeList, RecordSystem, Source

__all__ = ["CodeList", "RecordSystem", "Source", "apply", "code_lists", "read_mapping", "shipped", "take"]
