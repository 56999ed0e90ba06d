"""The rates of a simulated county: made up, plausible, and written down beside what they made."""

from __future__ import annotations

from attrs import Attribute, field, fields, frozen

from singledisease.errors import UsageError


def _share(_: object, attribute: Attribute[float], value: float) -> None:
    if not 0 <= value <= 1:
        raise UsageError(f"rates: {attribute.name}={value} is no share; write a number from 0 to 1")


@frozen(kw_only=True)
class Rates:
    """Shares from 0 to 1; none is a finding about any real population.

    Attributes
    ----------
    sick
        Of all people, who have a disease, for each disease on its own.
    at_start
        Of the sick, who are enrolled in the first weeks; the others have to be found by screening.
    at_goal
        Of readings at follow-ups, which are at goal, on average over people.
    differing
        How much people differ in that: 0 not at all, towards 1 some are always at goal and some never.
    phone, no_reading
        Of follow-ups, which are by phone; of the others, at which nothing was measured.
    adverse_reaction, complication, emergency
        Of follow-ups, at which such a thing is found.
    recorded_lost, stopped
        After each follow-up: a lost event follows; the person stays away for more than a year without one.
    found
        Of attempts to reach a lost person, which succeed.
    moved, refused, misdiagnosed
        After each follow-up: the person is closed for that reason.
    died
        In a year, of all people.
    checkup
        Of people due for one, who get it at the next occasion.
    late, withdrawn, slips
        Of events: recorded days later; rows added that are withdrawn later;
        rows added with a slip of the pen, to be refused.
    """

    sick: float = field(default=0.55, validator=_share)
    at_start: float = field(default=0.6, validator=_share)
    at_goal: float = field(default=0.62, validator=_share)
    differing: float = field(default=0.4, validator=_share)
    phone: float = field(default=0.12, validator=_share)
    no_reading: float = field(default=0.05, validator=_share)
    adverse_reaction: float = field(default=0.02, validator=_share)
    complication: float = field(default=0.01, validator=_share)
    emergency: float = field(default=0.005, validator=_share)
    recorded_lost: float = field(default=0.01, validator=_share)
    stopped: float = field(default=0.02, validator=_share)
    found: float = field(default=0.25, validator=_share)
    moved: float = field(default=0.008, validator=_share)
    refused: float = field(default=0.004, validator=_share)
    misdiagnosed: float = field(default=0.003, validator=_share)
    died: float = field(default=0.012, validator=_share)
    checkup: float = field(default=0.8, validator=_share)
    late: float = field(default=0.05, validator=_share)
    withdrawn: float = field(default=0.003, validator=_share)
    slips: float = field(default=0.001, validator=_share)

    def to_dict(self) -> dict[str, float]:
        """Give the rates by name."""
        return {one.name: getattr(self, one.name) for one in fields(Rates)}
