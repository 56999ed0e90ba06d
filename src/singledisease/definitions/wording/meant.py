"""What was perhaps meant, added to what is said of a word that nothing else uses."""

from __future__ import annotations

from collections.abc import Iterable

from singledisease.definitions.citation import Names


def with_meant(zh: str, en: str, meant: Iterable[str | None]) -> Names:
    """Give a sentence in both languages, with the words that come near where there are any.

    >>> with_meant("没有 spb", "nothing is called spb", ["sbp", None, "sbp"]).en
    'nothing is called spb; did you mean sbp?'
    """
    found = [word for word in dict.fromkeys(meant) if word]
    if not found:
        return Names(zh, en)
    return Names(f"{zh}；是否为 {'、'.join(found)}？", f"{en}; did you mean {' or '.join(found)}?")
