"""How two definitions differ, part by part and in words: before, after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from singledisease.definitions.aggregate import Countable
from singledisease.definitions.disease import Disease
from singledisease.definitions.wording.phrases import speaking
from singledisease.definitions.wording.sentences import parts_of_disease, parts_of_measure
from singledisease.definitions.wording.speaker import Speaker


@frozen
class ChangedPart:
    """A part that one of two definitions has and the other has not, or has differently; blank: has not."""

    place: str
    before: str
    after: str

    @property
    def change(self) -> str:
        """Say whether the part was ``added``, ``removed`` or ``changed``."""
        return "added" if not self.before else "removed" if not self.after else "changed"


def changed_parts(
    one: Disease | Countable,
    other: Disease | Countable,
    language: str,
    diseases: Mapping[str, Disease],
) -> Iterator[ChangedPart]:
    """Give the parts in which two definitions differ as they are said in words, in the order of the second.

    ``diseases`` are those whose names of states and numbers the words of measures use.
    """
    before, after = _parts(one, language, diseases), _parts(other, language, diseases)
    for place in (*after, *(place for place in before if place not in after)):
        if before.get(place) != after.get(place):
            yield ChangedPart(place, before.get(place, ""), after.get(place, ""))


def _parts(what: Disease | Countable, language: str, diseases: Mapping[str, Disease]) -> dict[str, str]:
    if isinstance(what, Disease):
        speaker = speaking(language, {what.id: what})
        return dict((*parts_of_disease(what, speaker), *_around(what, speaker)))
    return dict(parts_of_measure(what, speaking(language, diseases)))


def _around(disease: Disease, s: Speaker) -> Iterator[tuple[str, str]]:
    """Give what stands around the numbers and the pathway: told where it differs, not whenever a disease is."""
    if disease.group:
        yield "group", s("专病组 ", "Specialty group ") + disease.group
    if disease.shared_codes:
        yield "shared_codes", s("与其他病种共用的编码 ", "Codes shared with others ") + ", ".join(disease.shared_codes)
    for source in disease.citations:
        told = (source.title.in_language(s.language), source.place, "" if source.year is None else str(source.year))
        yield f"citations.{source.id}", s("来源 ", "Source ") + ", ".join(each for each in told if each)
    for quantity in disease.quantities:
        said = f"{s(quantity.zh, quantity.en)}: {quantity.low}–{quantity.high} {quantity.unit}"
        yield f"quantities.{quantity.name}", s("测量列 ", "Measured column ") + said
    for role in disease.roles:
        yield f"roles.{role.id}", s("角色 ", "Role ") + role.names.in_language(s.language)
    for parameter in disease.parameters:
        if parameter.note:
            said = f"{parameter.names.in_language(s.language)}: {parameter.note}"
            yield f"parameters.{parameter.name}.note", s("备注 ", "Remark on ") + said
