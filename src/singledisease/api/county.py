"""What passes between the institutions of a county."""

from __future__ import annotations

from collections.abc import Mapping

from singledisease.api.definitions import AnyDisease
from singledisease.api.definitions import disease as definition_of
from singledisease.api.figures import AnyDay, _check_policies, _day, _known_on
from singledisease.county.unfinished import unfinished as list_unfinished
from singledisease.definitions.resolve import resolve_disease
from singledisease.eventlog.log import EventLog
from singledisease.scorecard.engine import EngineName, engine_named
from singledisease.tables import Table


def unfinished(
    process: AnyDisease,
    log: EventLog,
    *,
    on: AnyDay,
    policy: Mapping[str, str] | None = None,
    as_of: AnyDay | None = None,
    engine: EngineName = "columnar",
) -> Table:
    """List the referrals, or other linked sequences, under way on a day: where each is stuck, and who is to act.

    Parameters
    ----------
    process
        ``referral``, an overlay of it, or a process of your own.
    log
        The registry, as ``read`` gave it.
    on
        The day: what happened later is not taken.
    policy
        Deadlines, such as ``{"accept_days": "2"}``.
    as_of
        List by what was known on that day.
    engine
        ``columnar`` or ``reference``.

    Returns
    -------
    Table
        One row a sequence, the longest overdue first: ``patient_id``, ``link``, ``state``, ``since``, ``days``,
        ``institution`` (of its last event), ``waits_for``, ``role``, ``levels``, ``due``, ``overdue_days``.

    Raises
    ------
    UsageError
        If the pathway runs over people, or there is no such process, policy or engine.

    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}]
    >>> rows = [{"patient_id": "P1", "date": "2024-03-05", "kind": "referral", "link": "R1", "institution": "T1"}]
    >>> table = unfinished("referral", sd.read_frames(people, rows), on="2024-03-10")
    >>> [(row["state"], row["waits_for"], row["institution"], row["overdue_days"]) for row in table]
    [('submitted', 'reviewed', 'T1', 3)]
    """
    one = definition_of(process)
    _check_policies([one], policy)
    seen = _known_on(log, as_of)
    return list_unfinished(seen, resolve_disease(one, policy or {}), _day("on", on), engine_named(engine))
