"""``catalogue``, ``draw`` and ``check``: what is defined, how it looks, and whether it is sound."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

import singledisease as sd
from singledisease.catalogue import GROUPS, MeasureSet, measure_sets
from singledisease.catalogue.known_words import known_words
from singledisease.catalogue.shipped import ShippedDiseases
from singledisease.cli import options, output
from singledisease.cli.catalogue_in_words import measures_of, shown, value_of
from singledisease.cli.review import diff, review, sign
from singledisease.definitions.checks import check_measure, further_kinds, loose_ends
from singledisease.io.definitions.fragment_heads import FragmentHead, fragment_head
from singledisease.io.definitions.library import fragment_ids
from singledisease.io.definitions.schema import disease_schema, fragment_schema
from singledisease.io.mapping import code_lists, read_mapping, shipped
from singledisease.io.mapping import listing as listing_of
from singledisease.io.measures import holds_measures
from singledisease.io.measures.build import AnyMeasure
from singledisease.io.whole_files import write_whole
from singledisease.report.diagrams import listing
from singledisease.spelling import meant_by
from singledisease.tables import Table

LISTED = """\b
Examples / 例:
  singledisease catalogue
  singledisease catalogue show hypertension.control --lang zh
  singledisease catalogue show hypertension --expanded
  singledisease catalogue show registry
  singledisease catalogue schema > disease.schema.json
  singledisease catalogue show bphs-forms
"""
DRAWN = """\b
Examples / 例:
  singledisease draw hypertension --format table --lang zh
  singledisease draw hypertension --format svg --lang zh --out pathway.svg
  singledisease draw my-disease.toml --out pathway.mmd
"""
CHECKED = """\b
Examples / 例:
  singledisease check my-disease.toml
  singledisease check my-disease.toml --lang zh
"""

_HEADINGS = {
    "id": ("编号", "id"),
    "what": ("类别", "what"),
    "group": ("专病组", "specialty group"),
    "name": ("名称", "name"),
    "version": ("版本", "version"),
}


@click.group(invoke_without_command=True, epilog=LISTED)
@options.form
@options.lang
@click.pass_context
def catalogue(context: click.Context, form: str, lang: str) -> None:
    """目录 / List diseases by specialty group, fragments, sets of measures, measures and mappings, or show one."""
    context.obj = lang
    if context.invoked_subcommand is None:
        output.show_table(_listing(lang), form, lang)


@catalogue.command("show", epilog=LISTED)
@click.argument("name", metavar="ID")
@click.option("--lang", type=click.Choice(options.LANGUAGES), default=None, help="Chinese or English.")
@click.option(
    "--expanded", is_flag=True, help="The TOML of a disease, its fragments put in, each part with its origin."
)
@click.pass_context
def show_one(context: click.Context, name: str, lang: str | None, expanded: bool) -> None:
    """详情 / Show a disease, fragment, set, measure, mapping or code list in words.

    病种可用编号、名称或文件 / A disease is asked for by id, name or file.
    """
    lang = lang or context.obj
    if expanded:
        output.show(sd.write_disease(sd.disease(name), expanded=True, origins=True).rstrip("\n"))
    elif name in shipped():
        _show_mapping(name, lang)
    elif name in code_lists():
        _show_codes(name, lang)
    else:
        output.show_text(shown(name, lang))


for _command in (review, sign, diff):
    catalogue.add_command(_command)


@catalogue.command("schema", epilog=LISTED)
@click.argument("what", type=click.Choice(["disease", "fragment"]), default="disease")
def schema(what: str) -> None:
    """JSON Schema / Print the JSON Schema of a disease's or a fragment's TOML file, for editors."""
    made = disease_schema() if what == "disease" else fragment_schema()
    output.show(json.dumps(made, ensure_ascii=False, indent=2))


@click.command(epilog=DRAWN)
@click.argument("disease", shell_complete=options.complete_disease)
@click.option(
    "--format", "form", type=click.Choice(["mermaid", "dot", "svg", "table"]), default="mermaid", show_default=True
)
@click.option("--out", type=options.OUTPUT_FILE, help="A file to write it into, in UTF-8.")
@options.lang
def draw(disease: str, form: str, out: Path | None, lang: str) -> None:
    """路径图 / Draw the pathway of a disease (its id, name or TOML file)."""
    if out is not None:
        write_whole(out, sd.draw(disease, form, lang))
        output.tell(f"{out}: 已写入 / written")
    elif form == "table":
        output.show(listing(sd.disease(disease), lang, output.width()))
    else:
        output.show(sd.draw(disease, form, lang))


@click.command(epilog=CHECKED)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.lang
def check(file: Path, *, lang: str) -> None:
    """检查 / Check a disease or measures: print every fault and likely slip."""
    if holds_measures(file):
        _check_measures(file, lang)
    else:
        _check_disease(file, sd.disease(file), lang)


def _check_measures(file: Path, lang: str) -> None:
    found = sd.measures(file)
    named = ShippedDiseases()
    faults = [fault for one in found if not isinstance(one, sd.Derived) for fault in check_measure(one, named)]
    if faults:
        raise sd.DefinitionError(f"{file}: these measures are not sound", dict.fromkeys(faults))
    output.show(f"{file}: {len(found)} {'项指标，无误' if lang == 'zh' else 'measures, sound'}")
    used = known_words().used()
    for one in found:
        _show_loose_ends(loose_ends(one, used), lang, f"{one.id}: ")


def _show_loose_ends(said: Iterable[sd.Names], lang: str, whose: str = "") -> None:
    for one in said:
        output.show(f"  {whose}{one.in_language(lang)}")


def _check_disease(file: Path, found: sd.Disease, lang: str) -> None:
    zh = lang == "zh"
    output.show(f"{file}: {found.id} {found.version}: {'无误' if zh else 'sound'}")
    read = {parameter.name for one in measure_sets().values() for parameter in one.parameters}
    _show_loose_ends(loose_ends(found, known_words().used(), read), lang)
    if found.group not in GROUPS and (meant := meant_by(found.group, GROUPS)) is not None:
        output.show(
            f"  专病组 {found.group}：是否为 {meant}？" if zh else f"  group {found.group}: did you mean {meant}?"
        )
    for kind, where in further_kinds(found).items():
        # Likely meant so, but perhaps not.
        output.show(
            f"  非内置事件类型: {kind}（{where}）；日志中须有此类事件才会生效"
            if zh
            else f"  no built-in kind: {kind} ({where}); heard only if the log holds events of this kind"
        )
    for made in measure_sets().values():
        for parameter in made.left_to_default(found):
            named = f"{parameter.name} · {parameter.names.in_language(lang)}"
            said = f"{value_of(parameter)} [{parameter.status}]"
            output.show(
                f"  未声明参数: {named}；{made.id} 取 {said}"
                if zh
                else f"  not declared: {named}; {made.id} takes {said}"
            )


def _listing(lang: str) -> Table:
    sets = measure_sets()
    words = {
        "disease": "病种",
        "process": "流程",
        "fragment": "片段",
        "set": "指标集",
        "measure": "指标",
        "mapping": "对照表",
    }
    found: list[tuple[str, sd.Disease | FragmentHead | MeasureSet | AnyMeasure]] = [
        *(("disease", one) for one in _by_group()),
        *(("process", one) for one in sd.processes().values()),
        *(("fragment", fragment_head(name)) for name in fragment_ids()),
        *(("set", one) for one in sets.values()),
        *(("measure", one) for one in measures_of(sets).values()),
    ]
    rows = [
        (one.id, words[what] if lang == "zh" else what, one.names.in_language(lang), one.version, _group(one, lang))
        for what, one in found
    ]
    what = words["mapping"] if lang == "zh" else "mapping"
    rows += [(name, what, _title(read_mapping(name).title, lang), "", "") for name in shipped()]
    return Table.of_rows(("id", "what", "name", "version", "group"), rows, headings=_HEADINGS)


def _by_group() -> list[sd.Disease]:
    """Give the diseases of the catalogue, those of one specialty group after another."""
    place = {group: i for i, group in enumerate(GROUPS)}
    return sorted(sd.diseases().values(), key=lambda one: place.get(one.group, len(place)))


def _group(one: object, lang: str) -> str:
    group = GROUPS.get(one.group) if isinstance(one, sd.Disease) else None
    return "" if group is None else group.names.in_language(lang)


def _title(title: str, lang: str) -> str:
    zh, _, en = title.partition(" / ")
    return zh if lang == "zh" or not en else en


def _show_mapping(name: str, lang: str) -> None:
    system = read_mapping(name)
    output.show_text(f"{_title(system.title, lang)} · {name}")
    output.show_text(f"singledisease kpi DATA --mapping {name} --period 2024")
    for table in (listing_of.sources(system), listing_of.lists(system)):
        output.show("")
        output.show_table(table, "table", lang)


def _show_codes(name: str, lang: str) -> None:
    found = code_lists()[name]
    output.show_text(f"{_title(found.title, lang)} · {found.name}")
    output.show_text(f"{found.source} [{found.status}]")
    output.show("")
    output.show_table(listing_of.codes(found), "table", lang)
