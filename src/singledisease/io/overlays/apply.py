"""What an overlay changes in a disease: keys of parts that are there, parts that are new, parts that are taken away."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from singledisease.definitions.citation import STATUSES
from singledisease.definitions.disease import Disease
from singledisease.errors import did_you_mean
from singledisease.io.definitions.elements import KEYED, LISTED
from singledisease.io.definitions.forms import write_every_part
from singledisease.io.definitions.reading import Spot, ValueReader
from singledisease.io.definitions.source import Path, TomlSource
from singledisease.io.overlays.layouts import HEAD

Tables = dict[str, Any]


def laid_over(source: TomlSource, head: Mapping[str, Any], base: Disease, reader: ValueReader) -> TomlSource:
    """Give the text of a disease with an overlay on it, every part expanded, and the overlay's own lines.

    A part that both have keeps the keys that the overlay does not give; faults name the lines of the overlay.
    """
    tables: Tables = tomllib.loads(write_every_part(base))
    changes = {name: value for name, value in source.tables.items() if name not in {each.name for each in HEAD.keys}}
    lines: dict[Path, int] = {}
    _take_away(tables, head["remove"], reader, Spot(source, ("remove",), "remove"))
    for path, value in _sections(changes):
        if ".".join(path) in LISTED and isinstance(value, list):
            _change_list(_inner(tables, path, []), value, path, source, lines)
        elif ".".join(path) in KEYED and isinstance(value, dict):
            if path == ("parameters",):
                _need_sources(value, _inner(tables, path, {}), reader, Spot(source, path, "parameters"))
            _change_keys(_inner(tables, path, {}), value, path, source, lines)
        else:
            _inner(tables, path[:-1], {})[path[-1]] = value
            _keep_lines(source, path, path, lines)
    if head["version"]:
        tables["version"] = f"{base.version}+{head['version']}"
    return TomlSource(source.name, tables, lines, source.text)


def _sections(changes: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Go through what an overlay gives, section by section; those of the pathway are tables within one."""
    for name, value in changes.items():
        if name == "pathway" and isinstance(value, dict):
            yield from (((name, inner), each) for inner, each in value.items())
        else:
            yield (name,), value


def _inner(tables: Tables, path: tuple[str, ...], none: Any) -> Any:
    for name in path[:-1]:
        tables = tables.setdefault(name, {})
    return tables.setdefault(path[-1], deepcopy(none)) if path else tables


def _change_keys(
    held: Tables, given: Mapping[str, Any], path: Path, source: TomlSource, lines: dict[Path, int]
) -> None:
    for id, value in given.items():
        held[id] = _changed(held.get(id), value)
        _keep_lines(source, (*path, id), (*path, id), lines)


def _change_list(held: list[Any], given: list[Any], path: Path, source: TomlSource, lines: dict[Path, int]) -> None:
    for i, value in enumerate(given):
        id = value.get("id") if isinstance(value, dict) else None
        places = [place for place, each in enumerate(held) if id is not None and each.get("id") == id]
        place = places[0] if places else len(held)
        if places:
            held[place] = _changed(held[place], value)
        else:
            held.append(value)
        _keep_lines(source, (*path, i), (*path, place), lines)


def _changed(held: Any, given: Any) -> Any:
    """Give a part with the keys an overlay gives in the place of its own; one value and several exclude each other."""
    if not isinstance(held, dict) or not isinstance(given, dict):
        return given
    other = {"value": "values", "values": "value"}
    gone = {other[name] for name in given if name in other}
    return {**{name: value for name, value in held.items() if name not in gone}, **given}


def _need_sources(given: Mapping[str, Any], held: Tables, reader: ValueReader, spot: Spot) -> None:
    """Collect numbers that an overlay changes without saying by what source: the shipped one does not say them."""
    for name, value in given.items():
        if not isinstance(value, dict) or name not in held or not {"value", "values"} & set(value):
            continue
        missing = [key for key in ("citation", "status") if key not in value]
        if missing:
            hint = f'citation = "…" of a [citations.…] of the overlay, and status: {", ".join(STATUSES)}'
            reader.wrong(spot.inner(name), f"the number is changed without {' and '.join(missing)} of its own", hint)


def _keep_lines(source: TomlSource, written: Path, stands: Path, lines: dict[Path, int]) -> None:
    """Keep the line of everything an overlay gives, under the place where it stands in the whole definition."""
    for path, line in source.lines.items():
        if path[: len(written)] == written:
            lines[(*stands, *path[len(written) :])] = line


# TAKING AWAY


def _take_away(tables: Tables, names: tuple[str, ...], reader: ValueReader, spot: Spot) -> None:
    for name in names:
        section = next((each for each in (*KEYED, *LISTED) if name.startswith(f"{each}.")), "")
        id = name.removeprefix(f"{section}.")
        known = _ids(tables, section) if section else ()
        if id in known:
            _remove(tables, section, id)
            continue
        hint = did_you_mean(id, known) if section else f"a section and an id: {', '.join((*KEYED, *LISTED))}"
        reader.wrong(spot, f"there is no {name!r} to take away", hint)


def _ids(tables: Tables, section: str) -> tuple[str, ...]:
    held = _inner(tables, tuple(section.split(".")), [] if section in LISTED else {})
    return tuple(map(_id, held)) if section in LISTED else tuple(held)


def _remove(tables: Tables, section: str, id: str) -> None:
    held = _inner(tables, tuple(section.split(".")), [] if section in LISTED else {})
    if section in LISTED:
        held[:] = [each for each in held if _id(each) != id]
    else:
        del held[id]


def _id(part: Mapping[str, Any]) -> str:
    """Give the id of a part of a list; a transition has none and is called by its signal and target."""
    return str(part["id"]) if "id" in part else f"{part['on']}.{part['to']}"
