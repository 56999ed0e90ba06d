"""One thing of the catalogue in words: a disease, a fragment, a set of measures or a measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import singledisease as sd
from singledisease.catalogue import (
    GROUPS,
    MeasureSet,
    codes_shared,
    definitions,
    disease_id,
    measure_set,
    measure_sets,
    process_ids,
)
from singledisease.catalogue.shipped import disease_names
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.citation import Parameter
from singledisease.definitions.resolve import chosen, policies_of
from singledisease.definitions.wording.sentences import wording
from singledisease.errors import UsageError, did_you_mean
from singledisease.io.definitions.fragment_heads import FragmentHead, fragment_head
from singledisease.io.definitions.library import fragment_ids
from singledisease.io.definitions.needs import given_text
from singledisease.io.mapping import shipped
from singledisease.io.measures.build import AnyMeasure
from singledisease.language.format import number_text
from singledisease.tables import Table

_HEADINGS = {
    "policy": ("口径", "policy"),
    "default": ("默认", "default"),
    "options": ("选项", "options"),
}


def measures_of(sets: Mapping[str, MeasureSet]) -> dict[str, AnyMeasure]:
    """Give every measure of some sets by id."""
    return {measure.id: measure for name in sets for measure in measure_set(name)}


def shown(name: str, lang: str) -> str:
    """Say a disease, fragment, set of measures or measure in words.

    Raises
    ------
    UsageError
        If the catalogue has nothing of that name.
    """
    diseases, sets = sd.diseases(), measure_sets()
    if disease_id(name) is not None or name in process_ids() or name.endswith(".toml"):
        said = _disease(sd.disease(name), lang)
        # A process may be called as the fragment is that diseases use of it.
        return f"{said}\n\n{_fragment(fragment_head(name), lang)}" if name in fragment_ids() else said
    if name in sets:
        return _set(sets[name], lang)
    if name in fragment_ids():
        return _fragment(fragment_head(name), lang)
    measures = measures_of(sets)
    if name in measures:
        return measure_in_words(measures[name], definitions(), lang)
    alike = did_you_mean(
        name, (*diseases, *process_ids(), *_in_chinese(), *fragment_ids(), *sets, *measures, *shipped())
    )
    # Of hundreds of names those that do not resemble it help nobody.
    hint = alike if alike.startswith("did you mean") else "`singledisease catalogue` 列出全部 / lists them all"
    raise UsageError(f"目录里没有 / the catalogue has nothing called {name!r}; {hint}")


def _in_chinese() -> Iterator[str]:
    return (name for name in disease_names() if not name.isascii())


def _disease(disease: sd.Disease, lang: str) -> str:
    """Say a disease in words, under its title the group that looks after it and the codes that others have too."""
    title = "来源" if lang == "zh" else "source"
    first, rest = wording(disease, lang).split("\n", 1)
    sources = [
        f"{title} {one.id}: {one.title.in_language(lang)}{f' ({one.year})' if one.year else ''} {one.place}".rstrip()
        for one in disease.citations
    ]
    return "\n".join([first, *_where_it_belongs(disease, lang), rest, *sources])


def _where_it_belongs(disease: sd.Disease, lang: str) -> Iterator[str]:
    group = GROUPS.get(disease.group)
    if group is not None:
        names = f"{group.names.in_language(lang)} · {group.team.in_language(lang)}"
        yield f"专病组 {names}" if lang == "zh" else f"Specialty group {names}"
    for code, others in codes_shared(disease):
        named = [f"{sd.disease(other).names.in_language(lang)} ({other})" for other in others]
        yield f"编码 {code} 也属：{'、'.join(named)}" if lang == "zh" else f"Code {code} is also of {', '.join(named)}"


def _fragment(head: FragmentHead, lang: str) -> str:
    said = [] if head.says is None else [head.says.in_language(lang)]
    title = "使用它的病种须提供：" if lang == "zh" else "What a disease that uses it has to give:"
    default = "缺省" if lang == "zh" else "default"
    needs = [
        f"  {need.name} ({need.kind}) · {need.names.in_language(lang)}"
        + ("" if need.default is None else f" [{default}: {given_text(need.default, lang)}]")
        for need in head.needs
    ]
    return "\n".join([f"{head.names.in_language(lang)} · {head.id} {head.version}", *said, title, *needs])


def _set(made: MeasureSet, lang: str) -> str:
    names = [f"  {measure.id} · {measure.names.in_language(lang)}" for measure in sd.measures(made.id)]
    reads = (
        "从病种读取的参数（未声明时取）："
        if lang == "zh"
        else "Parameters it reads from a disease (and takes without):"
    )
    numbers = [
        f"  {one.name} · {one.names.in_language(lang)}: {value_of(one)} [{one.status}]" for one in made.parameters
    ]
    title = f"{made.names.in_language(lang)} · {made.id} {made.version}"
    return "\n".join([title, made.citation, *names, reads, *numbers])


def value_of(parameter: Parameter) -> str:
    """Write the first value of a parameter with its unit."""
    return f"{number_text(parameter.values[0].value)} {parameter.unit}".rstrip()


def measure_in_words(measure: AnyMeasure, diseases: Mapping[str, sd.Disease], lang: str) -> str:
    """Say a measure, its policies with what each option changes, and its source."""
    if isinstance(measure, sd.Derived):
        return "\n\n".join([wording(measure, lang, *diseases.values()), f"{measure.citation} [{measure.status}]"])
    return _counted(measure, diseases, lang)


def _counted(measure: Countable, diseases: Mapping[str, sd.Disease], lang: str) -> str:
    whole = "正整数" if lang == "zh" else "a whole number"
    rows = [(one.name, one.default, " | ".join(one.options) or whole) for one in policies_of(measure, diseases)]
    policies = Table.of_rows(("policy", "default", "options"), rows, headings=_HEADINGS)
    source = f"{measure.citation} [{measure.status}]"
    plain = wording(chosen(measure, diseases, {}), lang, *diseases.values())
    title = "其他选项所改变的规则：" if lang == "zh" else "What another option changes:"
    changed = "\n".join([title, *_changes(measure, diseases, plain, lang)])
    return "\n\n".join([plain, policies.to_text(lang), changed, source])


def _changes(measure: Countable, diseases: Mapping[str, sd.Disease], plain: str, lang: str) -> Iterator[str]:
    """Say the rules that are others under each option that is not the default, and those that it takes away."""
    nobody = "不适用" if lang == "zh" else "catches nobody"
    before = {_unnumbered(line): line for line in plain.splitlines()}
    for policy in policies_of(measure, diseases):
        for option in policy.options:
            other = wording(chosen(measure, diseases, {policy.name: option}), lang, *diseases.values()).splitlines()
            after = set(map(_unnumbered, other))
            found = [line for line in other if _unnumbered(line) not in before]
            if len(other) < len(before):
                found += [f"{line} ({nobody})" for text, line in before.items() if text not in after]
            if found:
                yield f"  {policy.name}={option}"
                yield from (f"    {line}" for line in found)


def _unnumbered(line: str) -> str:
    """Take the number from a rule: where one is dropped the others move up."""
    number, _, rest = line.partition(". ")
    return rest if number.isdecimal() else line
