"""What in a registry looks as if figures or points were made: rows that each may stand, and together want a reason.

Nothing is taken out and nothing counted otherwise: each finding names its rows, for somebody to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
from attrs import frozen

from singledisease.county.log_rows import IrregularRows, LogRows
from singledisease.county.unlikely_histories import UNLIKELY
from singledisease.county.unlikely_recognitions import RECOGNITIONS
from singledisease.dates import MISSING, date_of, iso
from singledisease.definitions.citation import Names
from singledisease.eventlog.columns import Numbers
from singledisease.eventlog.log import EventLog
from singledisease.tables import Heading, Table

HEADINGS: Mapping[str, Heading] = {
    "what": ("疑点", "what"),
    "patient_id": ("患者", "patient"),
    "date": ("日期", "date"),
    "kind": ("类型", "kind"),
    "institution": ("机构", "institution"),
    "link": ("关联号", "link"),
    "reason": ("说明", "why"),
    "rows": ("所在行", "rows"),
}
WHAT: Mapping[str, Heading] = {
    "split_referral": ("拆分转诊", "referral split"),
    "self_referral": ("自转自收", "referral to oneself"),
    "out_of_turn": ("转诊步骤倒置", "referral out of turn"),
    "overlapping_contract": ("重复签约", "contracts overlap"),
    "two_teams": ("同日同项两个团队", "the same by two teams"),
    "copied_result": ("结果疑似复制", "result copied"),
    "back_dated": ("补录过迟", "entered late"),
    "unregistered_institution": ("机构未登记", "institution not registered"),
    "after_death": ("死亡之后的记录", "after the death"),
    "shared_link": ("多人共用关联号", "link of several people"),
    "returned_unseen": ("未见而下转", "sent back unseen"),
    "impossible_contract": ("合同期限倒置", "contract over before it began"),
    "long_contract": ("合同期过长", "contract of many years"),
    "short_contract": ("签后即解约", "contract ended at once"),
    "written_twice": ("同一服务两条记录", "one service, two records"),
    "same_readings": ("读数长期不变", "readings that never change"),
    "crowded_visits": ("随访过密", "visits crowded together"),
    "recognised_nothing": ("无结果而互认", "nothing to recognise"),
    "recognised_twice": ("重复互认", "recognised twice"),
}
_EARLY = ("reviewed", "accepted", "arrived", "down_referred", "received", "closed")
_SERVICES = ("follow_up", "checkup", "education", "rehabilitation", "vaccination")


def list_irregularities(log: EventLog, late_days: int) -> Table:
    """List what wants a reason, person by person, in canonical order.

    Parameters
    ----------
    log
        The registry; rows that were taken back are not looked at.
    late_days
        More days than these between what happened and its entry are told of.
    """
    seen = _Rows(log)
    checks: tuple[Callable[[], Iterator[IrregularRows]], ...] = (
        seen.split_referrals,
        seen.self_referrals,
        seen.out_of_turn,
        seen.overlapping_contracts,
        seen.by_two_teams,
        seen.copied_results,
        lambda: seen.back_dated(late_days),
        seen.unregistered,
        *(partial(check, seen) for check in (*UNLIKELY, *RECOGNITIONS)),
    )
    found = sorted((one for check in checks for one in check()), key=lambda one: (one.row, list(WHAT).index(one.what)))
    called = {"what": WHAT}
    return Table.of_rows(tuple(HEADINGS), [seen.cells(one) for one in found], headings=HEADINGS, called=called)


@frozen(eq=False)
class _Rows(LogRows):
    """The rows of a log, and what of them wants a reason."""

    def cells(self, one: IrregularRows) -> tuple[Any, ...]:
        """Give the cells of a finding."""
        places = [self.log.place(row) for row in (one.row, *one.others)]
        return (
            one.what,
            self.log.people.ids[self.person[one.row]],
            date_of(int(self.log.date[one.row])),
            self.kind[one.row],
            self.texts("institution")[one.row],
            self.texts("link")[one.row],
            f"{one.reason.zh} / {one.reason.en}",
            "; ".join(f"{file}:{line}" for file, line in places),
        )

    # REFERRALS

    def split_referrals(self) -> Iterator[IrregularRows]:
        """Find referrals up of one person by one institution on one day under several links."""
        places, found = self.texts("institution"), dict[tuple[int, int, str], list[int]]()
        for (person, _), rows in self.links().items():
            for row in self.submitted(rows)[:1]:
                found.setdefault((person, int(self.log.date[row]), places[row]), []).append(row)
        for first, *others in found.values():
            if others:
                number = len(others) + 1
                reason = Names(
                    f"同日由同一机构上转 {number} 次", f"sent up {number} times on one day by one institution"
                )
                yield IrregularRows(what="split_referral", row=first, others=tuple(others), reason=reason)

    def self_referrals(self) -> Iterator[IrregularRows]:
        """Find referrals that the institution that wrote them accepted, or where it saw the patient itself."""
        places, status, links = self.texts("institution"), self.texts("status"), self.texts("link")
        seen: dict[tuple[int, str], list[int]] = {}
        for row in self.of("encounter", "admission"):
            if links[row]:
                seen.setdefault((int(self.person[row]), links[row]), []).append(row)
        for key, rows in self.links().items():
            for first in self.submitted(rows)[:1]:
                taken = [row for row in rows if status[row] in {"accepted", "arrived"}] + seen.get(key, [])
                same = tuple(row for row in taken if places[row] and places[row] == places[first])
                if same:
                    reason = Names(f"{places[first]} 转给自己", f"{places[first]} referred to itself")
                    yield IrregularRows(what="self_referral", row=first, others=same, reason=reason)

    def out_of_turn(self) -> Iterator[IrregularRows]:
        """Find referrals of which a later step is dated before the submission, or that were never submitted."""
        status = self.texts("status")
        for rows in self.links().values():
            later = [row for row in rows if status[row] in _EARLY]
            # What is sent down begins with its own submission, of which the later steps are none too early.
            submitted = [row for row in rows if status[row] in {"", "submitted"}]
            if not later or (submitted and self.log.date[submitted[0]] <= self.log.date[later[0]]):
                continue
            day = iso(int(self.log.date[later[0]]))
            when = iso(int(self.log.date[submitted[0]])) if submitted else ""
            zh, en = (f"{when} 才提交", f"submitted on {when}") if when else ("从未提交", "never submitted")
            step = status[later[0]]
            reason = Names(f"{day} 已 {step}，{zh}", f"{step} on {day}, {en}")
            yield IrregularRows(what="out_of_turn", row=later[0], others=tuple(submitted[:1]), reason=reason)

    # CONTRACTS AND SERVICES

    def overlapping_contracts(self) -> Iterator[IrregularRows]:
        """Find contracts signed while an earlier one with another institution or team says that it is in force."""
        status, until = self.texts("status"), self.days("until")
        places, teams = self.texts("institution"), self.texts("team")
        signed: dict[int, list[int]] = {}
        for row in self.of("contract"):
            if status[row] in {"cancelled", "terminated"}:
                signed.pop(int(self.person[row]), None)
                continue
            earlier = signed.setdefault(int(self.person[row]), [])
            same = [one for one in earlier if until[one] != MISSING and until[one] >= self.log.date[row]]
            if same:
                last = iso(int(until[same[-1]]))
                elsewhere = (places[same[-1]], teams[same[-1]]) != (places[row], teams[row])
                zh, en = ("由另一机构或团队", " by another institution or team") if elsewhere else ("", "")
                reason = Names(
                    f"此前合同至 {last}，{zh}再次签约", f"signed again{en} while one until {last} was in force"
                )
                yield IrregularRows(what="overlapping_contract", row=row, others=(same[-1],), reason=reason)
            earlier.append(row)

    def by_two_teams(self) -> Iterator[IrregularRows]:
        """Find a service of one person that two teams wrote down for one day."""
        teams, items, found = self.texts("team"), self.texts("item"), dict[tuple[Any, ...], list[int]]()
        for row in self.of(*_SERVICES):
            if teams[row]:
                key = int(self.person[row]), int(self.log.date[row]), self.kind[row], items[row]
                found.setdefault(key, []).append(row)
        for first, *others in found.values():
            other = [row for row in others if teams[row] != teams[first]]
            if other:
                named = ", ".join(sorted({teams[row] for row in (first, *other)}))
                reason = Names(f"同日同一服务由 {named} 各记一次", f"the same service of one day by each of {named}")
                yield IrregularRows(what="two_teams", row=first, others=tuple(other), reason=reason)

    # RESULTS, DAYS AND PLACES

    def copied_results(self) -> Iterator[IrregularRows]:
        """Find results of one person and day that two institutions or systems hold with the very same numbers."""
        rows = self.of("test", "checkup", "measurement")
        numbers = {name: column.values for name, column in self.log.columns.items() if isinstance(column, Numbers)}
        numbers.pop("amount", None)
        places, sources, found = self.texts("institution"), self.texts("source"), dict[tuple[Any, ...], list[int]]()
        for row in rows:
            said = tuple((name, float(values[row])) for name, values in numbers.items() if not np.isnan(values[row]))
            if said:
                found.setdefault((int(self.person[row]), int(self.log.date[row]), said), []).append(row)
        for first, *others in found.values():
            other = [row for row in others if (places[row], sources[row]) != (places[first], sources[first])]
            if other:
                number = len(other) + 1
                reason = Names(
                    f"{number} 行结果完全相同而来源不同", f"{number} rows with the same numbers from elsewhere"
                )
                yield IrregularRows(what="copied_result", row=first, others=tuple(other), reason=reason)

    def back_dated(self, late_days: int) -> Iterator[IrregularRows]:
        """Find rows that became known much later than they happened."""
        recorded = self.days("recorded")
        for row in self.of():
            late = int(recorded[row]) - int(self.log.date[row])
            if recorded[row] != MISSING and late > late_days:
                reason = Names(f"发生后 {late} 天才录入", f"entered {late} days after it happened")
                yield IrregularRows(what="back_dated", row=row, reason=reason)

    def unregistered(self) -> Iterator[IrregularRows]:
        """Find rows of institutions that the table of institutions does not have; nothing without such a table."""
        known = set(self.log.institutions.ids)
        if not known:
            return
        places = self.texts("institution")
        for row in self.of():
            if places[row] and places[row] not in known:
                reason = Names(f"机构表中没有 {places[row]}", f"{places[row]} is not in the table of institutions")
                yield IrregularRows(what="unregistered_institution", row=row, reason=reason)
