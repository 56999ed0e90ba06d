"""What a call names, made into what is worked with: a measure by id or value, its diseases, a policy, a period."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from singledisease import catalogue, dates
from singledisease.conformance.valued import Definition
from singledisease.dates import Period
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.derived import Derived
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import check_policy, resolve
from singledisease.errors import Fault, UsageError, did_you_mean, require_kind

AnyMeasure = Countable | str
"""A measure, ratio or distribution, or the id of one of the catalogue's, such as ``hypertension.control``."""


def measure_of(named: AnyMeasure | Derived) -> Countable:
    """Give a measure by value or id.

    Raises
    ------
    UsageError
        If the catalogue has none of that id, or it is made of other figures: it has no groups to tell apart.

    >>> measure_of("hypertension.control").version
    '2017.1'
    """
    found = any_measure_of(named)
    if isinstance(found, Derived):
        message = "由其他指标的数值算出，不涉及个人 / is made of other figures, without groups that could be told apart"
        raise UsageError(f"{found.id}: {message}", [Fault("derived", found.id, "ask of", ", ".join(found.measures))])
    return found


def any_measure_of(named: AnyMeasure | Derived) -> Countable | Derived:
    """Give a measure, or a figure made of others, by value or id; raises ``UsageError`` for an unknown id."""
    if not isinstance(named, str):
        require_kind(named, *get_args(Countable), Derived, way='"hypertension.control", sd.measures(…)[0]')
        return named
    # Sets are read one after the other: most are not needed.
    found = next((one for one in _shipped() if one.id == named), None)
    if found is None:
        hint = did_you_mean(named, [one.id for one in _shipped()])
        raise UsageError("没有此指标 / no such measure:", [Fault("unknown_measure", named, "is not shipped", hint)])
    return found


def _shipped() -> Iterator[Countable | Derived]:
    for name in catalogue.measure_sets():
        yield from catalogue.measure_set(name)


def known(diseases: Mapping[str, Disease] | Iterable[Disease] | None) -> Mapping[str, Disease]:
    """Give the diseases and processes of the catalogue, with further ones before them."""
    own = {} if diseases is None else diseases
    named = dict(own) if isinstance(own, Mapping) else {one.id: one for one in own}
    return ChainMap(named, catalogue.definitions())  # type: ignore[arg-type]


def period_of(asked: Period | str) -> Period:
    """Give a period by value or as it is written."""
    return dates.period(asked) if isinstance(asked, str) else asked


def definition_of(measure: Countable, diseases: Mapping[str, Disease], policy: Mapping[str, str]) -> Definition:
    """Resolve a measure; raises ``UsageError`` for a policy that it does not have."""
    check_policy((measure,), diseases, policy)
    resolved = resolve(measure, diseases, policy)
    return Definition(resolved.measure, resolved.diseases)
