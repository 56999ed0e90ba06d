"""Which quantities are read, and how they are spread over people: made up, no thresholds and no norms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.definitions.disease import Disease
from singledisease.language import nodes as n
from singledisease.language.traversal import inside
from singledisease.simulation.asked_for import quantities_asked
from singledisease.simulation.thresholds import conditions, differences
from singledisease.vocabulary import QUANTITIES, Quantity

_CLOSEST = 15
"""mmHg between the two pressures at least."""

_SHARED = 0.6
"""How closely the two pressures go together: their correlation."""


@frozen
class Spread:
    """The middle of a quantity's values, their standard deviation, and how many decimals are written."""

    middle: float
    deviation: float
    decimals: int


SPREADS: Mapping[str, Spread] = MappingProxyType(
    {
        "sbp": Spread(138, 13, 0),
        "dbp": Spread(84, 9, 0),
        "fpg": Spread(7.0, 1.5, 1),
        "ppg": Spread(9.6, 2.4, 1),
        "glucose": Spread(7.6, 2.2, 1),
        "tc": Spread(4.9, 1.0, 2),
        "tg": Spread(1.7, 0.7, 2),
        "ldl": Spread(2.8, 0.8, 2),
        "hdl": Spread(1.2, 0.3, 2),
        "hba1c": Spread(7.0, 1.1, 1),
        "bmi": Spread(25.0, 3.4, 1),
        "weight": Spread(66, 11, 1),
        "height": Spread(163, 8, 0),
        "waist": Spread(87, 9, 0),
        "heart_rate": Spread(76, 10, 0),
        "temperature": Spread(36.5, 0.4, 1),
        "spo2": Spread(96, 2, 0),
        "egfr": Spread(82, 20, 0),
        "uacr": Spread(60, 50, 1),
    }
)

DECLARED_SPREADS: Mapping[str, Spread] = MappingProxyType(
    {
        "abcd2": Spread(3.5, 1.5, 0),
        "abi": Spread(1.02, 0.14, 2),
        "adl": Spread(24, 9, 0),
        "alt": Spread(32, 22, 0),
        "angina_week": Spread(0.8, 1.2, 0),
        "arm_difference": Spread(1.2, 1.2, 1),
        "arr": Spread(18, 14, 0),
        "ast": Spread(30, 18, 0),
        "barthel": Spread(75, 20, 0),
        "c3": Spread(1.0, 0.25, 2),
        "c4": Spread(0.25, 0.09, 2),
        "carotid_stenosis": Spread(35, 20, 0),
        "ccs": Spread(1, 0.8, 0),
        "chads_vasc": Spread(2.8, 1.4, 0),
        "child_pugh": Spread(6.5, 1.6, 0),
        "cpap_hours": Spread(4.5, 2, 1),
        "creatinine": Spread(84, 30, 0),
        "crp": Spread(6, 8, 0),
        "dlqi": Spread(7, 5, 0),
        "drug_use": Spread(1.7, 0.9, 0),
        "exacerbations_12m": Spread(0.8, 1, 0),
        "fev1_pct": Spread(68, 20, 0),
        "fib4": Spread(1.5, 1, 1),
        "fvc_pct": Spread(78, 18, 0),
        "gad7": Spread(4, 3.5, 0),
        "haq": Spread(0.8, 0.6, 1),
        "has_bled": Spread(1.8, 1.1, 0),
        "hb": Spread(132, 16, 0),
        "inr": Spread(2.4, 0.6, 1),
        "lsm": Spread(7.5, 4, 1),
        "lvef": Spread(54, 11, 0),
        "missed_doses": Spread(2, 3, 0),
        "mmrc": Spread(1.6, 1, 0),
        "mmse": Spread(23, 5, 0),
        "moca": Spread(19, 5, 0),
        "mrs": Spread(1.6, 1.2, 0),
        "nt_probnp": Spread(180, 220, 0),
        "nyha": Spread(1.8, 0.7, 0),
        "odi": Spread(28, 14, 0),
        "phosphate": Spread(1.2, 0.25, 2),
        "phq9": Spread(5, 4, 0),
        "platelets": Spread(205, 60, 0),
        "potassium": Spread(4.3, 0.45, 1),
        "schirmer": Spread(8, 5, 0),
        "schober": Spread(4, 1.5, 1),
        "sige": Spread(150, 140, 0),
        "trab": Spread(2, 3, 1),
        "tsh": Spread(2.6, 1.8, 1),
        "ulcer_area": Spread(3, 4, 0),
        "upcr": Spread(900, 900, 0),
        "vas_pain": Spread(3.5, 2.2, 0),
        "walking_distance": Spread(450, 250, 0),
        "wbc": Spread(6.5, 2, 1),
        "zbi": Spread(28, 14, 0),
    }
)
"""Of quantities that diseases declare: about the numbers they are compared with they would be grave too often."""


def quantities_of(disease: Disease) -> tuple[Quantity, ...]:
    """Give the quantities that a reading has: of the targets, of the disease's own, of services and indicators.

    If there are none, those of which a condition speaks.
    """
    known = {**QUANTITIES, **{one.name: one for one in disease.quantities}}
    named = [
        part.name
        for condition in conditions(disease)
        for part in inside(condition)
        if isinstance(part, n.Column) and part.name in known
    ]
    own = {one.name for one in disease.quantities}
    wanted = [column for target in disease.targets for column in target.columns if column in known]
    wanted += [name for name in named if name in own]
    wanted += [name for name in quantities_asked(disease) if name in known]
    return tuple(known[name] for name in dict.fromkeys(wanted or named))


def spread_of(quantity: Quantity, disease: Disease) -> Spread:
    """Give the spread of a quantity: of one that has none of its own, about the numbers with which it is compared."""
    if quantity.name in SPREADS and QUANTITIES[quantity.name] == quantity:
        return SPREADS[quantity.name]
    if quantity.name in DECLARED_SPREADS:
        return DECLARED_SPREADS[quantity.name]
    cuts = sorted(
        cut for cut in differences(disease).cuts.get(quantity.name, ()) if quantity.low <= cut <= quantity.high
    )
    width = quantity.high - quantity.low
    middle = float(np.median(cuts)) if cuts else quantity.low + width / 2
    deviation = max((cuts[-1] - cuts[0]) / 2, abs(middle) / 6, width / 100) if cuts else width / 6
    return Spread(middle, deviation, int(np.clip(np.ceil(1 - np.log10(deviation)), 0, 4)))


def drawn(
    quantities: Sequence[Quantity], disease: Disease, count: int, chance: np.random.Generator
) -> dict[str, NDArray[np.float64]]:
    """Draw readings of some quantities, within their bounds, the lower pressure well below the upper."""
    found: dict[str, NDArray[np.float64]] = {}
    shared = chance.standard_normal(count)
    for quantity in quantities:
        spread = spread_of(quantity, disease)
        own = chance.standard_normal(count)
        if quantity.name in ("sbp", "dbp"):
            own = np.sqrt(_SHARED) * shared + np.sqrt(1 - _SHARED) * own
        values = np.round(spread.middle + spread.deviation * own, spread.decimals)
        found[quantity.name] = values.clip(quantity.low, quantity.high)
    if "sbp" in found and "dbp" in found:
        found["dbp"] = np.minimum(found["dbp"], found["sbp"] - _CLOSEST)
    return found
