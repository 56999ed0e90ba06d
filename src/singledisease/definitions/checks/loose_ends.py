"""What of a sound definition is perhaps a slip: nothing is wrong with it, but nothing may come of it either."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from singledisease.aliases import CODE_ALIASES, PERSON_ALIASES
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.citation import Names
from singledisease.definitions.compared_codes import compared_codes, slips_of_codes
from singledisease.definitions.derived import Derived
from singledisease.definitions.disease import Disease
from singledisease.definitions.used_words import FREE_COLUMNS, UsedWords, used_words
from singledisease.definitions.wording.meant import with_meant
from singledisease.language import nodes as n
from singledisease.language.traversal import inside, parts
from singledisease.spelling import folded, meant_by
from singledisease.vocabulary import EXIT_REASONS, INSTITUTION_COLUMNS, NOT_DONE, PERSON_COLUMNS, QUANTITIES


def loose_ends(
    definition: Disease | Countable | Derived, used: UsedWords, parameters: Collection[str] = ()
) -> Iterator[Names]:
    """Say what may be a slip, in Chinese and English.

    Parameters
    ----------
    definition
        A disease or measure that is sound.
    used
        The words that other definitions use: what comes near one of them was perhaps meant for it.
    parameters
        What sets of measures read from a disease beside what it reads itself.

    >>> from singledisease.catalogue import disease
    >>> list(loose_ends(disease("hypertension"), UsedWords()))
    []
    """
    if isinstance(definition, Disease):
        yield from _unread(definition, parameters)
        declared = [column.name for column in definition.attributes]
    else:
        declared = []
    yield from _columns_of_people(inside(definition, n.Attribute), declared)
    yield from _words(used_words([definition]), used)
    yield from _reasons(inside(definition))
    yield from _codes(inside(definition))


def _unread(disease: Disease, elsewhere: Collection[str]) -> Iterator[Names]:
    """Find parameters that nothing reads and that come near one that is read: its own value is taken instead.

    Others that nothing reads here may be read by measures in a file of their own.
    """
    read = {part.name for part in inside(disease, n.ParameterOf)} | {*elsewhere}
    for parameter in disease.parameters:
        meant = None if parameter.name in read else meant_by(parameter.name, read)
        if meant is not None:
            yield with_meant(
                f"参数 {parameter.name} 无人读取", f"nothing reads the parameter {parameter.name}", [meant]
            )


def _columns_of_people(asked: Iterable[n.Attribute], declared: Iterable[str]) -> Iterator[Names]:
    known = (*PERSON_COLUMNS, *declared)
    for name in sorted({part.name for part in asked} - {*known, *INSTITUTION_COLUMNS, *QUANTITIES}):
        yield with_meant(
            f"非内置的患者列: {name}；患者表中须有此列才会生效",
            f"no built-in column of people: {name}; known only if people have a column of this name",
            [meant_by(name, known, PERSON_ALIASES)],
        )


def _words(asked: UsedWords, used: UsedWords) -> Iterator[Names]:
    for column in FREE_COLUMNS:
        known = used.values_of(column) | (set(NOT_DONE) if column == "status" else set())
        for word in sorted(asked.values_of(column) - known):
            meant = meant_by(word, known)
            if meant is not None:
                yield with_meant(f"{column} 的取值 {word} 只有此处使用", f"only this uses the {column} {word}", [meant])


def _codes(nodes: Iterable[Any]) -> Iterator[Names]:
    """Find texts beside the column ``code`` that can be no ICD-10 code; of another system they may be codes."""
    compared = (found for node in nodes if (found := compared_codes(node)) is not None)
    for text, slip in dict(slips_of_codes(text for _, texts in compared for text in texts)).items():
        yield Names(f"{text} 不能是 ICD-10 编码；{slip.zh}", f"{text} can be no ICD-10 code; {slip.en}")


def _reasons(nodes: Iterable[Any]) -> Iterator[Names]:
    """Find reasons of an exit in other words; the reason of another event may be any."""
    said = sorted({text for node in nodes for text in _compared_with_reason(node)} - {*EXIT_REASONS})
    for text in said:
        meant = CODE_ALIASES["reason"].get(folded(text)) or meant_by(text, EXIT_REASONS)
        if meant is not None:
            yield with_meant(f"没有转出原因 {text}", f"no reason of an exit is called {text}", [meant])


def _compared_with_reason(node: Any) -> tuple[str, ...]:
    if not isinstance(node, n.Apply) or not any(
        isinstance(one, n.Column) and one.name == "reason" for one in node.args
    ):
        return ()
    literals = (part.value for part in parts(node) if isinstance(part, n.Literal) and part.kind == "text")
    return (*node.texts, *map(str, literals))
