"""What the definition files of a county share: tables by id, events that are meant, and reading a whole file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from singledisease.county.row_condition import EventMatch
from singledisease.definitions.citation import STATUSES, Names
from singledisease.errors import DefinitionError, Fault, did_you_mean
from singledisease.io.definitions.kinds import NAMES, ON_EVENT, TEXT, TEXTS, Kind
from singledisease.io.definitions.layout import TableLayout, key, needed, read_table, schema_of, write_table
from singledisease.io.definitions.part_layouts import CITATION, PARAMETER
from singledisease.io.definitions.reading import MISSING, Spot, ValueReader
from singledisease.io.definitions.source import read_source, text_of_file

T = TypeVar("T")


def tables_by_id(layout: TableLayout, names: Names, id: str = "id") -> Kind:
    """Make the kind of value that is a table of tables, each under its id; ``id`` is the attribute that holds it."""

    def read(reader: ValueReader, value: Any, spot: Spot) -> Any:
        if not isinstance(value, dict):
            return reader.wrong(spot, f"expected a table of tables, got {value!r}", f"[{layout.name}]")
        parts = [read_table(layout, reader, each, spot.inner(name), name) for name, each in value.items()]
        return MISSING if any(part is MISSING for part in parts) else tuple(parts)

    return Kind(
        names,
        read,
        lambda writer, parts: {getattr(part, id): write_table(layout, writer, part) for part in parts},
        {"type": "object", "additionalProperties": schema_of(layout)},
    )


EVENTS = TableLayout(
    name="events",
    says=Names("所指事件", "which events are meant"),
    keys=(
        key("kinds", TEXTS, "事件类别；空：任何一类", "kinds of event; none: any", default=()),
        key("when", ON_EVENT, "对该事件的条件", "a condition on the event"),
    ),
    make=lambda _, values: EventMatch(values["kinds"], values["when"]),
    take=lambda part: {"kinds": part.kinds, "when": part.when},
)
MATCH = Kind(
    Names("所指事件", "which events are meant"),
    lambda reader, value, spot: read_table(EVENTS, reader, value, spot),
    lambda writer, part: write_table(EVENTS, writer, part),
    schema_of(EVENTS),
)
TRUST = (
    key("citation", TEXT, "来源的 id", "id of a citation", default=""),
    key("status", TEXT, "把握程度", "how sure it is", default="proposal"),
)
HEAD = (
    needed("id", TEXT, "id", "id"),
    needed("version", TEXT, "版本", "version"),
    needed("names", NAMES, "名称", "names"),
    key("citations", tables_by_id(CITATION, Names("来源", "sources")), "来源", "sources", default=()),
    key("parameters", tables_by_id(PARAMETER, Names("参数", "numbers"), "name"), "参数", "numbers", default=()),
)


def read_definition(source: Path | str, layout: TableLayout, check: Callable[[Any], Iterable[Fault]], what: str) -> Any:
    """Read a definition from a TOML file, or from text of more than one line.

    Raises
    ------
    DefinitionError
        With every fault: keys that are missing or unknown, expressions that cannot be read, and what ``check`` finds.
    """
    is_text = isinstance(source, str) and "\n" in source
    text, name = (str(source), "") if is_text else (text_of_file(Path(source), what=what), Path(source).name)
    tables = read_source(text, name)
    known_id = tables.tables.get("id")
    reader = ValueReader(known_id if isinstance(known_id, str) else "")
    made = read_table(layout, reader, dict(tables.tables), Spot(tables, (), ""))
    faults = [*reader.shape, *reader.faults]
    if not faults:
        faults = list(check(made))
    if faults:
        raise DefinitionError(f"{name or what} cannot be read", dict.fromkeys(faults))
    return made


def wrong_trust(where: str, citation: str, status: str, citations: Iterable[Any]) -> Iterable[Fault]:
    """Find a status that there is none of, and a citation that the file does not have."""
    if status not in STATUSES:
        yield Fault("unknown_status", where, f"no status is called {status!r}", did_you_mean(status, STATUSES))
    known = [one.id for one in citations]
    if citation and citation not in known:
        yield Fault("unknown_citation", where, f"no citation is called {citation!r}", did_you_mean(citation, known))


def repeated(where: str, ids: Iterable[str]) -> Iterable[Fault]:
    """Find ids that stand twice."""
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            yield Fault("duplicate_id", f"{where}.{name}", "stands twice", "rename one")
        seen.add(name)
