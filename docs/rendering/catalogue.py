"""The catalogue as pages: each disease and each set of measures, once in Chinese and once in English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import singledisease as sd
from rendering.diseases import disease_page
from rendering.measures import set_page
from rendering.pages import contents, write
from singledisease.catalogue import GROUPS, measure_sets

LANGUAGES = ("en", "zh")
CAPTIONS = {"en": "English", "zh": "中文"}
ABOUT = (
    "What comes with the library, written out from the definitions themselves: the sentences are those of\n"
    "`singledisease catalogue show`, and nothing on these pages is typed by hand.\n\n"
    "随库提供的病种和指标。以下各页由定义自动写出，没有一处是手工录入。"
)


def render(folder: Path) -> None:
    """Write the pages."""
    for language in LANGUAGES:
        for disease in (*sd.diseases().values(), *sd.processes().values()):
            write(folder / f"{disease.id}.{language}.md", *disease_page(disease, language))
        for made in measure_sets().values():
            write(folder / f"{made.id}.{language}.md", *set_page(made, language))
    lists = [part for language in LANGUAGES for part in _lists(language)]
    write(folder / "index.md", "# The catalogue · 目录", ABOUT, *lists)


def _lists(language: str) -> Iterator[str]:
    """Give the pages of a language, diseases by specialty group, then processes and sets of measures."""
    caption = CAPTIONS[language]
    for group in GROUPS.values():
        names = [one.id for one in sd.diseases().values() if one.group == group.id]
        yield contents([f"{name}.{language}" for name in names], f"{caption}: {group.names.in_language(language)}")
    processes = "服务流程" if language == "zh" else "processes"
    yield contents([f"{name}.{language}" for name in sd.processes()], f"{caption}: {processes}")
    sets = "指标集" if language == "zh" else "sets of measures"
    yield contents([f"{name}.{language}" for name in measure_sets()], f"{caption}: {sets}")
