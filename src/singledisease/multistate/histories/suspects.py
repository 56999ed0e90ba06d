"""States that look like a code for "censored": people enter them and never leave, and they compete with the others."""

from __future__ import annotations

from typing import Any

import numpy as np

from singledisease.multistate.histories.histories import Histories

CENSORED = ("censor", "censored", "censoring", "cens", "删失", "截尾")
NOTHING = ("0", "0.0", "false", "-1", "-1.0", "-9", "-9.0", "-99", "-99.0", "none", "no event", "未发生")
"""What stands for no event among codes of causes: 0, and numbers below it that mean missing."""


def looks_censored(stays: Histories) -> tuple[Any, ...]:
    """Return the states that look like a code for "censored".

    A state called so is one.  So is 0, or -1, where people enter it beside other states and nobody is ever at risk in
    it: with codes of causes these are the usual signs of a censored time.

    >>> from singledisease.multistate.histories.histories import histories
    >>> looks_censored(histories([0, 0, 0], [1, 2, 3], ["well"] * 3, ["0", "1", "2"]))
    ('0',)
    >>> looks_censored(histories([0, 0, 0], [1, 2, 3], ["well"] * 3, ["-1", "1", "2"]))
    ('-1',)
    """
    number = len(stays.states)
    entered = np.bincount(stays.target + 1, minlength=number + 1)[1:] > 0
    only_entered = entered & (np.bincount(stays.source, minlength=number) == 0)
    return tuple(
        name
        for code, name in enumerate(stays.states)
        if str(name).lower() in CENSORED or (only_entered[code] and entered.sum() > 1 and str(name).lower() in NOTHING)
    )


def censoring_note(state: Any) -> str:
    """Say what a state is that looks like a code for "censored", and the ways out."""
    return (
        f"{state!r} is a state here, which competes with the others: a stay is censored if its to_state is missing; "
        "durations with codes of causes are for competing_risks"
    )
