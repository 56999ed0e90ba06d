"""Named counties: what a newcomer would ask for, each a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from attrs import evolve, field, frozen

from singledisease.definitions.citation import Names
from singledisease.errors import UsageError, did_you_mean
from singledisease.simulation import shouguang
from singledisease.simulation.assumptions import Assumption
from singledisease.simulation.enrolled import Enrolment
from singledisease.simulation.exchange import Exchange
from singledisease.simulation.published import Published
from singledisease.simulation.rates import Rates
from singledisease.simulation.smaller_counties import EXACT, SMALLER


@frozen(kw_only=True)
class Preset:
    """A county under a name: how many people, how many institutions, and the rates.

    ``townships`` and ``villages`` (in each township) are left to the number of people where they are ``None``.
    A county too large for one's memory is simulated some people at a time: ``patients`` of ``residents``, after the
    ``before`` who came first.  With an ``enrolment`` the numbers of people enrolled are exact, whatever the rates say
    of the sick, and only they are walked; ``diseases`` are those that people can have if none are named, ``teams`` says
    whether there are any, ``exchange`` how much passes between institutions, ``published`` which counts are made
    exactly, and ``assumptions`` what else the county rests on.

    >>> hamlet = Preset(id="hamlet", patients=40, townships=1, villages=1, rates=Rates(dirty=0))
    >>> hamlet.patients, hamlet.rates.dirty, hamlet.residents
    (40, 0, None)
    """

    id: str
    names: Names = field(factory=lambda: Names("", ""))
    patients: int = 1000
    before: int = 0
    residents: int | None = None
    townships: int | None = None
    villages: int | None = None
    rates: Rates = field(factory=Rates)
    diseases: tuple[str, ...] = ()
    enrolment: Enrolment | None = None
    teams: bool = False
    exchange: Exchange | None = None
    published: Published | None = None
    assumptions: tuple[Assumption, ...] = ()


_CLEAN = Rates(
    missing=0,
    rounding=0,
    late=0,
    withdrawn=0,
    dirty=0,
    duplicates=0,
    impossible=0,
)
_MESSY = Rates(
    missing=0.2,
    rounding=0.5,
    rounding_differs=0.5,
    phone=0.2,
    recorded_lost=0.02,
    stopped=0.04,
    late=0.25,
    withdrawn=0.02,
    dirty=0.05,
    duplicates=0.03,
    uncorrected=0.5,
    impossible=0.2,
)

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        one.id: one
        for one in (
            Preset(
                id="village",
                names=Names("一个村：300 人，一个村卫生室", "one village: 300 people, one village clinic"),
                patients=300,
                townships=1,
                villages=1,
            ),
            Preset(
                id="township",
                names=Names("一个镇：5000 人，五个村卫生室", "one township: 5,000 people, five village clinics"),
                patients=5000,
                townships=1,
                villages=5,
            ),
            Preset(
                id="county",
                names=Names("一个县：10 万人，20 个镇", "a whole county: 100,000 people, 20 townships"),
                patients=100_000,
                townships=20,
                villages=4,
            ),
            Preset(
                id="clean",
                names=Names(
                    "干净：没有拒绝、重复、迟报、撤回、缺测和取整",
                    "nothing refused, twice, late, withdrawn, unmeasured or rounded",
                ),
                rates=_CLEAN,
            ),
            Preset(
                id="messy",
                names=Names(
                    "杂乱：错行、重复、迟报、缺测、取整都多，一半错行没有重录",
                    "much refused, twice, late or rounded; half never written again",
                ),
                rates=_MESSY,
            ),
            Preset(
                id="shouguang",
                names=Names(
                    "寿光：100 万人，28.89 万人纳入 60 个病种，七个首席团队",
                    "Shouguang: 1,000,000 people, 288,900 enrolled for 60 diseases",
                ),
                patients=shouguang.RESIDENTS,
                rates=Rates(at_start=1.0),
                diseases=shouguang.ENROLMENT.diseases,
                enrolment=shouguang.ENROLMENT,
                teams=True,
                exchange=shouguang.EXCHANGE,
                assumptions=shouguang.ASSUMPTIONS,
            ),
            *(
                Preset(
                    id=one.id,
                    names=one.names,
                    patients=one.patients,
                    rates=EXACT,
                    diseases=one.enrolment.diseases,
                    enrolment=one.enrolment,
                    teams=True,
                    published=one.published,
                    assumptions=one.assumptions,
                )
                for one in SMALLER
            ),
        )
    }
)
"""Every preset by id."""


def preset(name: str) -> Preset:
    """Give a preset by id.

    Raises
    ------
    UsageError
        If there is none of this id.

    >>> preset("village").patients
    300
    """
    if name not in PRESETS:
        raise UsageError(f"没有预设 / there is no preset {name!r}; {did_you_mean(name, PRESETS)}")
    return PRESETS[name]


def settled(
    named: str | Preset | None,
    *,
    patients: int | None = None,
    townships: int | None = None,
    villages: int | None = None,
    rates: Rates | Mapping[str, float] | None = None,
    changes: Mapping[str, float | None] = MappingProxyType({}),
) -> Preset:
    """Give what is simulated: a preset, or the default, with what departs from it; ``None`` departs from nothing.

    Raises
    ------
    UsageError
        If there is no such preset or rate, or a rate is no share.
    """
    base = Preset(id="") if named is None else preset(named) if isinstance(named, str) else named
    county: dict[str, Any] = {"patients": patients, "townships": townships, "villages": villages}
    found = evolve(base, **{name: value for name, value in county.items() if value is not None})
    of = rates if isinstance(rates, Rates) else found.rates
    single = {} if rates is None or isinstance(rates, Rates) else dict(rates)
    single |= {name: rate for name, rate in changes.items() if rate is not None}
    return evolve(found, rates=of.departing(single))
