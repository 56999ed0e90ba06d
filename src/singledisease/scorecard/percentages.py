"""Percentages that add up to 100, as a table of shares is printed."""

from __future__ import annotations

from collections.abc import Mapping

from singledisease.errors import UsageError, require_kind


def percentages(counts: Mapping[str, int], digits: int = 1) -> dict[str, float | None]:
    """Give the percentage of each group, rounded so that together they are 100.

    What rounding down leaves over goes to the groups that lost most by it, of equal ones to the first (the largest
    remainder).  They are for print: a rate is never made of them.

    Parameters
    ----------
    counts
        Whole numbers by group, none of them negative.
    digits
        How many decimal places.

    Returns
    -------
    dict
        By group, in the same order; ``None`` for each if there is nobody at all.

    Raises
    ------
    UsageError
        For a count that is negative or no whole number, or less than 0 digits.

    >>> percentages({"satisfactory": 1, "unsatisfactory": 1, "lost": 1})
    {'satisfactory': 33.4, 'unsatisfactory': 33.3, 'lost': 33.3}
    """
    require_kind(counts, Mapping, way="sd.percentages(counts, digits)", named="counts")
    if digits < 0:
        raise UsageError(f"expected 0 digits or more, got {digits}")
    for group, count in counts.items():
        if isinstance(count, bool) or count != int(count) or count < 0:
            raise UsageError(f"expected how many there are of {group!r}, got {count!r}")
    total = sum(int(count) for count in counts.values())
    if not total:
        return dict.fromkeys(counts)
    units = 100 * 10**digits
    whole = {group: divmod(int(count) * units, total) for group, count in counts.items()}
    left = units - sum(down for down, _ in whole.values())
    lost_most = sorted(whole, key=lambda group: -whole[group][1])[:left]
    return {group: (down + (group in lost_most)) / 10**digits for group, (down, _) in whole.items()}
