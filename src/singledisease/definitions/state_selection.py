"""States as people write them: by id, by group, without some."""

from __future__ import annotations

from attrs import frozen

MARK = "@"
"""What the name of a group begins with."""


@frozen
class StateSelection:
    """States as written: ids and ``@groups``, without those of ``left_out``."""

    named: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it is a list of states and nothing else."""
        return not self.left_out and not any(name.startswith(MARK) for name in self.named)


@frozen(kw_only=True)
class StateGroup:
    """A named group of states, for lists that would stand in several places."""

    id: str
    states: StateSelection
