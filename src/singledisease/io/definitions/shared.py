"""Texts that stand once in a disease's file, under ``[shared]``, and are put in wherever ``{name}`` stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from attrs import evolve, field, frozen

from singledisease.definitions.citation import Names
from singledisease.definitions.fragment_use import Origin, SharedText
from singledisease.errors import DefinitionError, Fault, did_you_mean
from singledisease.io.definitions.elements import Element
from singledisease.io.definitions.kinds import Writer
from singledisease.io.definitions.placeholders import PLACEHOLDER, names_in
from singledisease.io.definitions.reading import Spot, ValueReader
from singledisease.io.definitions.source import Path, TomlSource
from singledisease.language.parse import parse

SHARED = "shared"
SAYS = Names(
    "病种内共用的文本：写一次，凡写 {名称} 处代入；代入较长文本时加括号",
    "texts that parts of the disease share: written once, put in wherever {name} stands, "
    "in brackets within a longer text",
)


@frozen
class Shared:
    """What a disease's file says once, and the file with it put in.

    Attributes
    ----------
    source
        The file, its texts filled.
    texts
        What is shared, each with what stands above it put in.
    raw
        The tables as they are written, with ``{name}`` in them.
    """

    source: TomlSource
    texts: tuple[SharedText, ...]
    raw: Mapping[str, Any]

    def on(self, origin: Origin, element: Element) -> Origin:
        """Give where a part was written, with the shared texts that were put into it or given to its fragment."""
        if not self.texts:
            return origin
        written = _at(element.spot.source.tables if element.fragment else self.raw, element.spot.path)
        names = self._given(element.fragment, names_in(written)) if element.fragment else names_in(written)
        return origin._replace(shared=tuple(text for text in self.texts if text.name in names))

    def _given(self, fragment: str, needs: frozenset[str]) -> frozenset[str]:
        uses = [use for use in self.raw["uses"] if use["fragment"] == fragment]
        return frozenset().union(*(names_in(use[need]) for use in uses for need in needs & use.keys()))


def with_shared(source: TomlSource, reader: ValueReader) -> Shared:
    """Put what is shared into a file's texts.

    What is no text, is called by a name that cannot stand in braces, or that nobody uses is collected as a fault, and
    so is a name in braces that is not shared.
    """
    raw, spot = source.tables, Spot(source, (SHARED,), SHARED)
    if SHARED not in raw:
        return Shared(source, (), raw)
    rest = {name: value for name, value in raw.items() if name != SHARED}
    texts = _texts(raw[SHARED], reader, spot)
    _unused(texts, rest, raw[SHARED], reader, spot)
    _unknown(rest, texts, reader, Spot(source, (), ""))
    filled = {name: _put_in(value, texts) for name, value in rest.items()}
    told = tuple(SharedText(name, text, source.line((SHARED, name))) for name, text in texts.items())
    return Shared(evolve(source, tables=filled), told, raw)


def _texts(listed: Any, reader: ValueReader, spot: Spot) -> dict[str, str]:
    if not isinstance(listed, dict):
        reader.wrong(spot, f"expected texts by name, got {listed!r}", "[shared]")
        return {}
    found: dict[str, str] = {}
    for name, text in listed.items():
        inner = spot.inner(name)
        if not isinstance(text, str):
            reader.wrong(inner, f"expected text, got {text!r}", "at_goal = 'hba1c < p(\"hba1c\")'")
        elif PLACEHOLDER.fullmatch(f"{{{name}}}") is None:
            reader.wrong(inner, f"{name!r} cannot stand in braces", "a name of letters, digits, _ and -")
        else:
            _unknown_in(text, found, reader, inner)
            found[name] = _put_in(text, found)
    return found


def _unused(texts: Mapping[str, str], rest: Any, listed: Any, reader: ValueReader, spot: Spot) -> None:
    used = names_in(rest) | names_in(list(listed.values()) if isinstance(listed, dict) else [])
    for name in texts.keys() - used:
        reader.wrong(spot.inner(name), "nobody uses it", f"write {{{name}}} where it is meant, or leave it out")


def _unknown(value: Any, texts: Mapping[str, str], reader: ValueReader, spot: Spot) -> None:
    """Collect names in braces that are not shared, wherever they stand."""
    match value:
        case str():
            _unknown_in(value, texts, reader, spot)
        case list() | dict():
            for key, each in value.items() if isinstance(value, dict) else enumerate(value):
                _unknown(each, texts, reader, spot.inner(key))


def _unknown_in(text: str, texts: Mapping[str, str], reader: ValueReader, spot: Spot) -> None:
    for name in sorted(names_in(text) - texts.keys()):
        at = spot.source.at(spot.path)
        message = f"{{{name}}} is not among the [shared] texts above it"
        reader.shape.append(Fault("unknown_shared", spot.place, message, did_you_mean(name, texts), at))


def _put_in(value: Any, texts: Mapping[str, str]) -> Any:
    """Put shared texts in: as they are where they are the whole of a text, else in brackets."""
    match value:
        case str() if "{" in value:
            whole = PLACEHOLDER.fullmatch(value)
            if whole is not None and whole[1] in texts:
                return texts[whole[1]]
            return PLACEHOLDER.sub(lambda found: f"({texts[found[1]]})" if found[1] in texts else found[0], value)
        case list():
            return [_put_in(each, texts) for each in value]
        case dict():
            return {name: _put_in(each, texts) for name, each in value.items()}
    return value


def _at(tables: Any, path: Path) -> Any:
    for key in path:
        tables = tables[key]
    return tables


# WRITING


@frozen
class Folding:
    """Puts ``{name}`` for every text that is a shared one, and remembers which were.

    Attributes
    ----------
    by_text
        The shared texts as they are written, and as an expression is written that says the same.
    found
        The names that were put, in a dictionary for want of an ordered set.
    """

    by_text: Mapping[str, SharedText]
    found: dict[str, None] = field(factory=dict)

    @property
    def used(self) -> dict[str, str]:
        """The texts that were put, and those that stand in them, by name and in the order in which they are shared."""
        every = list({text.name: text for text in self.by_text.values()}.values())
        written: dict[str, str] = {}
        wanted = set(self.found)
        for place in range(len(every) - 1, -1, -1):
            one = every[place]
            if one.name in wanted:
                # Only texts above it stand in it; what stands lower may hold what stands higher.
                text, inner = _named_in(one.text, every[:place][::-1])
                written[one.name] = text
                wanted |= inner
        return dict(reversed(written.items()))

    def __call__(self, value: Any) -> Any:
        """Give a value, table or list with shared texts named."""
        if not self.by_text:
            return value
        match value:
            case str() if value in self.by_text:
                name = self.by_text[value].name
                self.found[name] = None
                return f"{{{name}}}"
            case list() | tuple():
                return [self(each) for each in value]
            case dict():
                return {name: self(each) for name, each in value.items()}
        return value


def _named_in(text: str, others: Iterable[SharedText]) -> tuple[str, set[str]]:
    """Give a text with others named where they were put in, and their names."""
    found = set()
    for other in others:
        if text == other.text:
            return f"{{{other.name}}}", {other.name}
        if f"({other.text})" in text:
            text = text.replace(f"({other.text})", f"{{{other.name}}}")
            found.add(other.name)
    return text, found


def folding(texts: Iterable[SharedText], writer: Writer) -> Folding:
    """Give how shared texts are named again where a disease is written."""
    by_text: dict[str, SharedText] = {}
    for text in texts:
        by_text[text.text] = text
        with suppress(DefinitionError):
            # One that is only a part of an expression is named where it was given to a fragment as it stands.
            by_text[writer.expression(parse(text.text, writer.disease, writer.quantities))] = text
    return Folding(by_text)
