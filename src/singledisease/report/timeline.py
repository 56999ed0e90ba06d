"""One person's course as a picture along time: states, readings, visits, and what is due as of the last day known."""

from __future__ import annotations

import html

from singledisease.clinic import Course
from singledisease.dates import iso
from singledisease.eventlog.event import Event
from singledisease.explanation.event_words import event_words
from singledisease.report.along_time import (
    CHART,
    ROW,
    TOP,
    Scale,
    axis,
    bars,
    both,
    chart,
    framed,
    readings_of,
    states_drawn,
    visits,
)
from singledisease.tables import Heading, Table

HEADINGS: dict[str, Heading] = {
    "from": ("自", "from"),
    "to": ("至", "to"),
    "state": ("状态", "state"),
    "cause": ("原因", "cause"),
    "item": ("待办", "due"),
    "by": ("期限", "by"),
    "overdue": ("逾期天数", "days overdue"),
    "who": ("责任人", "who"),
}


def timeline(course: Course) -> str:
    """Draw a course as HTML; there is no clock: what is due is asked on the last day of which anything is known."""
    names, person = course.disease.names, course.person
    title = f"{person.id} · {names.zh} / {names.en} {course.disease.version}"
    if not course.counted:
        return f"<h4>{html.escape(title)}</h4><p>尚无事件 / nothing has happened yet</p>"
    last = course.counted[-1].date if course.known_until is None else course.known_until
    state = course.on(last) or course.state
    stands = f"{iso(last)}: {state.names.zh} / {state.names.en}"
    if state.next_step is not None:
        stands += f" → {state.next_step.zh} / {state.next_step.en}"
    return "".join(
        (
            f"<h4>{html.escape(title)}</h4><p>{html.escape(stands)}</p>",
            f'<div style="overflow-x:auto">{_picture(course, Scale(course.counted[0].date, last))}</div>',
            _due(course, last),
            f"<details><summary>经过 / in words</summary>{_stays(course)._repr_html_()}</details>",
        )
    )


# AS TABLES


def _due(course: Course, last: int) -> str:
    rows = [
        (both(one.names), one.due, one.overdue or None, both(one.role.names) if one.role else None)
        for one in course.due(on=last)
    ]
    if not rows:
        return f"<p>{iso(last)} 无待办 / nothing is due</p>"
    return Table.of_rows(("item", "by", "overdue", "who"), rows, headings=HEADINGS)._repr_html_()


def _stays(course: Course) -> Table:
    rows = [(stay.entered, stay.left, both(stay.state.names), _cause(stay.cause, course)) for stay in course.spells]
    return Table.of_rows(("from", "to", "state", "cause"), rows, headings=HEADINGS)


def _cause(cause: object, course: Course) -> str:
    if isinstance(cause, Event):
        return both(event_words(cause, [course.disease]))
    return "-" if cause is None else both(getattr(cause, "names"))  # noqa: B009 - a timing, the only other cause


# AS A PICTURE


def _picture(course: Course, scale: Scale) -> str:
    parts = [*axis(scale), *bars(course, scale, TOP)]
    y = TOP + ROW * len(states_drawn(course, scale)) + 10
    parts += visits(course.counted, scale, y)
    y += ROW
    for column, readings in readings_of(course).items():
        parts += chart(course, column, readings, scale, y)
        y += CHART
    return framed(parts, y)
