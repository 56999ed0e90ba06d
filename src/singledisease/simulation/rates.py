"""The rates of a simulated county: made up, plausible, and written down beside what they made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import Attribute, evolve, field, fields, frozen

from singledisease.errors import UsageError, did_you_mean

Check = Callable[[object, "Attribute[Any]", float], None]


def _up_to(most: float, what: str) -> Check:
    def check(_: object, attribute: Attribute[Any], value: float) -> None:
        if not 0 <= value <= most:
            raise UsageError(f"rates: {attribute.name}={value} is no {what}; write a number from 0 to {most:g}")

    return check


_HALF = 0.5
_share, _at_most_half, _mmhg = _up_to(1, "share"), _up_to(_HALF, "share of rows"), _up_to(30, "swing in mmHg")


@frozen(kw_only=True)
class Rates:
    """How often what happens: assumptions of the simulation, no finding about any population and no standard.

    Shares from 0 to 1, except where another unit is named.

    Attributes
    ----------
    sick
        Of all people, who have a disease, for each disease.
    together
        How strongly diseases go together in people: the correlation of having one with having another.
    at_start
        Of the sick, who are enrolled in the first weeks; the others have to be found by screening.
    at_goal
        Of readings at follow-ups, which are meant to be at goal, on average over people, before season and rounding.
    differing
        How much people differ in that: 0 not at all, towards 1 some are always at goal and some never.
    winter
        mmHg by which systolic pressures are above the year's mean in mid-January and below it in mid-July, half as
        much for diastolic ones; 0 is no season.
    rounding, rounding_differs
        Of readings of pressure, which are written with a last digit of 0 though it was another; how much
        institutions differ in that.
    phone, missing
        Of follow-ups, which are by phone; of the others, at which nothing was measured.
    adverse_reaction, complication, emergency
        Of follow-ups, at which such a thing is found.
    unusual
        Of happenings, which are something that this disease hears in the state and that is not of the usual course.
    services
        Of happenings to people under care, which are something else than a visit that the services or the indicators of
        the disease ask for: a test, a drug, a vaccination, seldom an admission.
    recorded_lost, stopped
        After each follow-up: a lost event follows; the person stays away for more than a year without one.
    found
        Of attempts to reach a lost person, which succeed.
    moved, refused, misdiagnosed
        After each follow-up: the person is closed for that reason.
    returned
        Of people who were closed and may be enrolled again, who are, some months later.
    died, reassigned
        In a year, of all people: who die; for whom another institution becomes responsible.
    checkup
        Of people due for one, who get it at the next occasion.
    late, withdrawn, dirty, duplicates
        Of the rows of events in the file, about which share: is recorded days later; was added and withdrawn later;
        will be refused; repeats another row exactly.  ``dirty`` up to a half.
    uncorrected
        Of dirty rows, which nobody wrote again: what happened is then in the truth, but in no row that is accepted.
    impossible
        Of follow-ups at which nothing was measured, where a number stands that none can be: the reading is refused,
        and the follow-up kept.

    >>> never_lost = Rates(recorded_lost=0, stopped=0)
    >>> never_lost.stopped, never_lost.phone
    (0, 0.12)
    >>> Rates(at_goal=62)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    UsageError: rates: at_goal=62 is no share; write a number from 0 to 1
    """

    sick: float = field(default=0.55, validator=_share)
    together: float = field(default=0.2, validator=_share)
    at_start: float = field(default=0.6, validator=_share)
    at_goal: float = field(default=0.62, validator=_share)
    differing: float = field(default=0.4, validator=_share)
    winter: float = field(default=4.0, validator=_mmhg)
    rounding: float = field(default=0.2, validator=_share)
    rounding_differs: float = field(default=0.3, validator=_share)
    phone: float = field(default=0.12, validator=_share)
    missing: float = field(default=0.05, validator=_share)
    adverse_reaction: float = field(default=0.02, validator=_share)
    complication: float = field(default=0.01, validator=_share)
    emergency: float = field(default=0.005, validator=_share)
    unusual: float = field(default=0.01, validator=_share)
    services: float = field(default=0.5, validator=_share)
    recorded_lost: float = field(default=0.01, validator=_share)
    stopped: float = field(default=0.02, validator=_share)
    found: float = field(default=0.25, validator=_share)
    moved: float = field(default=0.008, validator=_share)
    refused: float = field(default=0.004, validator=_share)
    misdiagnosed: float = field(default=0.003, validator=_share)
    returned: float = field(default=0.1, validator=_share)
    died: float = field(default=0.012, validator=_share)
    reassigned: float = field(default=0.02, validator=_share)
    checkup: float = field(default=0.8, validator=_share)
    late: float = field(default=0.05, validator=_share)
    withdrawn: float = field(default=0.003, validator=_at_most_half)
    dirty: float = field(default=0.001, validator=_at_most_half)
    duplicates: float = field(default=0.001, validator=_at_most_half)
    uncorrected: float = field(default=0.0, validator=_share)
    impossible: float = field(default=0.02, validator=_share)

    def __attrs_post_init__(self) -> None:
        """Refuse rates that would leave fewer good rows than bad ones."""
        useless = self.dirty + self.duplicates + self.withdrawn
        if useless > _HALF:
            raise UsageError(
                f"rates: dirty + duplicates + withdrawn = {useless:g} of all rows; at most {_HALF:g} can be simulated"
            )

    def departing(self, some: Mapping[str, float]) -> Rates:
        """Give the rates with some of them changed, by name.

        Raises
        ------
        UsageError
            If there is no rate of a name, or a rate is no share.

        >>> Rates().departing({"winter": 6}).winter
        6
        """
        known = self.to_dict()
        if unknown := [name for name in some if name not in known]:
            told = "; ".join(f"{name!r}, {did_you_mean(name, known)}" for name in unknown)
            raise UsageError(f"没有比率 / there is no rate {told}")
        return evolve(self, **some)

    def to_dict(self) -> dict[str, float]:
        """Give the rates by name."""
        return {one.name: getattr(self, one.name) for one in fields(Rates)}
