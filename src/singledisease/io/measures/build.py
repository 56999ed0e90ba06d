"""From the text of a file of measures to the measures: all of them read, and everything that is wrong told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from attrs import frozen

from singledisease.definitions.aggregate import Distribution, Ratio
from singledisease.definitions.citation import Names
from singledisease.definitions.derived import Derived
from singledisease.definitions.disease import Disease
from singledisease.definitions.joint_tier import JointTier
from singledisease.definitions.measure import Measure
from singledisease.errors import DefinitionError, Fault, did_you_mean
from singledisease.io.definitions.kinds import NAMES, TEXT
from singledisease.io.definitions.layout import TableLayout, key, needed, read_table
from singledisease.io.definitions.reading import MISSING, Spot, ValueReader
from singledisease.io.definitions.source import TomlSource
from singledisease.io.measures.joint_tiers import joint_tiers
from singledisease.io.measures.layouts import LAYOUTS
from singledisease.io.measures.shared_texts import TABLES, put_in, shared_texts
from singledisease.vocabulary import Quantity

AnyMeasure = Measure | Ratio | Distribution | Derived

HEAD = TableLayout(
    name="",
    says=Names("文件开头", "the head of the file"),
    keys=(
        needed("id", TEXT, "指标集 id", "id of the set"),
        needed("version", TEXT, "版本", "its version"),
        key("names", NAMES, "名称；缺省用其 id", "its names; none: its id"),
        key("citation", TEXT, "来源", "its source", default=""),
        key("status", TEXT, "把握程度", "how sure it is", default="proposal"),
    ),
    make=lambda _, values: values,
    take=lambda made: made,
)
_FOR_EACH = "for_each"
_NO_HEAD: Mapping[str, Any] = MappingProxyType(
    {"id": "", "version": "1", "names": None, "citation": "", "status": "proposal"}
)
_MADE: Mapping[str, Callable[..., AnyMeasure]] = MappingProxyType(
    {"proportion": Measure, "count": Measure, "ratio": Ratio, "distribution": Distribution, "derived": Derived}
)


@frozen(kw_only=True)
class MeasureFile:
    """What a file of measures holds: a set by id, version, names and source, its measures, and joint tiers."""

    id: str
    version: str
    names: Names
    citation: str
    measures: tuple[AnyMeasure, ...]
    joint_tiers: tuple[JointTier, ...] = ()


def measures_from(
    source: TomlSource,
    diseases: Iterable[Disease],
    quantities: Iterable[Quantity] = (),
    further: Callable[[AnyMeasure], Iterable[Fault]] = lambda _: (),
) -> MeasureFile:
    """Make the measures of a text, those ``for_each`` disease once for each of the diseases.

    ``further`` finds what else is wrong with a measure that could be made; it is asked where something is wrong
    anyway, so that everything is told at once.

    Raises
    ------
    DefinitionError
        With every key that is missing, unknown or of the wrong type, every expression that cannot be read, and
        every measure that is not sound.
    """
    reader, top = ValueReader("", tuple(quantities)), Spot(source, (), "")
    rest = {name: value for name, value in source.tables.items() if name not in ("measures", *TABLES)}
    head = read_table(HEAD, reader, rest, top)
    known = tuple(diseases)
    tiers = joint_tiers(source, reader, known)
    # A head with a fault is no reason to say nothing of the measures below it.
    found = list(_measures(source, _NO_HEAD if head is MISSING else head, known, reader, tiers))
    twice = [*_twice(_written_ids(source)), *_twice([measure.id for measure in found])]
    faults = tuple(dict.fromkeys((*reader.shape, *reader.faults, *twice)))
    if faults:
        more = (fault for one in found for fault in further(one))
        raise DefinitionError(
            f"{source.name or 'this file of measures'} cannot be read", dict.fromkeys((*faults, *more))
        )
    return MeasureFile(
        id=head["id"],
        version=head["version"],
        names=head["names"] or Names(head["id"], head["id"]),
        citation=head["citation"],
        measures=tuple(found),
        joint_tiers=tiers,
    )


def _written_ids(source: TomlSource) -> list[str]:
    """Give the ids of all measures as they are written, those that cannot be made included."""
    listed = source.tables.get("measures", [])
    tables = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return [each["id"] for each in tables if isinstance(each.get("id"), str)]


def _twice(ids: list[str]) -> Iterator[Fault]:
    for name in dict.fromkeys(name for name in ids if ids.count(name) > 1):
        hint = 'with for_each = "disease" an id has to hold {disease}'
        yield Fault("duplicate_id", f"measures.{name}", "two measures have this id", hint)


def _measures(
    source: TomlSource,
    head: Mapping[str, Any],
    diseases: tuple[Disease, ...],
    reader: ValueReader,
    tiers: tuple[JointTier, ...],
) -> Iterator[AnyMeasure]:
    listed, spot = source.tables.get("measures", []), Spot(source, ("measures",), "measures")
    if not isinstance(listed, list):
        reader.wrong(spot, f"expected a list of tables, got {listed!r}", "[[measures]]")
        return
    shared = shared_texts(source, reader)
    for i, each in enumerate(listed):
        table = put_in(each, shared, tiers)
        name = table.get("id", i) if isinstance(table, dict) else i
        inner = Spot(source, ("measures", i), f"measures.{name}")
        for disease, written in _for_each(table, diseases, reader, inner):
            made = _measure(written, head, _reader_for(disease, diseases, reader), inner)
            if made is not None:
                yield made


def _reader_for(disease: Disease | None, diseases: tuple[Disease, ...], reader: ValueReader) -> ValueReader:
    """Give a reader that knows the quantities of the diseases, and whose parameters ``p("…")`` means."""
    declared = (quantity for each in diseases for quantity in each.quantities)
    quantities = {quantity.name: quantity for quantity in (*reader.quantities, *declared)}
    name = "" if disease is None else disease.id
    return ValueReader(name, tuple(quantities.values()), shape=reader.shape, faults=reader.faults)


def _for_each(
    table: Any, diseases: tuple[Disease, ...], reader: ValueReader, spot: Spot
) -> Iterator[tuple[Disease | None, Any]]:
    if not isinstance(table, dict) or _FOR_EACH not in table:
        yield None, table
        return
    rest = {name: value for name, value in table.items() if name != _FOR_EACH}
    if table[_FOR_EACH] != "disease":
        hint = 'for_each = "disease"'
        reader.wrong(
            spot.inner(_FOR_EACH), f"measures can be made for each disease, not for {table[_FOR_EACH]!r}", hint
        )
        return
    for disease in diseases:
        yield disease, _filled(rest, disease, "")


def _filled(value: Any, disease: Disease, language: str) -> Any:
    """Put a disease into texts: ``{disease}`` is its id, ``{name}`` its name in the language of the key."""
    match value:
        case str():
            name = disease.names.in_language(language or "en")
            return value.replace("{disease}", disease.id).replace("{name}", name)
        case list():
            return [_filled(each, disease, language) for each in value]
        case dict():
            return {name: _filled(each, disease, name if name in ("zh", "en") else "") for name, each in value.items()}
    return value


def _measure(table: Any, head: Mapping[str, Any], reader: ValueReader, spot: Spot) -> AnyMeasure | None:
    form = table.get("form", "proportion") if isinstance(table, dict) else "proportion"
    if form not in LAYOUTS:
        reader.wrong(spot.inner("form"), f"no form of measure is called {form!r}", did_you_mean(str(form), LAYOUTS))
        return None
    read = len(reader.faults)
    values = read_table(LAYOUTS[form], reader, table, spot)
    if values is MISSING or len(reader.faults) > read:
        return None
    given = {name: value for name, value in values.items() if value is not None}
    given.setdefault("version", head["version"])
    given.setdefault("citation", head["citation"])
    given.setdefault("status", head["status"])
    if form not in ("proportion", "count"):
        del given["form"]
    try:
        return _MADE[form](**given)
    except DefinitionError as error:
        at = spot.source.at(spot.path)
        reader.faults.extend(
            Fault(fault.check, f"{spot.place}, {fault.where}", fault.message, fault.hint, at) for fault in error.faults
        )
        return None
