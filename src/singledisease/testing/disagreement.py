"""What is raised when a law does not hold."""

from __future__ import annotations


class Disagreement(AssertionError):  # noqa: N818  (it names what was found, not what went wrong in the program)
    """Two ways to one answer gave two answers."""


def hold(true: object, message: str) -> None:
    """Raise ``Disagreement`` unless something is true."""
    if not true:
        raise Disagreement(message)
