"""The shape of a definition's file as a JSON Schema, from the same table of keys by which it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from singledisease.io.definitions.elements import KEYED, SECTIONS
from singledisease.io.definitions.fragment_heads import FRAGMENT
from singledisease.io.definitions.fragments import ENDS, USE
from singledisease.io.definitions.head import HEAD, ORDER, PATHWAY
from singledisease.io.definitions.kinds import Schema
from singledisease.io.definitions.layout import TableLayout, schema_of
from singledisease.io.definitions.needs import NEED
from singledisease.io.definitions.placeholders import NAME
from singledisease.io.definitions.shared import SAYS

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PUT_IN = r"^\{[\w-]+\}$"
_SHARED: Schema = {
    "type": "object",
    "description": f"{SAYS.en} / {SAYS.zh}",
    "propertyNames": {"pattern": rf"^{NAME}$"},
    "additionalProperties": {"type": "string"},
}


def disease_schema() -> Schema:
    """Give the JSON Schema of a disease's TOML file, for editors that complete and check while one types.

    >>> sorted(disease_schema()["required"])
    ['codes', 'id', 'names', 'pathway', 'version']
    """
    head, pathway = schema_of(HEAD), schema_of(PATHWAY)
    inner = {**pathway["properties"], **_sections("pathway.")}
    properties = {
        **head["properties"],
        "shared": _SHARED,
        "uses": {"type": "array", "items": {**schema_of(USE), "additionalProperties": True}},
        "order": schema_of(ORDER),
        **_sections(""),
        "pathway": {**pathway, "properties": inner, "required": []},
        "codes": _codes(head["properties"]["codes"]),
    }
    return {"$schema": _DRAFT, **head, "properties": properties, "required": [*head["required"], "pathway"]}


def fragment_schema() -> Schema:
    """Give the JSON Schema of a fragment's TOML file; its texts may hold placeholders wherever they stand."""
    head, pathway = schema_of(FRAGMENT), schema_of(PATHWAY)
    need = schema_of(NEED)
    needs = {"type": "object", "additionalProperties": {**need, "properties": {**need["properties"], "default": {}}}}
    ends = {name: pathway["properties"][name] for name in ENDS}
    properties = {
        **head["properties"],
        "needs": needs,
        **_sections("", ranked=True),
        "pathway": {**pathway, "properties": {**ends, **_sections("pathway.", ranked=True)}, "required": []},
    }
    return {"$schema": _DRAFT, **head, "properties": properties}


def _sections(within: str, *, ranked: bool = False) -> dict[str, Any]:
    """Give the schema of each section at the top, or within the pathway."""
    found = {}
    for section, layout in SECTIONS.items():
        outer, _, name = section.rpartition(".")
        if (f"{outer}." if outer else "") == within:
            found[name] = _section(section, layout, ranked=ranked)
    return found


def _section(section: str, layout: TableLayout, *, ranked: bool) -> Mapping[str, Any]:
    table = dict(schema_of(layout))
    if ranked:
        keys = {name: _or_put_in(each) for name, each in table["properties"].items()}
        table["properties"] = {**keys, "rank": {"type": "integer"}}
    if section == "pathway.groups":
        return {"type": "object", "additionalProperties": {"oneOf": [table["properties"]["states"], table]}}
    if section in KEYED:
        return {"type": "object", "additionalProperties": table}
    return {"type": "array", "items": table}


def _or_put_in(key: Schema) -> Schema:
    """Give the schema of a key of a fragment, where a flag or a word may be what the disease gives: ``{name}``."""
    put_in = {"type": "string", "pattern": _PUT_IN}
    if key.get("type") == "boolean":
        return {**key, "type": ["boolean", "string"], "pattern": _PUT_IN}
    if "enum" in key:
        return {"anyOf": [key, put_in]}
    if "enum" in key.get("items", ()):
        return {**key, "items": {"anyOf": [key["items"], put_in]}}
    return key


def _codes(own: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the schema of the disease's own codes: a list, or a table with code sets beside them."""
    texts = {"type": "array", "items": {"type": "string"}}
    table = {
        "type": "object",
        "properties": {"disease": texts},
        "required": ["disease"],
        "additionalProperties": schema_of(SECTIONS["codes"]),
    }
    return {"description": own["description"], "oneOf": [texts, table]}
