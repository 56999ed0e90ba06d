"""What the types can say but scorecards do not follow yet: refused by name, never half done."""

from __future__ import annotations

from typing import Any

from singledisease.errors import Fault
from singledisease.language import nodes as n
from singledisease.language.traversal import inside


def unsupported(node: Any) -> list[Fault]:
    """Give what is not supported in an expression, a measure or a disease."""
    return [
        Fault("unsupported_node", type(part).__name__, "is not supported yet", "see the language's reference")
        for part in inside(node, n.Institutions, n.Activities)
    ]
