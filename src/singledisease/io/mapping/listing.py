"""A mapping and a code list told to people: which files become what, and what each code means."""

from __future__ import annotations

from collections.abc import Iterator

from singledisease.io.mapping.source import CodeList, RecordSystem, Source
from singledisease.tables import Heading, Table

_HEADINGS: dict[str, Heading] = {
    "source": ("来源表", "source"),
    "table": ("表", "table"),
    "kind": ("事件类型", "kind"),
    "disease": ("病种", "disease"),
    "found by": ("文件名或列", "file name or columns"),
    "names": ("本库名称", "names here"),
    "codes": ("代码", "code"),
    "meaning": ("含义", "meaning"),
    "list": ("代码表", "code list"),
    "status": ("可信度", "status"),
    "of": ("依据", "source"),
}


def sources(system: RecordSystem) -> Table:
    """List the tables of a mapping: what each becomes, and by what its files are found.

    >>> from singledisease.io.mapping import read_mapping
    >>> sources(read_mapping("ws372"))["kind"][3:5]
    ('follow_up', 'appointment')
    """
    rows = [
        (
            one.name,
            one.table,
            one.constants.get("kind"),
            one.constants.get("disease"),
            " | ".join(one.files) or " + ".join(one.has),
            " ".join(_names(one)),
        )
        for one in (*system.sources, *system.tables.values())
    ]
    return Table.of_rows(("source", "table", "kind", "disease", "found by", "names"), rows, headings=_HEADINGS)


def _names(one: Source) -> Iterator[str]:
    given = (name for names in (*one.columns.values(), *one.split.values()) for name in names)
    yield from (name for name in dict.fromkeys(given) if name not in ("patient_id", "date"))


def lists(system: RecordSystem) -> Table:
    """List the code lists that a mapping uses, each with its source and how sure it is."""
    used = {codes.name: codes for one in (*system.sources, *system.tables.values()) for codes in one.codes.values()}
    rows = [(one.name, one.status or None, one.source or None) for one in used.values()]
    return Table.of_rows(("list", "status", "of"), rows, headings=_HEADINGS)


def codes(code_list: CodeList) -> Table:
    """List the codes of a code list and what each means; blank means nothing that counts.

    >>> from singledisease.io.mapping import code_lists
    >>> codes(code_lists()["DE06.00.027.00"]).rows()[0]
    {'codes': '1', 'meaning': 'regular'}
    """
    return Table.of_rows(("codes", "meaning"), code_list.values.items(), headings=_HEADINGS)
