"""Keys of what rows share stay small however many values there are."""

import numpy as np

from singledisease.engines.columnar import row_keys


def test_keys_are_numbered_anew_before_they_grow_too_large(monkeypatch):
    """Numbered anew they are equal where they were, differ where they did, and what is missing stays missing."""
    candidates, elements = np.array([0, 1, 1, 2, -1]), np.array([1, 2, 0, -1])
    own, theirs = np.array([3, 4, 5, 0, 1]), np.array([4, -1, 3, 2])

    def shared() -> list[list[bool]]:
        one, other = row_keys._refined(candidates, elements, own, theirs)
        return [[bool(a == b and a >= 0) for a in one] for b in other]

    plain = shared()
    monkeypatch.setattr(row_keys, "_MOST", 1)
    assert shared() == plain
    assert plain == [[False, True, False, False, False], [False] * 5, [True, *[False] * 4], [False] * 5]
