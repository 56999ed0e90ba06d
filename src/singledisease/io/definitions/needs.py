"""What a fragment needs of a disease: declared as ``[needs.NAME]``, given where the fragment is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve, frozen

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.errors import Fault, did_you_mean
from singledisease.io.definitions.kinds import FLAG, NAMES, TEXT, TEXTS, Kind
from singledisease.io.definitions.layout import TableLayout, needed, read_table
from singledisease.io.definitions.part_layouts import ZH_EN, names_in
from singledisease.io.definitions.reading import MISSING, Spot, ValueReader

LISTS = ("states", "signals", "kinds", "levels", "columns")
SINGLE = ("state", "signal", "parameter", "citation", "role", "target", "expression", "text")
NEED_KINDS = (*SINGLE, *LISTS, "names", "flag")
"""What a fragment can need."""

NEED = TableLayout(
    name="needs.NAME",
    says=Names("使用片段的病种须提供的内容", "what a disease that uses the fragment has to give"),
    keys=(
        needed("is", TEXT, f"种类：{'、'.join(NEED_KINDS)}", f"its kind: {', '.join(NEED_KINDS)}"),
        *ZH_EN,
    ),
    make=lambda id, values: Need(name=id, kind=values["is"], names=names_in(values)),
    take=lambda part: {"is": part.kind, "zh": part.names.zh, "en": part.names.en},
)
"""Beside these keys ``default`` says what is taken where nothing is given."""


@frozen(kw_only=True)
class Need:
    """One thing that has to be given: its kind, what it is for, and what is taken where nothing is given."""

    name: str
    kind: str
    names: Names
    default: Any = None

    @property
    def reads(self) -> Kind:
        """How what is given is read."""
        return TEXTS if self.kind in LISTS else {"names": NAMES, "flag": FLAG}.get(self.kind, TEXT)

    @property
    def hint(self) -> str:
        """How it is given."""
        shown = {
            "names": '{ zh = "…", en = "…" }',
            "expression": "'…'",
            "flag": "true",
            **dict.fromkeys(LISTS, '["…"]'),
        }
        example = shown.get(self.kind, '"…"')
        return f"{self.name} = {example}"


def given_text(value: Any, language: str) -> str:
    """Say what is given, or taken where nothing is, in one line."""
    match value:
        case Names():
            return value.in_language(language)
        case tuple():
            return ", ".join(value) or ("无" if language == "zh" else "none")
        case bool():
            return str(value).lower()
    return str(value)


@frozen
class NeedAnswer:
    """A need and what was given for it."""

    need: Need
    value: Any
    spot: Spot


def read_needs(declared: Any, reader: ValueReader, spot: Spot) -> dict[str, Need]:
    """Read what a fragment declares that it needs."""
    found: dict[str, Need] = {}
    for name, value in declared.items() if isinstance(declared, dict) else ():
        inner = spot.inner(name)
        rest = {key: each for key, each in value.items() if key != "default"} if isinstance(value, dict) else value
        need = read_table(NEED, reader, rest, inner, name)
        if need is MISSING:
            continue
        if need.kind not in NEED_KINDS:
            reader.wrong(
                inner.inner("is"), f"no kind of need is called {need.kind!r}", did_you_mean(need.kind, NEED_KINDS)
            )
            continue
        default = need.reads.read(reader, value["default"], inner.inner("default")) if "default" in value else None
        found[name] = evolve(need, default=default)
    return found


def answers(
    needs: Mapping[str, Need], given: Mapping[str, Any], reader: ValueReader, spot: Spot
) -> dict[str, NeedAnswer]:
    """Read what a disease gives for each need; what is missing, or was not asked for, is collected as a fault."""
    fragment = spot.place
    for name in given.keys() - needs.keys():
        hint = did_you_mean(name, needs) if needs else "it needs nothing"
        at = spot.source.at((*spot.path, name))
        reader.shape.append(Fault("unknown_need", fragment, f"the fragment does not ask for {name!r}", hint, at))
    found: dict[str, NeedAnswer] = {}
    for name, need in needs.items():
        value = need.reads.read(reader, given[name], spot.inner(name)) if name in given else need.default
        if value is None:
            message = f"the fragment needs {name!r} ({need.names.zh} / {need.names.en})"
            reader.shape.append(Fault("unmet_need", fragment, message, need.hint, spot.source.at(spot.path)))
        elif value is not MISSING:
            found[name] = NeedAnswer(need, value, spot.inner(name))
    return found


def unmet(found: Iterator[NeedAnswer], disease: Disease) -> Iterator[Fault]:
    """Find names that a fragment was given, or takes by default, and that the disease does not have."""
    pathway = disease.pathway
    known: dict[str, list[str]] = {
        "state": [state.id for state in pathway.states],
        "signal": [signal.id for signal in pathway.signals],
        "parameter": [parameter.name for parameter in disease.parameters],
        "citation": [citation.id for citation in disease.citations],
        "role": [role.id for role in disease.roles],
        "target": [target.id for target in disease.targets],
    }
    for answer in found:
        kind = answer.need.kind.removesuffix("s") if answer.need.kind in LISTS else answer.need.kind
        names = answer.value if isinstance(answer.value, tuple) else (answer.value,)
        for name in names if kind in known else ():
            if name not in known[kind] and not name.startswith("@"):
                message = f"no {kind} is called {name!r}, which the fragment needs as {answer.need.name!r}"
                at = answer.spot.source.at(answer.spot.path)
                yield Fault("unmet_need", answer.spot.place, message, did_you_mean(name, known[kind]), at)
