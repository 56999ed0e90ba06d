"""One self-contained HTML page of a scorecard, in Chinese and English: nothing in it is fetched from anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources
from typing import Any

from singledisease.cohorts.cohort import Cohort
from singledisease.comparison.sensitivity import Sensitivity
from singledisease.dates import iso
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import Resolved
from singledisease.io.optional_imports import needed
from singledisease.report import charts, ordered_rules, readings, sections
from singledisease.report.diagrams import svg, table
from singledisease.report.flows import passage
from singledisease.scorecard.card import Scorecard, parts_of


def page(
    score: Scorecard,
    *,
    months: Scorecard | None = None,
    cohorts: Iterable[Cohort] = (),
    sensitivities: Iterable[Sensitivity] = (),
    rows: bool = False,
) -> str:
    """Write the page of a scorecard; needs the ``report`` extra.

    It shows the figures as a whole and by the scorecard's strata, institutions beside each other, who counts and who
    does not, who went from state to state, the policies in force, what became of the rows that were read, and the
    pathways.  No person is named.

    Parameters
    ----------
    score
        What is shown; the last of several periods is the one in which institutions are compared.
    months
        The same measures from the first day on to the end of each month, to show the way there.
    cohorts
        One of each disease, to show who went from which state to which.
    sensitivities
        Measures under other readings of their contested words, each shown as a picture and a table.
    rows
        Show refused rows too, with what stood in them, which may be a person's.

    Raises
    ------
    MissingExtraError
        If jinja2 is not installed.
    """
    jinja2 = needed("jinja2", "report")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    source = resources.files("singledisease.report").joinpath("page.html.j2").read_text("utf-8")
    page: str = environment.from_string(source).render(
        **_content(score, months, cohorts, rows=rows), readings=[*map(readings.section, sensitivities)]
    )
    return page


def _content(score: Scorecard, months: Scorecard | None, cohorts: Iterable[Cohort], *, rows: bool) -> dict[str, Any]:
    parts_of(score)
    reports = score.reports
    whole = sections.whole(score)
    return {
        "periods": ", ".join(period.name for period in score.periods),
        "people": sum(held.people for held in score.contents),
        "events": sum(held.events for held in score.contents),
        "known_until": iso(score.known_until),
        "whole": sections.figures(whole),
        "remarks": score.remarks,
        "strata": sections.figures(score) if score.by else None,
        "compared": list(sections.compared(score)),
        "many": charts.ROWS,
        "months": None if months is None else sections.months(months),
        "passages": [found for found in map(passage, cohorts) if found is not None],
        "strata_name": sections.by_names(score.by),
        "attrition": sections.attrition(whole),
        "ordered_rules": ordered_rules.section(score),
        "policies": [_policy(resolved) for resolved in score.measures],
        "rows_read": sections.rows_read(reports),
        "checks": sections.checks(reports),
        "refusals": sections.refusals(reports) if rows else None,
        "notes": [note for report in reports for note in report.notes],
        "diseases": [_pathway(disease) for disease in _diseases(score)],
    }


def _policy(resolved: Resolved) -> dict[str, Any]:
    measure = resolved.measure
    chosen = ", ".join(f"{name}={option}" for name, option in resolved.policy.items())
    return {
        "names": measure.names,
        "id": measure.id,
        "version": measure.version,
        "policy": chosen,
        "status": measure.status,
        "proposals": ", ".join(resolved.proposals),
    }


def _diseases(score: Scorecard) -> list[Disease]:
    found = {name: disease for resolved in score.measures for name, disease in resolved.diseases.items()}
    return [found[name] for name in sorted(found)]


def _pathway(disease: Disease) -> dict[str, Any]:
    return {
        "names": disease.names,
        "id": disease.id,
        "version": disease.version,
        "tables": {language: sections.grid(table(disease, language)) for language in ("zh", "en")},
        "pictures": {language: _inline(svg(disease, language)) for language in ("zh", "en")},
    }


def _inline(picture: str) -> str:
    """Leave out the name of the notation, which a page needs not, and which looks like something to be fetched."""
    return picture.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)
