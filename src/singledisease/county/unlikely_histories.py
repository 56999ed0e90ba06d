"""Histories that hardly happened as they are written: after a death, too often, or with nobody seen.

The numbers of days and rows are proposals of this project: each only decides what somebody is asked to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import numpy as np

from singledisease.county.log_rows import IrregularRows, LogRows
from singledisease.dates import MISSING, iso
from singledisease.definitions.citation import Names
from singledisease.eventlog.columns import Numbers

NEAR, SOON, LONG = 7, 30, 3 * 366
"""Days within which referrals are perhaps one, a contract ends at once, and none should be longer."""
ALIKE, CROWDED = 5, 5
"""How many readings running are alike, and how many visits within a week are many."""
_ENDED = frozenset({"cancelled", "terminated"})
_SERVICES = ("follow_up", "checkup", "education", "rehabilitation", "vaccination")


def after_death(rows: LogRows) -> Iterator[IrregularRows]:
    """Find what is dated later than the person died."""
    died = rows.log.people.death.astype(np.int64)
    died[died == MISSING] = np.iinfo(np.int64).max
    reason, day = rows.texts("reason"), rows.log.date
    for row in rows.of("exit"):
        if reason[row] == "died":
            died[rows.person[row]] = min(died[rows.person[row]], day[row])
    later = [row for row in rows.of() if day[row] > died[rows.person[row]]]
    for person, found in groupby(later, key=lambda row: int(rows.person[row])):
        first, *others = found
        on = iso(int(died[person]))
        why = Names(f"已于 {on} 死亡", f"died on {on}")
        yield IrregularRows(what="after_death", row=first, others=tuple(others), reason=why)


def shared_links(rows: LogRows) -> Iterator[IrregularRows]:
    """Find links under which referrals of several people are written."""
    by_link: dict[str, list[int]] = {}
    for (_, link), found in rows.links().items():
        by_link.setdefault(link, []).append(found[0])
    for link, found in by_link.items():
        if len(found) > 1:
            why = Names(f"{link} 有 {len(found)} 个人的转诊", f"{link} has referrals of {len(found)} people")
            yield IrregularRows(what="shared_link", row=found[0], others=tuple(found[1:]), reason=why)


def split_over_days(rows: LogRows) -> Iterator[IrregularRows]:
    """Find referrals up that follow another for the same disease within a week, before anything became of that."""
    status, day, places, tag = rows.texts("status"), rows.log.date, rows.texts("institution"), rows.texts("disease")
    last: dict[tuple[int, str], tuple[int, list[int]]] = {}
    sent = [(found[0], submitted) for submitted in rows.links().values() if (found := rows.submitted(submitted))]
    for row, link in sorted(sent):
        whose = int(rows.person[row]), tag[row]
        before, its = last.get(whose, (row, []))
        went_on = any(status[one] not in {"", "submitted"} and day[one] <= day[row] for one in its)
        same = day[before] == day[row] and places[before] == places[row]
        if its and not went_on and not same and day[row] - day[before] <= NEAR:
            gap = int(day[row] - day[before])
            why = Names(
                f"{gap} 天内再次上转，前单尚无结果", f"sent up again within {gap} days, before anything came of it"
            )
            yield IrregularRows(what="split_referral", row=row, others=(before,), reason=why)
        last[whose] = row, link


def returned_unseen(rows: LogRows) -> Iterator[IrregularRows]:
    """Find referrals that went up and came down although nobody arrived, and nobody was seen."""
    status, direction, links = rows.texts("status"), rows.texts("direction"), rows.texts("link")
    day = rows.log.date
    seen = {(int(rows.person[row]), links[row]) for row in rows.of("encounter", "admission", "discharge") if links[row]}
    for key, found in rows.links().items():
        up = rows.submitted(found)
        down = [row for row in found if status[row] == "down_referred" or (direction[row] == "down" and row not in up)]
        arrived = key in seen or any(status[row] == "arrived" for row in found)
        if up and down and not arrived and day[down[0]] >= day[up[0]]:
            why = Names("未到诊、未接诊即下转", "sent down though nobody arrived or was seen")
            yield IrregularRows(what="returned_unseen", row=down[0], others=(up[0],), reason=why)


def odd_contracts(rows: LogRows) -> Iterator[IrregularRows]:
    """Find contracts that end before they begin, last longer than three years, or were ended within a month."""
    status, until, day = rows.texts("status"), rows.days("until"), rows.log.date
    signed: dict[int, int] = {}
    for row in rows.of("contract"):
        person = int(rows.person[row])
        if status[row] in _ENDED:
            first = signed.pop(person, None)
            if first is not None and day[row] - day[first] <= SOON:
                days = int(day[row] - day[first])
                why = Names(f"签约 {days} 天后解约", f"ended {days} days after it was signed")
                yield IrregularRows(what="short_contract", row=row, others=(first,), reason=why)
            continue
        signed[person] = row
        if until[row] == MISSING:
            continue
        last = iso(int(until[row]))
        if until[row] < day[row]:
            why = Names(f"有效期至 {last}，早于签约日", f"valid until {last}, before the day it was signed")
            yield IrregularRows(what="impossible_contract", row=row, reason=why)
        elif until[row] - day[row] < SOON:
            days = int(until[row] - day[row]) + 1
            why = Names(f"只有效 {days} 天", f"in force for {days} days only")
            yield IrregularRows(what="short_contract", row=row, reason=why)
        elif until[row] - day[row] > LONG:
            why = Names(f"有效期至 {last}，超过三年", f"valid until {last}, more than three years")
            yield IrregularRows(what="long_contract", row=row, reason=why)


def written_twice(rows: LogRows) -> Iterator[IrregularRows]:
    """Find a service of one person, day, team and disease that stands under several records."""
    record, team, item, tag = (rows.texts(name) for name in ("record", "team", "item", "disease"))
    found: dict[tuple[object, ...], list[int]] = {}
    for row in rows.of(*_SERVICES):
        if record[row]:
            key = int(rows.person[row]), int(rows.log.date[row]), rows.kind[row], item[row], team[row], tag[row]
            found.setdefault(key, []).append(row)
    for first, *others in found.values():
        other = tuple(row for row in others if record[row] != record[first])
        if other:
            why = Names(f"同日同一服务有 {len(other) + 1} 条记录", f"{len(other) + 1} records of one service and day")
            yield IrregularRows(what="written_twice", row=first, others=other, reason=why)


def same_readings(rows: LogRows) -> Iterator[IrregularRows]:
    """Find readings of pressure that stay the very same for several days running."""
    columns = [rows.log.columns.get(name) for name in ("sbp", "dbp")]
    sbp, dbp = (one.values if isinstance(one, Numbers) else np.full(len(rows.log), np.nan) for one in columns)
    read = [row for row in rows.of("follow_up", "measurement", "checkup") if not np.isnan(sbp[row] + dbp[row])]
    for key, run in groupby(read, key=lambda row: (int(rows.person[row]), float(sbp[row]), float(dbp[row]))):
        found = list(run)
        if len({int(rows.log.date[row]) for row in found}) >= ALIKE:
            why = Names(
                f"连续 {len(found)} 次均为 {key[1]:g}/{key[2]:g}", f"{len(found)} times running {key[1]:g}/{key[2]:g}"
            )
            yield IrregularRows(what="same_readings", row=found[0], others=tuple(found[1:]), reason=why)


def crowded_visits(rows: LogRows) -> Iterator[IrregularRows]:
    """Find follow-ups of one person by one team on many days of a week."""
    team, found = rows.texts("team"), dict[tuple[int, str], list[int]]()
    for row in rows.of("follow_up"):
        found.setdefault((int(rows.person[row]), team[row]), []).append(row)
    for visits in found.values():
        crowd = _crowd([int(rows.log.date[row]) for row in visits])
        if crowd:
            first, *others = [visits[place] for place in crowd]
            why = Names(f"7 天内随访 {len(crowd)} 次", f"{len(crowd)} follow-ups within 7 days")
            yield IrregularRows(what="crowded_visits", row=first, others=tuple(others), reason=why)


def _crowd(days: Sequence[int]) -> list[int]:
    """Give the places of the first visits that stand on many days of one week; the days ascend."""
    for first, day in enumerate(days):
        week = [place for place in range(first, len(days)) if days[place] < day + NEAR]
        if len({days[place] for place in week}) >= CROWDED:
            return week
    return []


UNLIKELY: tuple[Callable[[LogRows], Iterator[IrregularRows]], ...] = (
    after_death,
    shared_links,
    split_over_days,
    returned_unseen,
    odd_contracts,
    written_twice,
    same_readings,
    crowded_visits,
)
