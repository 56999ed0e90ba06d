"""Sets of measures side by side: what each says of the same people, disease by disease."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import Resolved
from singledisease.report.sections import Cells, Grid, PageCell, whole
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.show import cells_of

HEADS = (
    ("病种", "Disease"),
    ("指标集", "Set"),
    ("指标", "Measure"),
    ("率", "Rate"),
    ("95% 置信区间", "95 % interval"),
    ("分子", "Numerator"),
    ("分母", "Denominator"),
    ("其中结果未知", "of them unknown"),
)
_SEVERAL = Names("多病种或不分病种", "several diseases, or none")


@frozen
class _Share:
    set: str
    disease: str
    names: Names
    figures: Mapping[str, Any]


def side_by_side(scores: Mapping[str, Scorecard], diseases: Mapping[str, Disease]) -> Grid:
    """Put the rates of several sets under one another, disease by disease, in the last period.

    Parameters
    ----------
    scores
        By the name of the set, of the same people and periods.
    diseases
        By id, for their names.
    """
    shares = [share for name, score in scores.items() for share in _shares(name, whole(score))]
    order = {name: place for place, name in enumerate(dict.fromkeys(one.disease for one in shares))}
    ordered = sorted(shares, key=lambda one: (not one.disease, order[one.disease]))
    return Grid(HEADS, tuple(_row(one, diseases) for one in ordered))


def _shares(name: str, score: Scorecard) -> Iterator[_Share]:
    for resolved in score.measures:
        if resolved.measure.form == "proportion":
            last = [cell for cell in cells_of(score, resolved) if cell.period == score.periods[-1]]
            for cell in last:
                yield _Share(name, _disease(resolved), resolved.measure.names, cell.figures)


def _disease(resolved: Resolved) -> str:
    return str(getattr(resolved.measure, "disease", "") or "")


def _row(one: _Share, diseases: Mapping[str, Disease]) -> Cells:
    found = one.figures
    names = diseases[one.disease].names if one.disease in diseases else _SEVERAL
    interval = "–" if found["rate"] is None else f"{100 * found['ci_low']:.1f}-{100 * found['ci_high']:.1f} %"
    rate = "–" if found["rate"] is None else f"{100 * found['rate']:.1f} %"
    counts = [PageCell(f"{found[name]:,}", numeric=True) for name in ("numerator", "denominator", "unknown")]
    return (
        PageCell(names.zh, en=names.en),
        PageCell(one.set),
        PageCell(one.names.zh, en=one.names.en),
        PageCell(rate, numeric=True, share=found["rate"]),
        PageCell(interval, numeric=True),
        *counts,
    )
