"""One self-contained HTML page of a scorecard, in Chinese and English: nothing in it is fetched from anywhere."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from attrs import evolve, frozen

from singledisease.comparison.sensitivity import Sensitivity
from singledisease.comparison.since_frozen import SinceFrozen
from singledisease.dates import Period, iso
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.joint_tier import JointTier
from singledisease.definitions.resolve import Resolved
from singledisease.io.optional_imports import needed
from singledisease.report import charts, colours, moved, ordered_rules, readings, sections
from singledisease.report.by_institution import by_institution
from singledisease.report.chosen_people import Chosen, anchor_of, chosen_people, list_of
from singledisease.report.diagrams import svg, table
from singledisease.report.explanation_blocks import Blocks, blocks_of, for_page
from singledisease.report.flows import Followed, passage
from singledisease.report.institution_tree import institution_tree
from singledisease.report.side_by_side import side_by_side
from singledisease.scorecard.card import Scorecard, parts_of

LARGE = 20_000
"""Figures (measures × strata) from which on a page shows institutions, and all that is folded, only on demand."""
SHOWN = 30
"""So many figures of everybody stand in a large page before all of them, which are folded."""
MOST_PEOPLE = 100
"""How many people a page with rows holds, unless another number is asked for."""


def page(
    score: Scorecard,
    *,
    months: Scorecard | None = None,
    cohorts: Iterable[Followed] = (),
    sensitivities: Iterable[Sensitivity] = (),
    coloured: tuple[JointTier, Iterable[Followed]] | None = None,
    beside: Mapping[str, Scorecard] | None = None,
    since: SinceFrozen | None = None,
    joint: str = "",
    rows: bool = False,
    most: int = MOST_PEOPLE,
) -> str:
    """Write the page of a scorecard; needs the ``report`` extra.

    It shows the figures as a whole and by the scorecard's strata, institutions beside each other, who counts and who
    does not, who went from state to state, the policies in force, what became of the rows that were read, and the
    pathways.  No person is named, unless ``rows`` is asked for: then a note at the top says so.  Of many institutions
    and measures each is shown on demand.

    Parameters
    ----------
    score
        What is shown; the last of several periods is the one in which institutions are compared.
    months
        The same measures from the first day on to the end of each month, to show the way there.
    cohorts
        One of each disease, or counts of one step alone, to show who went from which state to which.
    sensitivities
        Measures under other readings of their contested words, each shown as a picture and a table.
    coloured
        A tier of several diseases, such as a person's colour, and a cohort of each disease that follows its people
        from level to level of it.
    beside
        Scorecards of other sets of measures by the name of their set; that of ``score`` stands first, under its own.
    since
        What moved since a result was frozen.
    joint
        The timeline of a person with several diseases as HTML (``report.joint_timeline``), shown as an example: give it
        only of somebody who does not exist, or with leave.
    rows
        Lead from each figure of the last period to its people, and from them to their explanations; show who moved,
        and refused rows with what stood in them.
    most
        How many people stand on the page with their explanations; it says how many were left out.

    Raises
    ------
    MissingExtraError
        If jinja2 is not installed.
    UsageError
        With ``rows``, if the scorecard was made of counts alone.
    """
    jinja2 = needed("jinja2", "report")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters["packed"] = packed
    is_large = _is_large(score)
    people = _people(score, most) if rows else None
    names = {one.measure.id: one.measure.names for one in score.measures}
    page: str = environment.from_string(_file("page.html.j2")).render(
        **_content(score, months, cohorts, people, is_large=is_large),
        readings=[*map(readings.section, sensitivities)],
        colours=None if coloured is None else colours.section(*coloured),
        institutions=[] if is_large else [*by_institution(score)],
        is_large=is_large,
        tree=packed(institution_tree(score)) if is_large and score.by == ("institution",) else "",
        rolled=score.leaves is not None,
        joint=joint,
        large_script=_file("large_page.js") if is_large else "",
        beside=_beside(score, beside or {}),
        since=None if since is None else moved.section(since, names, rows=rows),
        refusals=sections.refusals(score.reports) if rows else None,
        people=people,
        script=_file("people.js") if rows else "",
    )
    return page


def _is_large(score: Scorecard) -> bool:
    return sum(len(block.strata) for block in score.counts.blocks.values()) > LARGE


def packed(text: str) -> str:
    """Give a text compressed, in letters that may stand in a page: what a folded part of a large page holds.

    >>> len(packed("<tr><td>0</td></tr>" * 1000)) < 200
    True
    """
    return b64encode(zlib.compress(text.encode(), 9)).decode("ascii")


def _file(name: str) -> str:
    return resources.files("singledisease.report").joinpath(name).read_text("utf-8")


@frozen
class _People:
    """The people of a page with rows: the groups they are listed in, and their blocks."""

    chosen: Chosen
    blocks: Blocks
    anchors: frozenset[str]
    ids: str
    made: Mapping[str, _Made]


@frozen
class _Made:
    """A figure made of others: where the page says of which, and of each its names and where its people stand."""

    anchor: str
    names: Names
    parts: tuple[tuple[Names, str], ...]


def _people(score: Scorecard, most: int) -> _People:
    period = score.periods[-1]
    chosen = chosen_people(score, period, most)
    found = blocks_of(score, chosen, period)
    lists = {one.number: list_of(one.number) for one in chosen.groups}
    anchors = frozenset((*(one.anchor for one in chosen.groups), *lists.values()))
    return _People(chosen, found, anchors, for_page(found.ids), _made(score, lists))


def _made(score: Scorecard, lists: Mapping[int, str]) -> dict[str, _Made]:
    """Say of each figure made of others which of them have people on the page."""
    places = {one.measure.id: m for m, one in enumerate(score.measures)}
    parts = {
        one.id: tuple(
            (score.measures[places[name]].measure.names, lists[places[name]])
            for name in one.measures
            if places.get(name) in lists
        )
        for one in score.derived
    }
    return {
        one.id: _Made(f"made-{i}", one.names, parts[one.id]) for i, one in enumerate(score.derived) if parts[one.id]
    }


def _links(score: Scorecard, people: _People | None) -> sections.Links:
    places = {one.measure.id: m for m, one in enumerate(score.measures)}

    def link(measure: str, period: Period, group: str) -> str:
        if people is None or period != score.periods[-1]:
            return ""
        if measure not in places:
            return people.made[measure].anchor if measure in people.made else ""
        anchor = anchor_of(places[measure], group) if group else list_of(places[measure])
        return anchor if anchor in people.anchors else ""

    return link


def _beside(score: Scorecard, beside: Mapping[str, Scorecard]) -> dict[str, Any] | None:
    if not beside:
        return None
    known = {one.id: one for each in beside.values() for one in _diseases(each)}
    others = list(beside.items())[1:]
    return {
        "rates": side_by_side(beside, {one.id: one for one in _diseases(score)} | known),
        "sets": [(name, sections.figures(sections.whole(each)), each.remarks) for name, each in others],
    }


def _content(
    score: Scorecard, months: Scorecard | None, cohorts: Iterable[Followed], people: _People | None, *, is_large: bool
) -> dict[str, Any]:
    parts_of(score)
    reports = score.reports
    whole, links = sections.whole(score), _links(score, people)
    every = sections.figures(whole, links)
    return {
        "periods": ", ".join(period.name for period in score.periods),
        "registered": sum(held.people for held in score.contents),
        "events": sum(held.events for held in score.contents),
        "known_until": iso(score.known_until),
        "whole": every,
        "shown": evolve(every, rows=every.rows[:SHOWN]) if is_large else every,
        "remarks": score.remarks,
        "strata": sections.figures(score) if score.by and score.by != ("institution",) and not is_large else None,
        "compared": [] if is_large else list(sections.compared(score)),
        "many": charts.ROWS,
        "months": None if months is None else sections.months(months),
        "passages": [found for found in map(passage, cohorts) if found is not None],
        "strata_name": sections.by_names(score.by),
        "ordered_rules": ordered_rules.section(score),
        "attrition": sections.attrition(whole, links),
        "policies": [_policy(resolved) for resolved in score.measures],
        "rows_read": sections.rows_read(reports),
        "checks": sections.checks(reports),
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
