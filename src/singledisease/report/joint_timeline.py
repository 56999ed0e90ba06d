"""Several diseases of one person along one line of time: their states below each other, events and readings once."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from attrs import evolve

from singledisease.catalogue import joint_tier, joint_tier_ids
from singledisease.clinic.course import Day
from singledisease.clinic.joint_courses import JointCourses
from singledisease.clinic.joint_due import JointDue
from singledisease.clinic.joint_level import days_of_change
from singledisease.dates import asked_day
from singledisease.definitions.citation import Names
from singledisease.definitions.joint_tier import JointTier
from singledisease.explanation.joint_way import joint_way
from singledisease.report.along_time import (
    CHART,
    ROW,
    TOP,
    Band,
    Scale,
    axis,
    bands,
    bars,
    both,
    chart,
    framed,
    heading,
    key,
    readings_of,
    states_drawn,
    visits,
)
from singledisease.report.timeline import HEADINGS
from singledisease.tables import Table


def joint_timeline(courses: JointCourses, on: Day | None = None, tiers: Sequence[JointTier] | None = None) -> str:
    """Draw the courses of one person as HTML, up to a day; left out: the last day of which anything is known.

    ``tiers`` are of several diseases, drawn as bands of colour; left out: the person's colour.
    """
    counted = courses.courses[0].counted
    if not counted:
        return f"<h4>{html.escape(courses.person.id)}</h4><p>尚无事件 / nothing has happened yet</p>"
    known = courses.courses[0].known_until
    last = asked_day("on", on) if on is not None else counted[-1].date if known is None else known
    joined = tuple(map(joint_tier, joint_tier_ids())) if tiers is None else tuple(tiers)
    way = joint_way(courses, last, tiers=joined)
    stands = "".join(f"<li>{html.escape(both(level.reason))}</li>" for level in way.levels) + "".join(
        f"<li>{html.escape(both(one.disease))}: {html.escape(both(one.state.names))}</li>" for one in way.stands
    )
    goals = "".join(f"<li>{html.escape(both(one.reason))}</li>" for one in way.goals)
    text = html.escape(way.to_text("zh") + "\n\n" + way.to_text("en"))
    return "".join(
        (
            f"<h4>{html.escape(courses.person.id)} · {way.on}</h4><ul>{stands}</ul>",
            f'<div style="overflow-x:auto">{_picture(courses, Scale(counted[0].date, last), joined)}</div>',
            _due(way.due, way.names),
            f"<p>目标 / goals</p><ul>{goals}</ul>" if goals else "",
            f"<details><summary>经过 / in words</summary><pre>{text}</pre></details>",
        )
    )


def _due(due: Sequence[JointDue], names: Mapping[str, Names]) -> str:
    """List what is due, one visit a row with all that it serves."""
    rows = [
        (
            "; ".join(f"{both(names[served.disease])}: {both(served.due.names)}" for served in one.serves),
            one.due,
            one.overdue or None,
            "; ".join(both(role.names) for role in one.roles) or None,
        )
        for one in due
    ]
    if not rows:
        return "<p>无待办 / nothing is due</p>"
    return Table.of_rows(("item", "by", "overdue", "who"), rows, headings=HEADINGS)._repr_html_()


def _picture(courses: JointCourses, scale: Scale, tiers: Sequence[JointTier]) -> str:
    parts, y = [*axis(scale)], TOP
    for tier in tiers:
        if given := _bands(courses, tier, scale):
            parts += bands(tier.names, given, scale, y)
            y += ROW
    for course in courses.courses:
        if not course.history:
            continue
        parts.append(heading(course.disease.names, y))
        parts += bars(course, scale, y + ROW)
        y += ROW * (1 + len(states_drawn(course, scale))) + 10
    parts += visits(courses.courses[0].counted, scale, y)
    y += ROW
    drawn: set[str] = set()
    for course in courses.courses:
        for column, readings in readings_of(course).items():
            if column not in drawn:
                drawn.add(column)
                parts += chart(course, column, readings, scale, y)
                y += CHART
    parts += key(y)
    return framed(parts, y + ROW)


def _bands(courses: JointCourses, tier: JointTier, scale: Scale) -> list[Band]:
    """Give the stretches of time in which the person had a level, each in its colour; unknown is left white."""
    found: list[Band] = []
    for day in days_of_change(courses.courses, tier, scale.last):
        level = courses.level(tier, day).level
        names = _UNKNOWN if level is None else level.names
        if found and found[-1].names == names:
            continue
        if found:
            found[-1] = evolve(found[-1], end=day)
        fill = "" if level is None else _FILLS.get(level.colour, level.colour or _FILLS["grey"])
        found.append(Band(day, scale.last + 1, fill, names))
    return [band for band in found if band.fill]


_UNKNOWN = Names("未知", "unknown")
_FILLS = {"green": "#4c9f50", "yellow": "#f2c230", "red": "#c9352b", "grey": "#9aa5b1"}
"""Shades that are told apart by the lightness too."""
