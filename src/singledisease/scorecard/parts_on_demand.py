"""The people of a scorecard in parts that are made when they are asked for, one at a time, and not kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from attrs import field, frozen

from singledisease.eventlog.log import InstitutionColumns
from singledisease.eventlog.report import LoadReport
from singledisease.scorecard.log_contents import LogContents
from singledisease.scorecard.part import Part


@frozen(kw_only=True, eq=False)
class PartsOnDemand(Sequence[Part]):
    """As many parts as a registry was divided into; whoever takes one has it read, walked and valued again.

    Attributes
    ----------
    make
        From a number to the part.
    whose
        From a person's id to the number of the part that has them, if any has.
    contents, report, institutions
        What was seen when all parts were counted.
    """

    number: int
    make: Callable[[int], Part]
    whose: Callable[[str], int]
    contents: LogContents
    report: LoadReport = field(factory=LoadReport, repr=False)
    institutions: InstitutionColumns = field(factory=InstitutionColumns, repr=False)

    def __len__(self) -> int:
        return self.number

    @overload
    def __getitem__(self, place: int) -> Part: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Part]: ...
    def __getitem__(self, place: int | slice) -> Part | Sequence[Part]:
        """Make a part, or several."""
        numbers = range(self.number)[place]
        return self.make(numbers) if isinstance(numbers, int) else tuple(map(self.make, numbers))

    def __iter__(self) -> Iterator[Part]:
        return map(self.make, range(self.number))
