"""How a draft is spelt: texts as TOML has them, remarks on one line, names of sources."""

from __future__ import annotations

import json

from singledisease.io.inspect.profile import Looked
from singledisease.io.sheet_names import telling_name, without_suffix


def quoted(text: str) -> str:
    """Write a text as TOML does.

    >>> print(quoted("收缩压"))
    "收缩压"
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def in_line(text: str) -> str:
    """Write a text so that a remark of one line can hold it: headings may be broken into several."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def name_of(one: Looked) -> str:
    """Give the name of the source of a file, or of one visit in its rows."""
    return stem_of(one) + (f" 第{one.part}次" if one.part else "")


def stem_of(one: Looked) -> str:
    """Give the name of a file without its suffix, or with it if another file has the same."""
    return one.file if one.has_twin else without_suffix(one.file)


def pattern_of(one: Looked) -> str:
    """Give the name by which a mapping finds a file again: of a sheet its own, as the next export has another book."""
    return one.file if one.has_twin else telling_name(one.file)
