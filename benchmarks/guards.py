"""The hypertension pathway once more, by hand, for the package ``transitions``: the same guards as plain Python.

Written from the definition, not generated from it: an event is a dictionary of its values, a day a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Event = Mapping[str, Any]
Guard = Callable[[Event], bool]


def _at_least(event: Event, column: str, limit: float) -> bool:
    value = event.get(column)
    return value is not None and value >= limit


def _below(event: Event, column: str, limit: float) -> bool:
    value = event.get(column)
    return value is not None and value < limit


def _face_to_face(event: Event) -> bool:
    return event["kind"] == "follow_up" and event.get("mode") in ("clinic", "home")


def _not_at_goal(event: Event) -> bool:
    return _face_to_face(event) and (
        _at_least(event, "sbp", 150)
        or (_at_least(event, "sbp", 140) and event["age"] < 65)
        or _at_least(event, "dbp", 90)
    )


def _at_goal(event: Event) -> bool:
    return (
        _face_to_face(event)
        and (_below(event, "sbp", 140) or (_below(event, "sbp", 150) and event["age"] >= 65))
        and _below(event, "dbp", 90)
    )


def _very_high(event: Event) -> bool:
    return _at_least(event, "sbp", 180) or _at_least(event, "dbp", 110)


def _is(*kinds: str) -> Guard:
    return lambda event: event["kind"] in kinds


_MEASURED = ("screening", "follow_up", "checkup", "encounter")
_CONTACTS = ("diagnosis", "enrolment", "follow_up", "checkup", "encounter", "admission", "discharge", "rehabilitation")

GUARDS: Mapping[str, Guard] = {
    "exit_misdiagnosed": lambda e: e["kind"] == "exit" and e.get("reason") == "misdiagnosed",
    "exit": lambda e: e["kind"] == "exit" and e.get("reason") != "died",
    "lost": _is("lost"),
    "enrolment": _is("enrolment"),
    "rehabilitation_completed": lambda e: e["kind"] == "rehabilitation" and e.get("status") == "completed",
    "rehabilitation": lambda e: e["kind"] == "rehabilitation" and e.get("status") != "completed",
    "admission": _is("admission"),
    "higher_level_visit": lambda e: e["kind"] == "encounter" and e.get("level") in ("county", "city"),
    "discharge": _is("discharge"),
    "referral_down": lambda e: e["kind"] == "referral" and e.get("direction") == "down",
    "referral_up": lambda e: e["kind"] == "referral" and e.get("direction") == "up",
    "emergency": lambda e: (
        e["kind"] in ("follow_up", "checkup", "encounter") and (_very_high(e) or bool(e.get("emergency")))
    ),
    "emergency_measured": lambda e: e["kind"] == "measurement" and (_very_high(e) or bool(e.get("emergency"))),
    "complication_found": lambda e: e["kind"] in ("follow_up", "checkup") and bool(e.get("complication")),
    "complication_recorded": _is("complication"),
    "complication_encountered": lambda e: e["kind"] == "encounter" and bool(e.get("complication")),
    "elevated_with_adverse_reaction": lambda e: bool(e.get("adverse_reaction")) and _not_at_goal(e),
    "adverse_reaction": lambda e: e["kind"] == "follow_up" and bool(e.get("adverse_reaction")),
    "unsatisfactory": _not_at_goal,
    "satisfactory": _at_goal,
    "face_to_face": _face_to_face,
    "ruled_out": lambda e: e["kind"] in ("diagnosis", "encounter", "follow_up") and e.get("status") == "ruled_out",
    "diagnosed": lambda e: e["kind"] == "diagnosis" and ("disease" in e or "code" in e),
    "severe": lambda e: e["kind"] in _MEASURED and _very_high(e),
    "elevated": lambda e: e["kind"] in _MEASURED and (_at_least(e, "sbp", 140) or _at_least(e, "dbp", 90)),
    "high_risk": lambda e: (
        e["kind"] in _MEASURED
        and (
            _at_least(e, "sbp", 130)
            or _at_least(e, "dbp", 85)
            or _at_least(e, "bmi", 24)
            or _at_least(e, "waist", 90 if e["sex"] == "male" else 85)
            or e["age"] >= 55
        )
    ),
    "contact": _is(*_CONTACTS),
}


def concerns(event: Event) -> bool:
    """Say whether an event concerns hypertension."""
    tag = event.get("disease")
    if tag:
        return "hypertension" in tag.split("|")
    code = event.get("code")
    if code and event["kind"] in ("diagnosis", "enrolment", "complication"):
        return bool(code.startswith(("I10", "I11", "I12", "I13")))
    return True


def is_contact(event: Event) -> bool:
    """Say whether an event starts the clock of silence anew."""
    return event["kind"] in _CONTACTS
