"""Contracts of one person: where they stand on a day, what was promised and what delivered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from attrs import frozen

from singledisease.clinic.record import PersonRecord
from singledisease.county.contract_rules import ContractRules, PackageItem
from singledisease.county.contract_standing import Contract, ContractEvents, ContractState, ends_all, standing
from singledisease.dates import asked_day, date_of, day_of
from singledisease.errors import require_kind
from singledisease.eventlog.event import Event

Day = dt.date | str | int


@frozen(kw_only=True)
class Delivery:
    """An item of a package within one contract: how often it is promised, and on which days it was delivered."""

    item: PackageItem
    promised: int
    days: tuple[dt.date, ...]

    @property
    def delivered(self) -> int:
        """On how many days it was delivered, also beyond what was promised."""
        return len(self.days)

    @property
    def left(self) -> int:
        """How often it is still owed."""
        return max(0, self.promised - self.delivered)


def contract_state(record: PersonRecord, on: Day, rules: ContractRules) -> ContractState:
    """Give where a person stands with their contract at the end of a day.

    One contract is in force on a day: who signs again while one is in force has the later from that day on, and the
    notes say so.

    Parameters
    ----------
    record
        The person and their events; ``record.as_of(day)`` is what was known then.
    on
        The day; later events are not looked at.
    rules
        ``sd.contract_rules()``, or your own.

    >>> import singledisease as sd
    >>> record = sd.PersonRecord.start("P1", birth_date="1950-01-01")
    >>> record = record.after(sd.Event("contract", "2024-03-01", until="2025-02-28", package="basic"))
    >>> state = sd.contract_state(record, "2025-02-10", sd.contract_rules())
    >>> state.state, str(state.renewal_from)
    ('renewal_due', '2025-01-29')
    """
    require_kind(record, PersonRecord, way="sd.PersonRecord.of_log(log, …)")
    require_kind(rules, ContractRules, way="sd.contract_rules()")
    day = asked_day("on", on)
    person, events = record.person, record.counted(day)
    heard = ContractEvents(
        signed=tuple(rules.signed.matching(person, events)),
        ended=tuple(rules.ended.matching(person, events)),
        left=tuple(one for one in events if ends_all(one)),
        death=person.death,
    )
    return standing(heard, day, rules)


def deliveries(record: PersonRecord, on: Day, rules: ContractRules) -> tuple[Delivery, ...]:
    """Give what the package of the contract that counts on a day promises, and what was delivered of it by then.

    Services are counted by days, from the contract's first to its last valid day.  What one event fulfils of several
    items counts for each.

    Raises
    ------
    UsageError
        If the contract names a package that the rules do not have.

    >>> import singledisease as sd
    >>> record = sd.PersonRecord.start("P1", birth_date="1950-01-01")
    >>> record = record.after(sd.Event("contract", "2024-03-01", package="hypertension"))
    >>> record = record.after(sd.Event("follow_up", "2024-05-01", mode="clinic", sbp=132, dbp=82))
    >>> [(one.item.id, one.delivered, one.left) for one in sd.deliveries(record, "2024-06-01", sd.contract_rules())][0]
    ('follow_up', 1, 3)
    """
    contract = contract_state(record, on, rules).contract
    if contract is None or not contract.package:
        return ()
    last = min(asked_day("on", on), day_of(contract.last))
    events = record.counted(last)
    return tuple(
        Delivery(
            item=item, promised=item.times, days=_days(item.delivered_by.matching(record.person, events), contract)
        )
        for item in rules.package(contract.package).items
    )


def _days(events: Iterable[Event], contract: Contract) -> tuple[dt.date, ...]:
    days = (date_of(event.date) for event in events)
    return tuple(dict.fromkeys(day for day in days if day >= contract.first))
