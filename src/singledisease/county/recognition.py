"""Whether an existing result is taken instead of a repeat, and why, or why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from attrs import frozen

from singledisease.clinic.due import Due
from singledisease.clinic.record import PersonRecord
from singledisease.county.item_results import fulfilling, results_of
from singledisease.county.recognition_rules import RecognisedItem, RecognitionRules
from singledisease.dates import asked_day, date_of, iso
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Service
from singledisease.errors import UsageError, require_kind
from singledisease.eventlog.event import Event

Day = dt.date | str | int


@frozen(kw_only=True)
class Conflict:
    """Two rows that say different things of what looks like one examination; which is right is for people to say."""

    item: str
    one: Event
    other: Event
    columns: tuple[str, ...]


@frozen(kw_only=True)
class Recognition:
    """The answer for one item on one day.

    Attributes
    ----------
    item
        The item that is needed; ``None`` if something is due that no item's result fulfils.
    satisfied
        Whether a result is there that is taken; ``None`` where its systems contradict each other.
    result
        The latest result, taken or not.
    age_days, valid_until
        How old it is, and the last day on which it may be taken.
    elsewhere
        Whether it is from another institution than the one that asks, if both are known.
    reason
        Why, in Chinese and English.
    conflicts
        Results of one examination that differ.
    entry
        The event by which the recognition is entered; ``None`` where nothing is taken, or the result is the asking
        institution's own.
    """

    item: RecognisedItem | None
    satisfied: bool | None
    result: Event | None
    age_days: int | None
    valid_until: dt.date | None
    elsewhere: bool | None
    reason: Names
    conflicts: tuple[Conflict, ...] = ()
    entry: Event | None = None


def recognition(
    record: PersonRecord,
    needed: str | Due,
    on: Day,
    rules: RecognitionRules,
    *,
    at: str = "",
    reasons: Sequence[str] = (),
) -> Recognition:
    """Say whether an existing result satisfies a test that is needed on a day.

    Parameters
    ----------
    record
        The person and their events.
    needed
        An item of the rules, or what is due of a course: then of all items the latest result that fulfils the service.
    on
        The day on which the test is needed.
    rules
        ``sd.recognition_rules()``, or your own.
    at
        The institution that asks.
    reasons
        Reasons for which the test is done again all the same, such as ``("emergency",)``; each is one of the rules'.

    Raises
    ------
    UsageError
        If the rules have no such item or reason, what is due is no service, or it is neither an item nor what is due
        of one course.

    >>> import singledisease as sd
    >>> record = sd.PersonRecord.start("P1", birth_date="1950-01-01")
    >>> record = record.after(sd.Event("test", "2024-03-01", institution="H1", hba1c=7.1))
    >>> rules = sd.recognition_rules()
    >>> sd.recognition(record, "hba1c", "2024-04-01", rules, at="T1").satisfied
    True
    >>> sd.recognition(record, "hba1c", "2024-09-01", rules, at="T1").reason.en
    'the result of 2024-03-01 is 184 days old, and may be 90'
    """
    require_kind(record, PersonRecord, way="sd.PersonRecord.of_log(log, …)")
    require_kind(rules, RecognitionRules, way="sd.recognition_rules()")
    day, told = asked_day("on", on), [rules.reason(name) for name in reasons]
    events = record.counted(day)
    require_kind(needed, str, Due, way='"hba1c", due.serves[0].due')
    if isinstance(needed, str):
        item: RecognisedItem | None = rules.item(needed)
        results = results_of(record, events, rules.item(needed))
    else:
        item, results = fulfilling(record, events, rules, _service(needed))
    if item is None or not results:
        return _nothing(item, needed)
    found, age = results[-1], day - results[-1].date
    conflicts = conflicts_of(item, results)
    satisfied: bool | None = True
    reason = Names(f"采用{iso(found.date)}的结果", f"the result of {iso(found.date)} is taken")
    changes = () if rules.changed is None else rules.changed.matching(record.person, events)
    objection = _objection(item, found, day, changes, conflicts)
    if told:
        satisfied, reason = False, Names("；".join(r.names.zh for r in told), "; ".join(r.names.en for r in told))
    elif objection is not None:
        satisfied, reason = objection
    elsewhere = found.get("institution") != at if at and found.get("institution") else None
    taken = satisfied and elsewhere is not False
    return Recognition(
        item=item,
        satisfied=satisfied,
        result=found,
        age_days=age,
        valid_until=date_of(found.date + item.valid_days),
        elsewhere=elsewhere,
        reason=reason,
        conflicts=conflicts,
        entry=_entry(item, day, at) if taken else None,
    )


def _service(due: Due) -> Service:
    if due.service is None:
        raise UsageError(f"{due.item} 不是一项服务 / is no service; name an item of the rules")
    return due.service


def _objection(
    item: RecognisedItem, result: Event, day: int, changes: Iterable[Event], conflicts: Iterable[Conflict]
) -> tuple[bool | None, Names] | None:
    """Give what speaks against a result: its age, a change since, another result of the same examination."""
    if day - result.date > item.valid_days:
        return False, _too_old(result, day - result.date, item)
    later = next((one for one in changes if one.date > result.date), None)
    if later is not None:
        return False, _since(later, result)
    contradicted = next((one for one in conflicts if result in (one.one, one.other)), None)
    return None if contradicted is None else (None, _contradicted(contradicted))


def _nothing(item: RecognisedItem | None, needed: str | Due) -> Recognition:
    names = item.names if item is not None else needed.names if isinstance(needed, Due) else Names(needed, needed)
    reason = Names(f"没有可用于{names.zh}的结果", f"there is no result for: {names.en}")
    return Recognition(
        item=item, satisfied=False, result=None, age_days=None, valid_until=None, elsewhere=None, reason=reason
    )


def _too_old(result: Event, age: int, item: RecognisedItem) -> Names:
    day, most = iso(result.date), item.valid_days
    return Names(
        f"{day}的结果已{age}天，超过{most}天",
        f"the result of {day} is {age} days old, and may be {most}",
    )


def _since(later: Event, result: Event) -> Names:
    return Names(
        f"{iso(result.date)}出结果后，{iso(later.date)}病情有变化（{later.kind}）",
        f"since the result of {iso(result.date)} the condition changed: {later.kind} on {iso(later.date)}",
    )


def _contradicted(found: Conflict) -> Names:
    columns = ", ".join(found.columns)
    return Names(
        f"{iso(found.one.date)}同一检查有两个不同结果（{columns}），须人工核对",
        f"two results of one examination of {iso(found.one.date)} differ in {columns}: somebody has to look",
    )


def _entry(item: RecognisedItem, day: int, at: str) -> Event:
    return Event("recognition", day, item=item.id, institution=at or None, amount=item.price)


def conflicts_of(item: RecognisedItem, results: Iterable[Event]) -> tuple[Conflict, ...]:
    """Give the pairs of results that look like one examination and differ.

    One examination: the same record, or the same day at places that are not known to be different.
    """
    listed, found = tuple(results), []
    for place, one in enumerate(listed):
        for other in listed[place + 1 :]:
            columns = _differing(item, one, other)
            if columns and _is_one_examination(one, other):
                found.append(Conflict(item=item.id, one=one, other=other, columns=columns))
    return tuple(found)


def _is_one_examination(one: Event, other: Event) -> bool:
    if one.get("record") is not None and one.get("record") == other.get("record"):
        return True
    places = {event.get("institution") for event in (one, other)} - {None}
    return one.date == other.date and one.get("sequence") == other.get("sequence") and len(places) < 2


def _differing(item: RecognisedItem, one: Event, other: Event) -> tuple[str, ...]:
    pairs = [(column, one.get(column), other.get(column)) for column in item.columns]
    return tuple(column for column, a, b in pairs if a is not None and b is not None and a != b)
