"""A disease of the catalogue as a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

import singledisease as sd
from rendering.histories import histories
from rendering.pages import code, table
from rendering.words import sentence, word
from singledisease.definitions.citation import Citation
from singledisease.definitions.wording.phrases import speaking
from singledisease.definitions.wording.sentences import say
from singledisease.definitions.wording.terms import STAGE_NAMES
from singledisease.report import diagrams
from singledisease.report.diagrams.figure import figure
from singledisease.report.diagrams.labels import Phrases

STATUSES = {"confirmed": "已核对", "unverified": "未重新核对", "provisional": "暂定", "proposal": "本项目建议"}
PARTS = {"timing": "Timings", "service": "The service list", "服务": "服务清单"}
HEADINGS = {
    "signals": {
        "zh": ("信号（依次判断）", "什么事件", "来源"),
        "en": ("signal, in order", "which events", "source"),
    },
    "transitions": {"zh": ("状态", "信号", "转到"), "en": ("from", "on", "to")},
}


def disease_page(disease: sd.Disease, language: str) -> Iterator[str]:
    """Give the parts of the page."""
    yield f"# {disease.names.in_language(language)}"
    facts = (f"`{disease.id}` {disease.version}", ", ".join(disease.codes), word("about", language))
    yield " · ".join(fact for fact in facts if fact)
    if disease.targets:
        yield f"## {word('goals', language)}"
    for target in disease.targets:
        yield f"* **{target.names.in_language(language)}**: {sentence(say(target.goal, language, disease))}"
    yield f"## {word('ways', language)}"
    yield word("drawn", language)
    yield f'```{{raw}} html\n<div class="pathway">{figure(disease, language)}</div>\n```'
    yield f"## {word('numbers', language)}"
    yield _numbers(disease, language)
    yield f"## {word('sources', language)}"
    yield "\n".join(f"* `{one.id}`: {_cited(one, language)}" for one in disease.citations)
    yield f"## {word('states', language)}"
    yield _states(disease, language)
    yield f"## {word('ways_in_words', language)}"
    yield from _ways(disease, language)
    yield from histories(disease, language)


def _numbers(disease: sd.Disease, language: str) -> str:
    zh = ("名称", "数值", "来源", "可靠程度", "说明")
    en = ("what", "value", "source", "status", "note")
    speaker = speaking(language, {disease.id: disease})
    rows = [
        (
            f"{one.names.in_language(language)}\n{one.name}",
            speaker.values(one),
            code(one.citation),
            STATUSES[one.status] if language == "zh" else one.status,
            "\n".join(text for text in (f"--policy {one.policy}=…" if one.policy else "", one.note) if text),
        )
        for one in disease.parameters
    ]
    return table(zh if language == "zh" else en, rows)


def _cited(one: Citation, language: str) -> str:
    return _cited_as(one, language) + (f" · {one.place}" if one.place else "")


def _states(disease: sd.Disease, language: str) -> str:
    zh, en = ("状态", "阶段", "在管", "须转诊", "下一步"), ("state", "stage", "managed", "refer", "next step")
    rows = [
        (
            f"{one.names.in_language(language)}\n{one.id}",
            STAGE_NAMES[one.stage].in_language(language),
            "✓" if one.managed else "",
            "✓" if one.refer else "",
            one.next_step.in_language(language) if one.next_step else "",
        )
        for one in disease.pathway.states
    ]
    return table(zh if language == "zh" else en, rows)


def _ways(disease: sd.Disease, language: str) -> Iterator[str]:
    """Write signals, transitions, timings and services, each with the columns that they have."""
    phrases = Phrases(disease, language)
    yield f"### {word('signals', language)}"
    yield table(
        HEADINGS["signals"][language],
        [
            (f"{one.names.in_language(language)}\n{one.id}", phrases.meaning(one), code(one.citation))
            for one in disease.pathway.signals
        ],
    )
    yield f"### {word('transitions', language)}"
    yield table(
        HEADINGS["transitions"][language],
        [
            (
                phrases.any_of(one.sources),
                phrases(phrases.signals[one.signal].names) + phrases.condition(one),
                phrases.states((one.target,)),
            )
            for one in disease.pathway.transitions
        ],
    )
    yield from _clocks(disease, language)


def _clocks(disease: sd.Disease, language: str) -> Iterator[str]:
    found = diagrams.table(disease, language)
    titles = {_cited_as(one, language): one.id for one in disease.citations}
    rows = found.rows()[len(disease.pathway.transitions) :]
    for part, some in groupby(rows, lambda row: row["part"]):
        same = list(some)
        names = [name for name in found.columns if name != "part" and any(row[name] for row in same)]
        yield f"### {PARTS.get(part, part)}"
        yield table(
            [found.heading(name, language) for name in names],
            [[_shown(row[name], titles) for name in names] for row in same],
        )


def _shown(value: object, titles: Mapping[str, str]) -> object:
    if isinstance(value, bool):
        return "✓" if value else ""
    text = str(value or "")
    for title, name in titles.items():
        text = text.replace(title, name)
    return text


def _cited_as(one: Citation, language: str) -> str:
    return one.title.in_language(language) + (f" ({one.year})" if one.year else "")
