"""Words that this reader brings into a log: kinds, columns and statuses of FHIR, which are no slips of the pen."""

from __future__ import annotations

from attrs import evolve

from singledisease.definitions.used_words import UsedWords
from singledisease.eventlog.load_rules import LoadRules

KINDS: tuple[str, ...] = ("procedure", "order", "observation", "unconfirmed_condition")
COLUMNS: tuple[str, ...] = ("display", "disposition", "referred_to", "value")
STATUSES: tuple[str, ...] = (
    *("proposed", "pending", "booked", "arrived", "fulfilled", "cancelled", "noshow", "checked-in", "waitlist"),
    *("draft", "active", "on-hold", "revoked", "completed", "stopped", "ended", "unknown"),
    *("amended", "appended", "disputed", "executable", "executed", "negotiable", "offered", "policy", "rejected"),
    *("renewed", "resolved", "terminated"),
)
"""Statuses of appointments, requests, contracts and coverages in R4."""


def with_reader_words(rules: LoadRules) -> LoadRules:
    """Let rules know the words of FHIR beside those that definitions use."""
    known = rules.known
    if known is None:
        return rules

    def used() -> UsedWords:
        words = known.used()
        return evolve(
            words,
            kinds=words.kinds | set(KINDS),
            columns=words.columns | set(COLUMNS),
            statuses=words.statuses | set(STATUSES),
        )

    return evolve(rules, known=evolve(known, used=used))
