"""A set of measures as a page: the rules under the default policies, and what each other option changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import singledisease as sd
from rendering.pages import code, table
from rendering.words import sentence, word
from singledisease.catalogue import MeasureSet
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.measure import GroupChoice
from singledisease.definitions.resolve import policies_of
from singledisease.definitions.wording.sentences import say
from singledisease.language.nodes import Choice
from singledisease.language.traversal import rewrite


def set_page(made: MeasureSet, language: str) -> Iterator[str]:
    """Give the parts of the page."""
    yield f"# {made.names.in_language(language)}"
    yield f"`{made.id}` {made.version} · {made.citation}"
    for measure in sd.measures(made.id):
        yield f"## {measure.names.in_language(language)}"
        yield f"`{measure.id}` {measure.version} · {measure.citation} · {measure.status}"
        yield from _measure(measure, language)


def _measure(measure: Countable | sd.Derived, language: str) -> Iterator[str]:
    if isinstance(measure, sd.Derived):
        yield f"```text\n{measure.value}\n```"
        return
    diseases = sd.diseases()
    policies = policies_of(measure, diseases)
    defaults = {policy.name: policy.default for policy in policies}
    plain = _lines(measure, defaults, language)
    yield f"**{word('rules', language)}**"
    yield "\n".join(f"{i}. {sentence(line)}" for i, line in enumerate(plain, 1))
    yield f"**{word('policies', language)}**"
    zh, en = ("口径", "默认", "选项"), ("policy", "default", "options")
    rows = [(code(one.name), one.default, " · ".join(one.options) or word("whole", language)) for one in policies]
    yield table(zh if language == "zh" else en, rows)
    yield f"**{word('under', language)}**"
    changed = [
        f"* `{policy.name}={option}`\n\n" + "\n".join(f"  {i}. {sentence(line)}" for i, line in lines)
        for policy in policies
        for option in policy.options
        if (lines := _changes(plain, _lines(measure, {**defaults, policy.name: option}, language)))
    ]
    yield "\n".join(changed)


def _changes(plain: list[str], other: list[str]) -> list[tuple[int, str]]:
    return [(i, new) for i, (old, new) in enumerate(zip(plain, other, strict=True), 1) if old != new]


def _lines(measure: Countable, options: Mapping[str, str], language: str) -> list[str]:
    """Say what is counted, what is added up and each rule, with its choices made, and its parameters by name."""

    def choose(node: object) -> object:
        if not isinstance(node, Choice | GroupChoice):
            return node
        option = next(one for one in node.options if one.name == options[node.name])
        return option.value if isinstance(node, Choice) else option.group

    said = {
        word(name, language): say(rewrite(part, choose), language, *sd.diseases().values())
        for name, part in _parts(measure)
        if part is not None
    }
    colon = "：" if language == "zh" else ": "
    rules = [_rule(measure, rewrite(rule, choose), language) for rule in measure.rules]
    return [*(f"{name}{colon}{text}" for name, text in said.items()), *rules]


def _parts(measure: Countable) -> Iterator[tuple[str, object]]:
    yield "of", measure.of
    if isinstance(measure, sd.Ratio):
        yield from (("numerator", measure.numerator), ("denominator", measure.denominator))
    if isinstance(measure, sd.Distribution):
        yield "value", measure.value


def _rule(measure: Countable, rule: sd.Rule, language: str) -> str:
    nobody = "（不适用）" if language == "zh" else "(catches nobody)"
    group = f"`{rule.group}`" if rule.group else nobody
    return f"{rule.names.in_language(language)} → {group}: {_said(measure, rule, language)}"


def _said(measure: Countable, rule: sd.Rule, language: str) -> str:
    everyone = sd.Rule(name="all", names=rule.names, when=True, group="numerator").when
    if rule.when == everyone:
        return "其余所有人" if language == "zh" else "everyone who is left"
    return say(rule.when, language, *sd.diseases().values())
