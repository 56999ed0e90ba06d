"""Scores: how near a rate comes to its target, in points, and the sum of several."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Real

from singledisease.definitions.citation import Names
from singledisease.definitions.derived import Derived
from singledisease.errors import UsageError, require_each, require_kind
from singledisease.language.format import number_text

_CITATION = "得分 = 100 × min(1, 率 ÷ 目标) × 权重：县域平台考核的实现口径"


def target_score(
    measure: str,
    *,
    target: float | str,
    weight: float = 1,
    percent: bool = False,
    id: str = "",
    names: Names | None = None,
) -> Derived:
    """Give the figure 100 × min(1, rate ÷ target) × weight of a measure, to be evaluated together with it.

    Parameters
    ----------
    measure
        The id of the measure.
    target
        A number, or the column of institutions that holds it: each institution is measured by its own.
    weight
        By what the 100 points are multiplied.
    percent
        Whether the target is in percent (80) where the rate is a share (0.8).
    id, names
        Of the figure; if not said, those of the measure with ``.score``.

    Raises
    ------
    UsageError
        If the target is 0 or less, or the weight is negative.
    DefinitionError
        If the id or the column cannot be written in a figure.

    >>> target_score("htn.control", target="goal", percent=True, weight=0.4).value
    '100 * min(1, rate("htn.control") / (institution("goal") / 100)) * 0.4'
    """
    require_kind(measure, str, way="sd.target_score(measure, …)", named="measure")
    require_kind(target, Real, str, way="sd.target_score(measure, …)", named="target")
    if not isinstance(target, str) and not target > 0:
        raise UsageError(f"expected a target above 0 for {measure}, got {target}")
    if not weight >= 0:
        raise UsageError(f"expected a weight of 0 or more for {measure}, got {weight}")
    wanted = f'institution("{target}")' if isinstance(target, str) else number_text(float(target))
    wanted = f"({wanted} / 100)" if percent else wanted
    own = id or f"{measure}.score"
    return Derived(
        id=own,
        names=names or Names(f"{measure} 得分", f"{measure}: score"),
        value=f'100 * min(1, rate("{measure}") / {wanted}) * {number_text(float(weight))}',
        unit="points",
        citation=_CITATION,
        status="provisional",
    )


def total_score(scores: Iterable[Derived], *, id: str = "score", names: Names | None = None) -> Derived:
    """Give the sum of scores; where one of them is missing, so is the sum.

    Raises
    ------
    UsageError
        If there is none.

    >>> total_score([target_score("htn.control", target=0.6), target_score("t2dm.control", target=0.6)]).measures
    ('htn.control', 't2dm.control')
    """
    listed = require_each(scores, Derived, way="sd.total_score([sd.target_score(…), …])", named="scores")
    if not listed:
        raise UsageError("expected at least one score to add up, got none")
    return Derived(
        id=id,
        names=names or Names("总得分", "total score"),
        value=" + ".join(f"({one.value})" for one in listed),
        unit="points",
        citation=_CITATION,
        status="provisional",
    )
