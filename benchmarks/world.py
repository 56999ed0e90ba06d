"""A county registry of any size, made by NumPy in seconds: not real, but shaped like one.

Nine in ten people are enrolled for hypertension, followed about every quarter in four ways (clinic, home,
phone, blank), checked up yearly, seen, admitted, measured at home, lost, closed; one in twelve events is of
another disease.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING, day_of
from singledisease.eventlog.columns import AnyColumn, Coded, Flags, Numbers
from singledisease.eventlog.log import EventLog, People, Provenance
from singledisease.vocabulary import KINDS

EVENTS_PER_PERSON = 14.5
INSTITUTIONS = 300
FIRST, LAST = day_of("2021-01-01"), day_of("2024-12-31")

_SHARES = {
    "screening": 0.04,
    "appointment": 0.03,
    "call": 0.02,
    "measurement": 0.11,
    "test": 0.04,
    "follow_up": 0.50,
    "checkup": 0.09,
    "encounter": 0.11,
    "admission": 0.012,
    "discharge": 0.012,
    "referral": 0.014,
    "medication": 0.008,
    "rehabilitation": 0.004,
    "lost": 0.004,
    "exit": 0.006,
}
_KINDS = ("", *KINDS)


def make_log(people: int, seed: int = 1) -> EventLog:
    """Make a registry of so many people and 14.5 times as many events."""
    rng = np.random.default_rng(seed)
    birth = rng.integers(day_of("1935-01-01"), day_of("1990-01-01"), people).astype(np.int32)
    person, date, kind = _rows(rng, people)
    rows = len(person)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(person, minlength=people))])
    death = np.full(people, MISSING, np.int32)
    dying = np.flatnonzero(rng.random(people) < 0.02)
    last_row = offsets[dying + 1] - 1
    death[dying] = np.where(offsets[dying + 1] > offsets[dying], date[last_row], LAST) + 1
    return EventLog(
        people=People(
            ids=np.array([f"P{i:08}" for i in range(people)], dtype=object),
            birth=birth,
            death=death,
            death_recorded=death,
            sex=Coded(rng.integers(1, 3, people).astype(np.uint8), ("", "male", "female", "unknown")),
            attributes={
                "institution": Coded(
                    rng.integers(1, INSTITUTIONS + 1, people).astype(np.uint16),
                    ("", *[f"I{i:03}" for i in range(INSTITUTIONS)]),
                )
            },
        ),
        offsets=offsets,
        date=date,
        kind=Coded(kind, _KINDS),
        columns=_columns(rng, kind, person, people),
        source=Provenance(files=("made",), file=np.zeros(rows, np.uint16), line=np.arange(1, rows + 1)),
    )


def make_sparse_log(people: int = 48_000, registered: int = 20_000, visits: int = 14_000, seed: int = 1) -> EventLog:
    """Make a registry as other programmes keep them: most people have no event, others hardly two in three years."""
    rng = np.random.default_rng(seed)
    first, last = day_of("2022-01-01"), day_of("2024-12-31")
    who = np.sort(rng.choice(people, registered, replace=False))
    since = rng.integers(first, last, registered)
    seen = rng.integers(0, registered, visits)
    person = np.concatenate([who, who[seen]])
    date = np.concatenate([since, rng.integers(since[seen], last + 1)])
    visit = np.array([_KINDS.index("follow_up"), _KINDS.index("encounter")])[rng.integers(0, 2, visits)]
    kind = np.concatenate([np.full(registered, _KINDS.index("enrolment")), visit])
    order = np.lexsort((kind, date, person))
    rows = len(order)
    taken = rng.random(rows) < 0.8
    death = np.where(rng.random(people) < 0.01, last - rng.integers(0, 400, people), MISSING).astype(np.int32)
    # Who has an event is alive: nobody is seen after death.
    death[who] = MISSING
    return EventLog(
        people=People(
            ids=np.array([f"P{i:08}" for i in range(people)], dtype=object),
            birth=rng.integers(day_of("1940-01-01"), day_of("1990-01-01"), people).astype(np.int32),
            death=death,
            death_recorded=death,
            sex=Coded(rng.integers(1, 3, people).astype(np.uint8), ("", "male", "female", "unknown")),
            attributes={
                "institution": Coded(
                    rng.integers(1, 41, people).astype(np.uint8), ("", *[f"I{i:03}" for i in range(40)])
                )
            },
        ),
        offsets=np.concatenate([[0], np.cumsum(np.bincount(person, minlength=people))]),
        date=date[order].astype(np.int32),
        kind=Coded(kind[order].astype(np.uint8), _KINDS),
        columns={
            "disease": Coded(np.ones(rows, np.uint8), ("", "hypertension")),
            "sbp": Numbers(np.where(taken, np.round(rng.normal(140, 15, rows)), np.nan)),
            "dbp": Numbers(np.where(taken, np.round(rng.normal(80, 6, rows)), np.nan)),
        },
        source=Provenance(files=("made",), file=np.zeros(rows, np.uint16), line=np.arange(1, rows + 1)),
    )


def _rows(rng: np.random.Generator, people: int) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint8]]:
    """Draw person, day and kind of each row, sorted by all three."""
    enrolled = np.flatnonzero(rng.random(people) < 0.9)
    start = rng.integers(FIRST, LAST - 90, people)
    rest = round(people * EVENTS_PER_PERSON) - 2 * len(enrolled)
    person = np.concatenate([enrolled, enrolled, rng.integers(0, people, rest)])
    days = np.concatenate([start[enrolled], start[enrolled] + 3, rng.integers(FIRST, LAST + 1, rest)])
    names, shares = list(_SHARES), np.array(list(_SHARES.values()))
    codes = np.array([_KINDS.index(name) for name in names])
    drawn = codes[rng.choice(len(names), rest, p=shares / shares.sum())]
    first = np.full(len(enrolled), _KINDS.index("diagnosis"))
    kinds = np.concatenate([first, first + 1, drawn])
    key = (person.astype(np.int64) << 24) | ((days - FIRST).astype(np.int64) << 8) | kinds
    key.sort()
    return key >> 24, ((key >> 8) & 0xFFFF).astype(np.int32) + np.int32(FIRST), (key & 0xFF).astype(np.uint8)


def _columns(
    rng: np.random.Generator, kind: NDArray[np.uint8], person: NDArray[np.int64], people: int
) -> dict[str, AnyColumn]:
    rows = len(kind)
    # Pressures of one person resemble each other: most of the spread is between people.
    usual = rng.standard_normal(people, np.float32)

    def of(*names: str) -> NDArray[np.bool_]:
        return np.isin(kind, [_KINDS.index(name) for name in names])

    def coded(where: NDArray[np.bool_], shares: dict[str, float]) -> Coded:
        categories = ("", *[name for name in shares if name])
        codes = np.zeros(rows, np.uint8)
        drawn = rng.choice(len(shares), int(where.sum()), p=list(shares.values()))
        codes[where] = np.array([categories.index(name) for name in shares], np.uint8)[drawn]
        return Coded(codes, categories)

    def numbers(where: NDArray[np.bool_], mean: float, spread: float, share: float, places: int) -> Numbers:
        values = np.full(rows, np.nan)
        filled = np.flatnonzero(where & (rng.random(rows, np.float32) < share))
        now = 0.8 * usual[person[filled]] + 0.6 * rng.standard_normal(len(filled), np.float32)
        values[filled] = np.round(mean + spread * now, places)
        return Numbers(values)

    def flags(where: NDArray[np.bool_], share: float) -> Flags:
        values = np.full(rows, -1, np.int8)
        values[where] = rng.random(int(where.sum()), np.float32) < share
        return Flags(values)

    seen = of("screening", "follow_up", "checkup", "encounter", "measurement")
    visit = of("follow_up", "checkup")
    everything = np.ones(rows, np.bool_)
    sbp, drawn = numbers(seen, 136, 12, 0.95, 0), numbers(seen, 80, 8, 0.95, 0)
    dbp = Numbers(np.where(drawn.values >= sbp.values, np.nan, drawn.values))
    tag = coded(everything, {"": 0.7, "hypertension": 0.22, "type2-diabetes": 0.08})
    # An enrolment has to name a disease.
    blank = of("enrolment") & (tag.codes == 0)
    named = np.where(blank, np.uint8(tag.categories.index("hypertension")), tag.codes)
    tag = Coded(named, tag.categories)
    return {
        "disease": tag,
        "code": coded(of("diagnosis", "enrolment", "encounter"), {"": 0.5, "I10": 0.45, "E11": 0.05}),
        "mode": coded(of("follow_up"), {"clinic": 0.55, "home": 0.25, "phone": 0.15, "": 0.05}),
        "level": coded(
            of("encounter", "admission", "discharge"), {"township": 0.6, "county": 0.25, "city": 0.1, "": 0.05}
        ),
        "direction": coded(of("referral"), {"up": 0.6, "down": 0.4}),
        "status": coded(of("rehabilitation"), {"": 0.8, "completed": 0.2}),
        "reason": coded(of("exit"), {"moved": 0.5, "refused": 0.3, "misdiagnosed": 0.15, "died": 0.05}),
        "adverse_reaction": flags(of("follow_up"), 0.03),
        "complication": flags(visit, 0.01),
        "emergency": flags(of("encounter"), 0.01),
        "sbp": sbp,
        "dbp": dbp,
        "bmi": numbers(of("checkup"), 24, 3, 0.9, 1),
        "waist": numbers(of("checkup"), 84, 8, 0.9, 0),
        "setting": coded(of("encounter"), {"outpatient": 0.85, "emergency": 0.05, "": 0.1}),
    }
