"""Laws of values: they leave a process or become a table, and come back the same."""

from __future__ import annotations

import copy
import pickle
from typing import Any

from singledisease.scorecard.counts import Counts
from singledisease.testing.disagreement import hold


def travels(value: Any) -> None:
    """Check that a value is the same after it was pickled, and after it was copied in depth."""
    pickled = pickle.loads(pickle.dumps(value))
    hold(pickled == value, f"is another after it was pickled: {pickled!r}\nfrom {value!r}")
    copied = copy.deepcopy(value)
    hold(copied == value, f"is another after it was copied: {copied!r}\nfrom {value!r}")


def counts_survive_a_table(counts: Counts, other: Counts) -> None:
    """Check that counts made of their own table are the same counts, and merge with others to the same sum."""
    for table in (counts.to_table(), counts.to_table().flat()):
        back = Counts.from_table(table)
        hold(back == counts, f"made again of their table they are {back}\nfrom {counts}")
        hold(back + other == counts + other, "made again of their table they do not merge to the same sum")
