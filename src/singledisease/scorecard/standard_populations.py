"""Standard populations by age, to which rates of differently old populations are brought."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attrs import frozen

from singledisease.definitions.citation import Names, Status
from singledisease.strata import AGE_BANDS

UNKNOWN_AGE = AGE_BANDS[-1]
KNOWN_BANDS = AGE_BANDS[:-1]


@frozen(kw_only=True)
class StandardPopulation:
    """How many people, or which share, a standard population has of each age.

    Attributes
    ----------
    fives
        From age 0 on in groups of five years; the last one has no upper end.
    """

    id: str
    names: Names
    citation: str
    status: Status
    fives: tuple[float, ...]

    def in_bands(self) -> Mapping[str, float]:
        """Add the groups of five years up to the age bands of strata.

        >>> bands = STANDARDS["china2020"].in_bands()
        >>> list(bands), bands["75+"]
        (['<35', '35-44', '45-54', '55-64', '65-74', '75+'], 67039684)
        """
        starts = [5 * i for i in range(len(self.fives))]
        return {
            band: sum(number for start, number in zip(starts, self.fives, strict=True) if low <= start < high)
            for band, (low, high) in _RANGES.items()
        }


def _range(band: str) -> tuple[float, float]:
    if band.startswith("<"):
        return 0, int(band[1:])
    if band.endswith("+"):
        return int(band[:-1]), float("inf")
    low, _, high = band.partition("-")
    return int(low), int(high) + 1


_RANGES = MappingProxyType({band: _range(band) for band in KNOWN_BANDS})

_WHO = (
    *(8.86, 8.69, 8.60, 8.47, 8.22, 7.93, 7.61, 7.15, 6.59, 6.04, 5.37, 4.55, 3.72, 2.96, 2.21, 1.52, 0.91),
    0.63,
)
_CHINA_2020 = (
    *(77883888, 90244056, 85255994, 72684140, 74941675, 91847332, 124145190, 99012932, 92955330, 114224887),
    *(121164296, 101400786, 73382938, 74005560, 49590036, 31238849, 20382878, 10826530, 3652749, 819812, 118866),
)

STANDARDS: Mapping[str, StandardPopulation] = MappingProxyType(
    {
        made.id: made
        for made in (
            StandardPopulation(
                id="who",
                names=Names("世界卫生组织世界标准人口（2000–2025）", "World standard population of the WHO, 2000–2025"),
                citation="Ahmad et al. (2001), Age standardization of rates: a new WHO standard, GPE Paper 31",
                status="confirmed",
                fives=_WHO,
            ),
            StandardPopulation(
                id="china2020",
                names=Names("中国2020年第七次全国人口普查人口", "Population of China, census of 2020"),
                citation="中国人口普查年鉴—2020：全国分年龄人口（不含现役军人，合计 1,409,778,724 人）",
                status="unverified",
                fives=_CHINA_2020,
            ),
        )
    }
)
"""Standard populations by id."""
