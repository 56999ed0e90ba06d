"""What in the diseases rests on which source, how sure it is, what depends on it, and who signed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from singledisease.definitions.checks.expression_sites import places
from singledisease.definitions.citation import STATUSES, Parameter
from singledisease.definitions.disease import Disease
from singledisease.definitions.wording.phrases import speaking
from singledisease.io.definitions.content_hash import content_hash
from singledisease.io.overlays import SignOff
from singledisease.language.nodes import ParameterOf
from singledisease.language.traversal import inside
from singledisease.tables import Table

COLUMNS = ("disease", "parameter", "name", "value", "status", "citation", "used_in", "note", "signed")
HEADINGS = {
    "disease": ("病种", "disease"),
    "parameter": ("参数", "parameter"),
    "name": ("名称", "name"),
    "value": ("数值", "value"),
    "status": ("把握程度", "status"),
    "citation": ("来源", "source"),
    "used_in": ("更改则影响", "what changes with it"),
    "note": ("说明", "note"),
    "signed": ("签名", "signed"),
}


@frozen
class Reviewed:
    """A disease to review, with the signatures of the overlay that it came from."""

    disease: Disease
    signatures: tuple[SignOff, ...] = ()


def review(
    reviewed: Iterable[Reviewed], *, statuses: Sequence[str] = STATUSES, language: str = "en", signed: bool = True
) -> Table:
    """List the numbers of diseases by how sure they are, the least sure first, with what changes if they change.

    Parameters
    ----------
    reviewed
        The diseases, each with the signatures of its overlay.
    statuses
        Those to list.
    language
        Of names, values and sources: ``zh`` or ``en``.
    signed
        Whether to list numbers that somebody signed, as they stand now.
    """
    order = {status: -i for i, status in enumerate(STATUSES)}
    rows = [row for one in reviewed for row in _rows(one, language) if row[4] in statuses and (signed or not row[8])]
    return Table.of_rows(COLUMNS, sorted(rows, key=lambda row: (row[0], order[row[4]])), headings=HEADINGS)


def _rows(reviewed: Reviewed, language: str) -> Iterator[tuple[str, ...]]:
    disease = reviewed.disease
    speaker = speaking(language, {disease.id: disease})
    used, sources = _uses(disease), {one.id: one for one in disease.citations}
    valid = valid_signatures(disease, reviewed.signatures)
    for parameter in disease.parameters:
        source = sources.get(parameter.citation)
        yield (
            disease.id,
            parameter.name,
            parameter.names.in_language(language),
            speaker.values(parameter),
            parameter.status,
            source.title.in_language(language) if source else parameter.citation,
            ", ".join(used.get(parameter.name, ())),
            parameter.note,
            "; ".join(_signed(one) for one in valid if _covers(one, parameter)),
        )


def _uses(disease: Disease) -> dict[str, dict[str, None]]:
    """Give the places of a disease that read each of its parameters."""
    found: dict[str, dict[str, None]] = {}
    for place in places(disease):
        for node in inside(place.node, ParameterOf):
            if node.disease in ("", disease.id):
                found.setdefault(node.name, {})[place.where.removesuffix(".when")] = None
    return found


def valid_signatures(disease: Disease, signatures: Iterable[SignOff]) -> tuple[SignOff, ...]:
    """Give the signatures that speak of this very definition; any change of it makes them void."""
    listed = tuple(signatures)
    content = content_hash(disease) if listed else ""
    return tuple(one for one in listed if one.definition == content)


def _covers(signature: SignOff, parameter: Parameter) -> bool:
    return not signature.parameters or parameter.name in signature.parameters


def _signed(signature: SignOff) -> str:
    return f"{signature.by} {signature.on}" + (f" ({signature.remark})" if signature.remark else "")
