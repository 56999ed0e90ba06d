"""Institution by institution: all figures of one beside those of all."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from singledisease.report.sections import Cells, Grid, PageCell, figures, whole
from singledisease.scorecard.card import Scorecard

_INSTITUTION, _RATE = 2, 3
_NOT_SAID = "(未注明 / not said)"


@frozen
class InstitutionRates:
    """The figures of one institution: each rate with that of all beside it."""

    name: str
    grid: Grid


def by_institution(score: Scorecard) -> Iterator[InstitutionRates]:
    """Give the figures of each institution, with the rate of all beside its own; none unless by institution."""
    if score.by != ("institution",):
        return
    names = _names(score)
    every = figures(score)
    of_all = {(row[0], row[1]): row[_RATE - 1] for row in figures(whole(score)).rows}
    rows: dict[str, list[Cells]] = {}
    for row in every.rows:
        here = of_all.get((row[0], row[1]), PageCell(""))
        beside = PageCell(here.text, numeric=True)
        kept = (*row[:_INSTITUTION], row[_RATE], beside, *row[_RATE + 1 :])
        rows.setdefault(row[_INSTITUTION].text, []).append(kept)
    heads = (
        *every.heads[:_INSTITUTION],
        every.heads[_RATE],
        ("全部", "All"),
        *every.heads[_RATE + 1 :],
    )
    for key, found in rows.items():
        yield InstitutionRates(names.get(key, key) or _NOT_SAID, Grid(heads, tuple(found)))


def _names(score: Scorecard) -> dict[str, str]:
    institutions = score.institutions
    found = zip(institutions.ids, institutions.columns.get("name", ()), strict=False)
    return {key: f"{name} ({key})" for key, name in found if name}
