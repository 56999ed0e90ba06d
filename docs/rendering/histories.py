"""The histories of a disease as tables: what happened, and the state at the end of the day, as the tests tell it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import singledisease as sd
from rendering.pages import table
from rendering.words import sentence, word
from singledisease.definitions.wording.terms import VALUE_NAMES
from singledisease.explanation.event_words import event_words

FOLDER = Path(__file__).parents[2] / "tests" / "spec" / "diseases"
OUTCOMES = ("met", "breached", "due")
History = Mapping[str, Any]


def histories(disease: sd.Disease, language: str) -> Iterator[str]:
    """Give each history that the tests tell of a disease; nothing if they tell none."""
    file = FOLDER / f"{disease.id}.toml"
    told = tomllib.loads(file.read_text("utf-8")).get("history", []) if file.is_file() else []
    if not told:
        return
    yield f"## {word('histories', language)}"
    yield word("told", language)
    for history in told:
        yield f"**{sentence(history['tells_zh' if language == 'zh' else 'tells'])}**"
        days = ("日期", "事件", "日终状态") if language == "zh" else ("day", "what happened", "state from that day on")
        yield table(days, _days(disease, history, language))
        if any(history.get(outcome) for outcome in OUTCOMES):
            due = ("服务或时限", "应于", "结果") if language == "zh" else ("service or timing", "due", "outcome")
            yield table(due, _due(disease, history, language))


def _days(disease: sd.Disease, history: History, language: str) -> Iterator[tuple[str, str, str]]:
    entered = dict(line.split() for line in history["states"].strip().splitlines())
    happened = [*_born_and_died(history, language), *_events(disease, history, language)]
    by_day: dict[str, list[str]] = {}
    for day, text in happened:
        by_day.setdefault(day, []).append(text)
    for day in sorted({*by_day, *entered}):
        state = disease.pathway.state(entered[day]).names.in_language(language) if day in entered else ""
        yield day, "\n".join(by_day.get(day, [word("time", language)])), state


def _born_and_died(history: History, language: str) -> Iterator[tuple[str, str]]:
    sex = VALUE_NAMES["sex"].get(history.get("sex", ""))
    if "birth" in history:
        born = word("born", language)
        yield history["birth"], born if sex is None else f"{born} ({sex.in_language(language)})"
    if "death" in history:
        yield history["death"], word("died", language)


def _events(disease: sd.Disease, history: History, language: str) -> Iterator[tuple[str, str]]:
    """Say each event, read by the rules of any registry; that it is of the page's disease needs no word."""
    heading, *lines = (line.split() for line in history["events"].strip().splitlines())
    blank = (".", disease.id)
    rows = [{name: cell for name, cell in zip(heading, line, strict=True) if cell not in blank} for line in lines]
    log = sd.read_frames([{"patient_id": "A", "birth_date": ""}], [{"patient_id": "A", **row} for row in rows])
    for event in log.events_of(0):
        yield sd.dates.iso(event.date), event_words(event, (disease,)).in_language(language)


def _due(disease: sd.Disease, history: History, language: str) -> Iterator[tuple[str, str, str]]:
    called = {timing.id: timing.names.in_language(language) for timing in disease.timings}
    found = [(*each.split(), outcome) for outcome in OUTCOMES for each in history.get(outcome, ())]
    for timing, day, outcome in sorted(found, key=lambda row: row[1]):
        yield called[timing], day, word(outcome, language)
