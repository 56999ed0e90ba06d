"""Some of the people of a scorecard, with all that is needed to ask why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from singledisease.eventlog.log import EventLog
from singledisease.frozen_mapping import frozen_mapping
from singledisease.pathway_courses import Courses
from singledisease.read_only import holds_arrays, read_only
from singledisease.scorecard.count import Groups
from singledisease.scorecard.row_groups import RowGroups
from singledisease.scorecard.walked_when_asked import WalkedWhenAsked
from singledisease.strata import Labels


def _all_read_only(groups: Iterable[Groups]) -> tuple[Groups, ...]:
    return tuple(each if isinstance(each, RowGroups) else read_only(each) for each in groups)


def _as_given(courses: Mapping[str, Courses]) -> Mapping[str, Courses]:
    return courses if isinstance(courses, WalkedWhenAsked) else frozen_mapping(courses)


@holds_arrays
@frozen(eq=False, kw_only=True)
class Part:
    """Some of the people of a scorecard: their log, their courses, and the group of each.

    Attributes
    ----------
    log
        The log as it was known when it was evaluated.
    courses
        By disease id; those that were not needed to count are walked when they are asked for.
    assigned
        For each measure of people uint8 (periods, people): index into its groups; of rows, the rows with theirs.
    labels
        Levels of the tiers that are strata, by name: (periods, people).
    """

    log: EventLog
    courses: Mapping[str, Courses] = field(converter=_as_given)
    assigned: tuple[Groups, ...] = field(converter=_all_read_only)
    labels: Mapping[str, Labels] = field(factory=dict, converter=frozen_mapping)
