"""Names in two languages, sources, and parameters: every number of a definition says where it is from."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from attrs import field, frozen

Status = Literal["confirmed", "unverified", "provisional", "proposal"]
STATUSES: tuple[Status, ...] = ("confirmed", "unverified", "provisional", "proposal")


@frozen
class Names:
    """What a thing is called in Chinese and in English.

    >>> name = Names("高血压", "hypertension")
    >>> name.in_language("zh"), name.en
    ('高血压', 'hypertension')
    """

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Give the name in ``zh`` or ``en``."""
        return self.zh if language == "zh" else self.en


@frozen
class Citation:
    """A source: its id within the definition, title, where it says it, and the year of the edition."""

    id: str
    title: Names
    place: str = ""
    year: int | None = None


@frozen(kw_only=True)
class DatedValue:
    """A value and the first day on which it holds; ``None`` holds from the beginning."""

    value: float
    valid_from: dt.date | None = None


@frozen(kw_only=True)
class Parameter:
    """A named number with unit, source and how sure it is.

    Attributes
    ----------
    values
        One value, or several by the day from which each holds.
    policy
        Name of the policy by which a user may set this value, or blank.
    """

    name: str
    names: Names
    values: tuple[DatedValue, ...]
    unit: str = ""
    citation: str
    status: Status
    policy: str = ""
    note: str = field(default="")
