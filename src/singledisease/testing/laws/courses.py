"""Laws of courses: spells tile observed time, every cause is named, every timing comes to one end."""

from __future__ import annotations

import numpy as np

from singledisease.dates import MISSING, iso
from singledisease.engines.reference import concerns
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import NO_ROW, OUTCOMES, Courses
from singledisease.testing.agreement import story
from singledisease.testing.disagreement import hold


def spells_tile(courses: Courses, log: EventLog) -> None:
    """Check that each person's spells tile their observed time, a day at least each, and name their cause."""
    s = courses.spells
    for number, person in enumerate(courses.whose.tolist()):
        places = range(s.offsets[number], s.offsets[number + 1])
        told = "\n".join(story(courses, log, person))
        first = _observed_from(log, person) if courses.link is None else _linked_from(courses, log, number)
        if first is None or first > courses.until:
            hold(not places, f"a person without observed time has spells\n{told}")
            continue
        hold(places and s.entered[places[0]] == first, f"observed time does not start on {iso(first)}\n{told}")
        hold(s.left[places[-1]] == courses.until + 1, f"the last spell does not end with observed time\n{told}")
        for i in places:
            hold(s.left[i] > s.entered[i], f"a spell takes no time\n{told}")
            caused = s.row[i] != NO_ROW or s.timing[i] != NO_ROW
            hold(caused or i == places[0] or s.entered[i] == log.people.death[person], f"no cause\n{told}")
        for i in places[1:]:
            hold(s.left[i - 1] == s.entered[i], f"spells do not follow each other\n{told}")
            hold(s.state[i - 1] != s.state[i], f"two spells in a row are in one state\n{told}")


def _observed_from(log: EventLog, person: int) -> int | None:
    birth, rows = int(log.people.birth[person]), log.date[log.offsets[person] : log.offsets[person + 1]]
    if birth != MISSING:
        return birth
    return int(rows[0]) if len(rows) else None


def _linked_from(courses: Courses, log: EventLog, number: int) -> int | None:
    """Give the day of the first event of a sequence, ``None`` if somebody had died before."""
    assert courses.owner is not None
    assert courses.link is not None
    person = int(courses.owner[number])
    events = log.events_of(person)
    of_it = [one for one in events if one.get("link") == courses.link[number] and concerns(one, courses.disease)]
    kinds = courses.disease.pathway.begins_with
    first = min(one.date for one in of_it if not kinds or one.kind in kinds)
    died = [one.date for one in events if one.kind == "exit" and one.get("reason") == "died"]
    death = int(log.people.death[person])
    return None if min([*died, death] if death != MISSING else died, default=first) < first else first


def obligations_end(courses: Courses) -> None:
    """Check that every timing that started was met, breached, cancelled or is open, on days that fit.

    Parameters
    ----------
    courses
        With obligations.
    """
    o = courses.obligations
    assert o is not None, "the courses were walked without obligations"
    outcome = {name: o.outcome == code for code, name in enumerate(OUTCOMES)}
    is_open, met, breached = outcome["open"], outcome["met"], outcome["breached"]
    hold(np.add.reduce([*outcome.values()], axis=0).all() or not len(o.outcome), "a timing has no known outcome")
    hold((o.due >= o.started).all(), "a timing was due before the day it started")
    hold(((o.ended == MISSING) == is_open).all(), "a timing is open and has an end, or neither")
    hold((o.ended[~is_open] >= o.started[~is_open]).all(), "a timing ended before it started")
    hold((o.ended[breached] == o.due[breached] + 1).all(), "a timing fell on another day than the first late one")
    hold((o.ended[met] <= o.due[met]).all(), "a timing was met late")
    hold((o.row[met] != NO_ROW).all(), "a timing was met by no event")
    hold((o.due[is_open] >= courses.until).all(), "a timing is open after it was due")
    hold((o.resolved[~breached] == MISSING).all(), "a timing that was not missed was made good")
