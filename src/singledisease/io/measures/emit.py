"""Measures as TOML text, which is read back to equal measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from singledisease.definitions.citation import Names
from singledisease.io.definitions.kinds import NAMES, Writer
from singledisease.io.definitions.layout import write_table
from singledisease.io.definitions.toml_text import pair_lines, table_lines
from singledisease.io.measures.build import AnyMeasure, MeasureFile
from singledisease.io.measures.joint_tiers import joint_tier_lines
from singledisease.io.measures.layouts import LAYOUTS


def write_measure_file(made: MeasureFile) -> str:
    """Write a set of measures as TOML text; rules are written out, whichever way a measure was made."""
    return "\n".join(_lines(made)) + "\n"


def _lines(made: MeasureFile) -> Iterator[str]:
    yield from pair_lines({"id": made.id, "version": made.version, "citation": made.citation or None})
    yield from table_lines("names", NAMES.write(Writer(""), made.names))
    yield from joint_tier_lines(made.joint_tiers)
    for measure in made.measures:
        yield from _measure_lines(measure, made)


def _measure_lines(measure: AnyMeasure, made: MeasureFile) -> Iterator[str]:
    form = getattr(measure, "form", "derived")
    values = write_table(LAYOUTS[form], Writer(""), _values(measure, form, made))
    rules: Sequence[Any] = values.pop("rules", ())
    yield from table_lines("measures", values, many=True)
    for rule in rules:
        yield from table_lines("measures.rules", rule, many=True)


def _values(measure: AnyMeasure, form: str, made: MeasureFile) -> Mapping[str, Any]:
    """Give what a measure holds by key; what the file says for all of them is left out."""
    layout = LAYOUTS[form]
    found = {each.name: getattr(measure, each.name, None) for each in layout.keys}
    found["form"] = form
    found["names"] = None if measure.names == Names(measure.id, measure.id) else measure.names
    found["version"] = None if measure.version == made.version else measure.version
    found["citation"] = None if measure.citation == made.citation else measure.citation
    return found
