"""Where rows come from, and which days: the words that begin a selection and those that make a window."""

from __future__ import annotations

from typing import Any, Protocol

from singledisease.language import nodes as n
from singledisease.language.row_wrappers import Rows
from singledisease.language.typecheck import checked
from singledisease.language.wrappers import PeriodSpan, Span, node_of, word, words


class HasId(Protocol):
    """Anything with an id: a disease can be named by its id or passed itself."""

    @property
    def id(self) -> str:
        """The id."""
        ...


AnyDisease = str | HasId


def disease_id(disease: AnyDisease) -> str:
    """Give the id of a disease that is named by it or passed itself."""
    return disease if isinstance(disease, str) else word(getattr(disease, "id", disease))


def owned(name: str, disease: AnyDisease) -> tuple[str, str]:
    """Give the disease and the name of something that it declares: ``hypertension.sbp``."""
    owner, own = disease_id(disease), word(name)
    if owner or "." not in own:
        return owner, own
    owner, _, own = own.partition(".")
    return owner, own


# SELECTIONS


def events(*kinds: str) -> Rows:
    """Select all events, or those of the given kinds.

    >>> from singledisease.language.build import column
    >>> events("follow_up").where(column("sbp") < 140).within(PERIOD).count()
    <events("follow_up").where(sbp < 140).within(PERIOD).count()>
    """
    return Rows(checked(n.Events(words(kinds))))


def breaches(disease: AnyDisease) -> Rows:
    """Select the timings of a disease that were missed; ``date`` is the first day on which they were late.

    Columns: ``date``, ``timing`` (its id), ``due``.

    >>> import singledisease as sd
    >>> sd.breaches("hypertension").where(sd.column("timing") == "review").within(sd.PERIOD).count()
    <breaches("hypertension").where(timing == "review").within(PERIOD).count()>
    """
    return Rows(checked(n.Breaches(disease_id(disease))))


def spells(disease: AnyDisease) -> Rows:
    """Select the stays in the states of a disease.

    Columns: ``date`` (entered), ``left`` (the first day no longer in it; missing while it lasts), ``state``, ``stage``,
    ``managed``, ``days``.

    >>> from singledisease.language.build import column
    >>> spells("hypertension").where(column("state") == "lost").last().date
    <spells("hypertension").where(state == "lost").last().date>
    """
    return Rows(checked(n.Spells(disease_id(disease))))


def services(disease: AnyDisease) -> Rows:
    """Select every run of every timing and service of a disease.

    Columns: ``item`` (id of the timing), ``date`` (started), ``due``, ``met`` (when, in time or late), ``role``, and
    ``outcome`` (met, late, missed, cancelled, open).

    >>> from singledisease.language.build import column
    >>> services("hypertension").where(column("outcome") == "missed").within(PERIOD).count()
    <services("hypertension").where(outcome == "missed").within(PERIOD).count()>
    """
    return Rows(checked(n.Services(disease_id(disease))))


def sequences(disease: AnyDisease) -> Rows:
    """Select the linked sequences of a pathway that runs over ``link``: one row each, such as a referral.

    Columns: ``link``, ``date`` and ``institution`` of its first event.

    >>> sequences("referral").within(PERIOD)
    <sequences("referral").within(PERIOD)>
    """
    return Rows(checked(n.Sequences(disease_id(disease))))


def institutions() -> Rows:
    """Select the institutions of the registry: one row each, with the columns that the registry has of them.

    >>> from singledisease.language.build import institution
    >>> institutions().where(institution("level") == "township")
    <institutions().where(institution("level") == "township")>
    """
    return Rows(n.Institutions())


def activities(*kinds: str) -> Rows:
    """Select what institutions did that is about no one person: all of it, or that of the given kinds.

    Columns: ``date``, ``kind``, ``institution``, ``count``, ``staff``, ``from_level``, ``to_level``.

    >>> activities("training").within(PERIOD).same("institution").sum("count")
    <activities("training").within(PERIOD).same("institution").sum("count")>
    """
    return Rows(checked(n.Activities(words(kinds))))


# WINDOWS

PERIOD = PeriodSpan(n.PeriodWindow())
"""The period: a window, with ``PERIOD.start`` and ``PERIOD.end``."""


def months(first: int, last: int) -> Span:
    """Take whole calendar months, counted from the one in which the question is asked, which is 0.

    >>> months(-2, 0)
    <months(-2, 0)>
    """
    return Span(checked(n.CalendarWindow("months", first, last)))


def quarters(first: int, last: int) -> Span:
    """Take whole calendar quarters, counted from the one in which the question is asked, which is 0.

    >>> events("follow_up").within(quarters(0, 0)).exists()
    <events("follow_up").within(quarters(0, 0)).exists()>
    """
    return Span(checked(n.CalendarWindow("quarters", first, last)))


def years(first: int, last: int) -> Span:
    """Take whole calendar years, counted from the one in which the question is asked, which is 0.

    >>> events("checkup").within(years(-1, 0)).exists()
    <events("checkup").within(years(-1, 0)).exists()>
    """
    return Span(checked(n.CalendarWindow("years", first, last)))


def between(start: Any, end: Any) -> Span:
    """Take the days from one to another, both included; ``None`` leaves that side open.

    >>> import singledisease as sd
    >>> first_half = sd.between(sd.PERIOD.start, sd.day("2024-06-30"))
    >>> sd.events("follow_up").within(first_half).count()
    <events("follow_up").within(between(PERIOD.start, day("2024-06-30"))).count()>
    """
    return Span(checked(n.Between(_end(start), _end(end))))


def until(day: Any) -> Span:
    """Take all days up to this one, included.

    >>> events("follow_up").within(until(PERIOD.end)).last().sbp
    <events("follow_up").within(until(PERIOD.end)).last().sbp>
    """
    return between(None, day)


def on(day: Any) -> Span:
    """Take one day.

    >>> events("follow_up").within(on(PERIOD.end)).exists()
    <events("follow_up").within(on(PERIOD.end)).exists()>
    """
    return between(day, day)


def _end(value: Any) -> n.Value | None:
    return None if value is None else node_of(value)
