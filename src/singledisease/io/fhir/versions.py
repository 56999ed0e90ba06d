"""Resources that come more than once: copies, newer versions, and contradictions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.eventlog.validation_rules import ValidationIssue
from singledisease.io.fhir.collecting import CollectedRows

CONTRADICTING = ValidationIssue(
    "different_versions",
    "同一资源编号有内容不同的版本，无法判断先后，全部拒绝"
    " / different resources of one id, and nothing says which is newer; all are refused",
)


@frozen(eq=False)
class Versions:
    """What stands of resources that come more than once, by their number.

    Attributes
    ----------
    copy
        Says what an earlier one says already.
    older
        There is a newer version; where that day is known the older was withdrawn on it, otherwise it is as if it
        had never been.
    superseded
        int32, the day on which a newer version took its place, ``MISSING`` where that is not known.
    refused
        Contradicts another, and nothing says which is newer.
    """

    copy: NDArray[np.bool_]
    older: NDArray[np.bool_]
    superseded: NDArray[np.int32]
    refused: NDArray[np.bool_]

    @property
    def gone(self) -> NDArray[np.bool_]:
        """Of which nothing stays in the log."""
        return np.asarray(self.copy | self.refused | (self.older & (self.superseded == MISSING)))


def versions_of(resources: CollectedRows, person: NDArray[np.int32]) -> Versions:
    """Compare resources of one type, id and person; one without an id is compared with none.

    An id is one of a server only: of two servers, or of cases that were made up one by one, the first visit of one
    person may be called what the first visit of another is, and is no version of it.

    Parameters
    ----------
    resources
        All that were read.
    person
        For each key of a person who it is.
    """
    count = len(resources)
    found = Versions(
        copy=np.zeros(count, np.bool_),
        older=np.zeros(count, np.bool_),
        superseded=np.full(count, MISSING, np.int32),
        refused=np.zeros(count, np.bool_),
    )
    kind, key, who = resources.array("type"), resources.array("id"), person[resources.array("patient")]
    content, updated, version = (resources.array(name) for name in ("content", "updated", "version"))
    for group in _groups(kind, key, who):
        ordered = sorted(group, key=lambda i: (int(updated[i]), int(version[i]), i))
        stages = [ordered[0]]
        for i in ordered[1:]:
            if content[i] == content[stages[-1]]:
                found.copy[i] = True
            else:
                stages.append(i)
        if len(stages) > 1:
            _settle(stages, updated, version, found)
    return found


def _groups(kind: NDArray[np.int32], key: NDArray[np.int32], who: NDArray[np.int32]) -> Iterator[list[int]]:
    """Give the numbers of resources that share type, id and person."""
    order = np.lexsort((who, key, kind))
    same = key[order][1:] != 0
    for column in (kind, key, who):
        same &= column[order][1:] == column[order][:-1]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], same.astype(np.int8), [0]])))
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield sorted(order[first : last + 1].tolist())


def _settle(stages: Sequence[int], updated: NDArray[np.int64], version: NDArray[np.int64], found: Versions) -> None:
    """Tell older from newer by the moment of the last update, else by the number of the version."""
    stamps = [(int(updated[i]), int(version[i])) for i in stages]
    if len(set(stamps)) < len(stages) or (0, 0) in stamps or len({stamp[0] == 0 for stamp in stamps}) > 1:
        found.refused[list(stages)] = True
        return
    for older, newer in pairwise(stages):
        found.older[older] = True
        if updated[newer]:
            found.superseded[older] = (int(updated[newer]) - 1) // 86400
