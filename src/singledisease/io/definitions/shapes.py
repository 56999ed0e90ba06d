"""The shape of a disease's TOML file, as it is written, before its expressions are read."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from functools import cache
from typing import Any

from attrs import field, fields, frozen
from cattrs import ClassValidationError, Converter, ForbiddenExtraKeysError, transform_error
from cattrs.gen import make_dict_structure_fn, override

from singledisease.definitions.citation import Names
from singledisease.errors import DefinitionError, Fault, did_you_mean

Amount = str | float
"""How long a timing is: the name of a parameter, or a number."""


@frozen(kw_only=True)
class CitationShape:
    """``[citations.ID]``."""

    title: Names
    place: str = ""
    year: int | None = None


@frozen(kw_only=True)
class DatedShape:
    """One of ``values`` of a parameter."""

    value: float
    valid_from: dt.date | None = None


@frozen(kw_only=True)
class ParameterShape:
    """``[parameters.NAME]``: one ``value``, or ``values`` by date."""

    names: Names
    citation: str
    status: str
    value: float | None = None
    values: list[DatedShape] = field(factory=list)
    unit: str = ""
    policy: str = ""
    note: str = ""


@frozen(kw_only=True)
class QuantityShape:
    """``[quantities.NAME]``."""

    unit: str
    low: float
    high: float
    zh: str
    en: str


@frozen(kw_only=True)
class StateShape:
    """``[pathway.states.ID]``."""

    stage: str
    zh: str
    en: str
    managed: bool = False
    refer: bool = False
    next_step: Names | None = None


@frozen(kw_only=True)
class SignalShape:
    """One of ``[[pathway.signals]]``."""

    id: str
    zh: str
    en: str
    kinds: list[str] = field(factory=list)
    when: str | None = None
    citation: str = ""


@frozen(kw_only=True)
class TransitionShape:
    """One of ``[[pathway.transitions]]``; ``from`` is a word of Python's, so the field has another name."""

    sources: list[str]
    on: str
    to: str
    another_day: bool = False
    after_days: int = 0
    citation: str = ""


@frozen(kw_only=True)
class AfterShape:
    """``after = { months = … }`` or ``{ days = … }``."""

    days: Amount | None = None
    months: Amount | None = None


@frozen(kw_only=True)
class TimingShape:
    """One of ``[[pathway.timings]]``."""

    id: str
    zh: str
    en: str
    states: list[str]
    after: AfterShape
    met_by_kinds: list[str] = field(factory=list)
    met_by: str | None = None
    repeats: bool = False
    breach: bool = True
    leads_to: str | None = None
    citation: str = ""


@frozen(kw_only=True)
class ServiceShape(TimingShape):
    """One of ``[[services]]``: a timing, and who does it where for whom."""

    role: str
    levels: list[str]
    applies: str | None = None


@frozen(kw_only=True)
class TargetShape:
    """``[targets.ID]``."""

    zh: str
    en: str
    columns: list[str]
    goal: str
    citation: str = ""


@frozen(kw_only=True)
class PathwayShape:
    """``[pathway]``."""

    initial: str
    died: str
    states: dict[str, StateShape]
    signals: list[SignalShape]
    transitions: list[TransitionShape]
    timings: list[TimingShape] = field(factory=list)
    sequence: str = "person"


@frozen(kw_only=True)
class DiseaseShape:
    """The whole file."""

    id: str
    version: str
    names: Names
    codes: list[str]
    pathway: PathwayShape
    citations: dict[str, CitationShape] = field(factory=dict)
    parameters: dict[str, ParameterShape] = field(factory=dict)
    quantities: dict[str, QuantityShape] = field(factory=dict)
    roles: dict[str, Names] = field(factory=dict)
    services: list[ServiceShape] = field(factory=list)
    targets: dict[str, TargetShape] = field(factory=dict)


def shape_from(text: str, name: str = "") -> DiseaseShape:
    """Read TOML into its shape.

    Raises
    ------
    DefinitionError
        If it is no TOML, or with every key that is missing, unknown or of the wrong type.
    """
    try:
        return _converter().structure(tomllib.loads(text.replace("\r\n", "\n")), DiseaseShape)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        fault = Fault("no_toml", name, str(error), "see https://toml.io for how TOML is written")
        raise DefinitionError(f"{name or 'this text'} is no TOML", [fault]) from None
    except ClassValidationError as error:
        faults = [_fault(line) for line in transform_error(error, path="", format_exception=_format)]
        raise DefinitionError(f"{name or 'this definition'} cannot be read", faults) from None


def _fault(line: str) -> Fault:
    message, _, path = line.rpartition(" @ ")
    place = re.sub(r"\['([^']*)'\]", r".\1", path).strip(".").replace("sources", "from")
    return Fault("file_shape", place or "the file", message)


def _format(error: BaseException, type: type | None) -> str:
    if isinstance(error, KeyError):
        return f"the key {str(error.args[0])!r} is missing"
    if isinstance(error, ForbiddenExtraKeysError):
        known = ["from" if each.name == "sources" else each.name for each in fields(error.cl)]
        keys = (f"the key {key!r} is not known; {did_you_mean(key, known)}" for key in sorted(error.extra_fields))
        return ", ".join(keys)
    return str(error) or repr(error)


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    for kind, allowed in _STRICT.items():
        converter.register_structure_hook(kind, _strict(allowed))
    # cattrs would take the first type of a union that can be made, and any iterable as a list: a forgotten
    # bracket would make letters of a name.
    converter.register_structure_hook_func(lambda kind: kind in (Amount, Amount | None), _strict((str, int, float)))
    converter.register_structure_hook_func(lambda kind: kind == list[str], _texts)
    hook = make_dict_structure_fn(
        TransitionShape, converter, _cattrs_forbid_extra_keys=True, sources=override(rename="from")
    )
    converter.register_structure_hook(TransitionShape, hook)
    return converter


_STRICT: dict[type, tuple[type, ...]] = {
    str: (str,),
    bool: (bool,),
    int: (int,),
    float: (int, float),
    dt.date: (dt.date,),
}
_WORDS = {str: "text", bool: "true or false", int: "a whole number", float: "a number", dt.date: "a date"}


def _strict(allowed: tuple[type, ...]) -> Any:
    """Make a hook that takes only these types: cattrs itself would turn 5 into "5" and "yes" into true."""

    def take(value: Any, _: Any) -> Any:
        is_bool = isinstance(value, bool)
        wrong = (is_bool and bool not in allowed) or isinstance(value, dt.datetime)
        if wrong or not isinstance(value, allowed):
            words = " or ".join(
                dict.fromkeys(_WORDS[each] for each in allowed if each is not int or float not in allowed)
            )
            raise TypeError(f"{value!r} is not {words}")
        return float(value) if float in allowed and isinstance(value, int) else value

    return take


def _texts(value: Any, _: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError(f'{value!r} is not a list of texts; write ["…", "…"]')
    return value
