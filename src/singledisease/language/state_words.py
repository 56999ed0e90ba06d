"""States and tiers: in which state, stage or level a person is, on a day or during a window."""

from __future__ import annotations

from typing import Any

from singledisease.errors import DefinitionError, Fault
from singledisease.language import nodes as n
from singledisease.language.sources import AnyDisease, disease_id, owned
from singledisease.language.typecheck import checked
from singledisease.language.wrappers import Expression, InStatus, Span, made, node_of, window_node, word, words


def managed(disease: AnyDisease, *, on: Any = None, during: Any = None) -> Expression:
    """Ask whether a person is managed on a day, or on at least one day of a window.

    >>> from singledisease.language.sources import PERIOD
    >>> managed("hypertension", during=PERIOD)
    <managed("hypertension", during=PERIOD)>
    """
    return _status(n.Status(disease_id(disease), "managed"), on, during)


def in_state(disease: AnyDisease, *states: str, on: Any = None, during: Any = None) -> Expression:
    """Ask whether a person is in one of the states on a day, or on at least one day of a window.

    >>> from singledisease.language.sources import PERIOD
    >>> in_state("hypertension", "lost", on=PERIOD.end)
    <in_state("hypertension", "lost", on=PERIOD.end)>
    """
    return _status(n.Status(disease_id(disease), "state", words(states)), on, during)


def in_stage(disease: AnyDisease, *stages: str, on: Any = None, during: Any = None) -> Expression:
    """Ask whether a person is in one of the stages on a day, or on at least one day of a window.

    >>> from singledisease.language.sources import PERIOD
    >>> in_stage("hypertension", "screening", "diagnosis", during=PERIOD)
    <in_stage("hypertension", "screening", "diagnosis", during=PERIOD)>
    """
    return _status(n.Status(disease_id(disease), "stage", words(stages)), on, during)


def _status(status: n.Status, on: Any, during: Any) -> Expression:
    checked(status)
    _refuse_both(status.disease, on, during)
    if on is not None:
        return made(n.StatusOn(status, node_of(on)))
    if during is not None:
        return made(n.StatusDuring(status, window_node(during)))
    return InStatus(n.StatusOn(status, n.PeriodEnd()), status)


def _refuse_both(disease: str, on: Any, during: Any) -> None:
    if on is not None and during is not None:
        fault = Fault("on_or_during", disease, "this is asked on a day or during a window, not both")
        raise DefinitionError("this expression cannot be asked", [fault])


def days_in(status: Expression, window: Span) -> Expression:
    """Count the observed days of a window on which a status holds: ``days_in(managed("hypertension"), PERIOD)``.

    >>> from singledisease.language.sources import PERIOD
    >>> days_in(managed("hypertension"), PERIOD) >= 180
    <days_in(managed("hypertension"), PERIOD) >= 180>
    """
    if not isinstance(status, InStatus):
        fault = Fault("no_status", repr(status), "is no status", 'write days_in(managed("hypertension"), PERIOD)')
        raise DefinitionError("this expression cannot be asked", [fault])
    return made(n.DaysIn(status.status, window_node(window)))


# TIERS


def tier(name: str, *, disease: AnyDisease = "", on: Any = None) -> Expression:
    """Give the level in which a tier stands at the end of a day, as its id; without a day, at the period's end.

    >>> from singledisease.language.sources import PERIOD
    >>> tier("hypertension.risk", on=PERIOD.start)
    <tier("hypertension.risk", on=PERIOD.start)>
    """
    owner, own = owned(name, disease)
    return made(n.TierOn(owner, own, n.PeriodEnd() if on is None else node_of(on)))


def in_tier(disease: AnyDisease, tier: str, *levels: str, on: Any = None, during: Any = None) -> Expression:
    """Ask whether a tier stands in one of the levels on a day, or on at least one day of a window.

    >>> from singledisease.language.sources import PERIOD
    >>> in_tier("hypertension", "risk", "high", "very_high", during=PERIOD)
    <in_tier("hypertension", "risk", "high", "very_high", during=PERIOD)>
    """
    owner, own = disease_id(disease), word(tier)
    _refuse_both(owner, on, during)
    if during is not None:
        return made(n.TierDuring(owner, own, words(levels), window_node(during)))
    return Expression(n.TierOn(owner, own, n.PeriodEnd() if on is None else node_of(on))).is_in(*levels)
