"""Where an expression compares the column ``code`` with texts: letter by letter, whatever the system."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from singledisease.code_slips import CodeSlip, code_slip
from singledisease.language import nodes as n

HOW = ("is_in", "starts_with", "==")


def compared_codes(node: Any) -> tuple[str, tuple[str, ...]] | None:
    """Give how a node compares the code of its row with texts, and with which; ``None`` if it does not.

    >>> from singledisease import column
    >>> compared_codes(column("code").starts_with("I10", "E11").node)
    ('starts_with', ('I10', 'E11'))
    """
    if not isinstance(node, n.Apply) or node.operation not in HOW or node.args[0] != n.Column("code", "text"):
        return None
    literals = tuple(str(one.value) for one in node.args[1:] if isinstance(one, n.Literal))
    texts = node.texts or literals
    return (node.operation, texts) if texts else None


def slips_of_codes(texts: Iterable[str]) -> Iterator[tuple[str, CodeSlip]]:
    """Give those of some texts that can be no ICD-10 code, each with what was meant."""
    for text in texts:
        slip = code_slip(text)
        if slip is not None:
            yield text, slip
