"""Laws of definitions: they survive writing and reading, and their wording names every bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from singledisease.definitions.disease import Disease
from singledisease.definitions.wording.sentences import say
from singledisease.io.definitions import read_disease_text, write_disease
from singledisease.language.format import number_text, write
from singledisease.language.nodes import Literal
from singledisease.language.operations import COMPARISONS, is_operation
from singledisease.language.parse import parse
from singledisease.language.traversal import inside
from singledisease.testing.disagreement import hold


def disease_survives(disease: Disease) -> None:
    """Check that a disease written as TOML reads back to the same."""
    text = write_disease(disease)
    read = read_disease_text(text)
    hold(read == disease, f"read back otherwise than it was written:\n{text}\nfrom {disease}\nto   {read}")


def expression_survives(node: Any) -> None:
    """Check that an expression written as text reads back to the same node."""
    text = write(node)
    read = parse(text)
    hold(read == node, f"read back otherwise than it was written:\n{text}\nfrom {node}\nto   {read}")


def wording_names_every_bound(node: Any) -> None:
    """Check that the wording in each language holds every number that something is compared with."""
    for language in ("zh", "en"):
        said = say(node, language)
        for number in _bounds(node):
            hold(number in said, f"{number} is not in the wording ({language}) of {write(node)}:\n{said}")


def _bounds(node: Any) -> Iterator[str]:
    for part in inside(node):
        if is_operation(part, *COMPARISONS):
            for side in part.args:
                if isinstance(side, Literal) and side.kind == "number":
                    # A negative number may be said with a sign of its own.
                    yield number_text(abs(float(side.value)))
