"""One self-contained HTML page of a scorecard as it may be published: what was not disclosed is not on it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Any

from singledisease.dates import iso
from singledisease.definitions.measure import name_of_group
from singledisease.definitions.resolve import Resolved
from singledisease.io.optional_imports import needed
from singledisease.report import sections
from singledisease.report.sections import Grid, PageCell
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.disclosed import Disclosed, disclose
from singledisease.scorecard.show import MARK


def published_page(score: Scorecard, *, suppress_below: int | None = None, round_to: int | None = None) -> str:
    """Write the page of a scorecard with small counts withheld and counts rounded; needs the ``report`` extra.

    It shows the figures as a whole and by the scorecard's strata, and the people of every group.  What holds counts
    that were not disclosed is left out, and said to be.

    Parameters
    ----------
    score
        What is shown.
    suppress_below, round_to
        As in ``disclose``.

    Raises
    ------
    MissingExtraError
        If jinja2 is not installed.
    UsageError
        If neither number is given.
    """
    jinja2 = needed("jinja2", "report")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    source = resources.files("singledisease.report").joinpath("published.html.j2").read_text("utf-8")
    whole = disclose(sections.whole(score), suppress_below=suppress_below, round_to=round_to)
    by_strata = disclose(score, suppress_below=suppress_below, round_to=round_to) if score.by else None
    page: str = environment.from_string(source).render(
        periods=", ".join(period.name for period in score.periods),
        known_until=iso(score.known_until),
        notes=list(zip(whole.notes("zh"), whole.notes("en"), strict=True)),
        whole=sections.figures(whole),
        strata=None if by_strata is None else sections.figures(by_strata),
        strata_name=sections.by_names(score.by),
        groups=groups(whole),
        remarks=whole.remarks,
        policies=[_policy(resolved) for resolved in score.measures],
    )
    return page


def groups(shown: Disclosed) -> Grid:
    """Give the people of every group of every measure, as they may be shown."""
    heads = (("指标", "Measure"), ("统计期", "Period"), ("分组", "Group"), ("人数", "People"))
    return Grid(heads, tuple(_groups(shown)))


def _groups(shown: Disclosed) -> Iterator[tuple[PageCell, ...]]:
    for resolved in shown.measures:
        names = resolved.measure.names
        for cell in shown.cells(resolved):
            for group, people in cell.groups.items():
                called = name_of_group(group)
                number = MARK if people is None else f"{people:,}"
                yield (
                    PageCell(names.zh, en=names.en),
                    PageCell(cell.period.name),
                    PageCell(called.zh, en=called.en),
                    PageCell(number, numeric=True),
                )


def _policy(resolved: Resolved) -> dict[str, Any]:
    measure = resolved.measure
    chosen = ", ".join(f"{name}={option}" for name, option in resolved.policy.items())
    return {
        "names": measure.names,
        "id": measure.id,
        "version": measure.version,
        "status": measure.status,
        "policy": chosen,
    }
