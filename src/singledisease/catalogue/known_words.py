"""The words that the catalogue knows, by which a registry is read: names of diseases, and what definitions use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from singledisease.catalogue import diseases, measure_sets, processes
from singledisease.catalogue.shipped import disease_head, disease_ids, disease_names
from singledisease.definitions.disease import Disease
from singledisease.definitions.used_words import UsedWords, used_words
from singledisease.eventlog.load_rules import KnownWords
from singledisease.io.inspect.disease_names import usual_names
from singledisease.io.inspect.words import known_names
from singledisease.spelling import folded


def known_words(own: Iterable[Disease] = ()) -> KnownWords:
    """Give the words that the catalogue and some diseases know.

    Of the catalogue only names and codes are read; its definitions are, once, if a registry holds a word that has no
    built-in meaning.

    Parameters
    ----------
    own
        Diseases beside those of the catalogue, or in the place of those of the same id.

    >>> known_words().diseases["高血压"]
    'hypertension'
    """
    given = {one.id: one for one in own}
    names, codes = dict(disease_names()), dict(_shipped_codes())
    for one in given.values():
        names |= _called(one.id, one.names.zh, one.names.en)
        codes |= dict.fromkeys(one.codes, one.id)

    @cache
    def used() -> UsedWords:
        return _together(_shipped_words(), used_words(given.values())) if given else _shipped_words()

    return KnownWords(diseases=names, aliases=usual_names(), codes=codes, used=used, headings=_headings)


def _called(id: str, *names: str) -> dict[str, str]:
    return {folded(name): id for name in (*names, id)}


@cache
def _shipped_codes() -> Mapping[str, str]:
    return {code: name for name in disease_ids() for code in disease_head(name).codes}


@cache
def _shipped_words() -> UsedWords:
    measures = (measure for one in measure_sets().values() for measure in one.measures())
    return used_words([*diseases().values(), *processes().values(), *measures])


def _together(one: UsedWords, other: UsedWords) -> UsedWords:
    return UsedWords(
        kinds=one.kinds | other.kinds,
        items=one.items | other.items,
        statuses=one.statuses | other.statuses,
        roles=one.roles | other.roles,
        packages=one.packages | other.packages,
        columns=one.columns | other.columns,
    )


@cache
def _headings(table: str) -> Mapping[str, str]:
    return {folded(heading): column for heading, column in known_names(table).items()}
