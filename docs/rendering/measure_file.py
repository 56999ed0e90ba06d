"""The keys of a file of measures, and what the sets that come with the library read from a disease, as a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import singledisease as sd
from rendering.definition_file import layout_rows, layout_says
from rendering.pages import code, table, write
from singledisease.catalogue import MeasureSet, measure_sets
from singledisease.definitions.citation import Parameter
from singledisease.io.measures.build import HEAD
from singledisease.io.measures.joint_tiers import JOINT_TIER
from singledisease.io.measures.layouts import DERIVED, DISTRIBUTION, MEASURE, RATIO, RULE
from singledisease.language.nodes import ParameterOf
from singledisease.language.traversal import inside

LAYOUTS = {
    "The head · 文件开头": HEAD,
    '`[[measures]]` · form = "proportion", "count"': MEASURE,
    "`[[measures.rules]]`": RULE,
    '`[[measures]]` · form = "ratio"': RATIO,
    '`[[measures]]` · form = "distribution"': DISTRIBUTION,
    '`[[measures]]` · form = "derived"': DERIVED,
    "`[joint_tiers.ID]`": JOINT_TIER,
}
"""Every kind of table in a file of measures, with its title."""

INTRODUCTION = """\
Measures are written in a TOML file of these tables and keys, and no others, and read by `sd.measures("mine.toml")`
or `--measures mine.toml`; `singledisease check mine.toml` tells all faults at once, each with its line.
A measure that says `for_each = "disease"` is made once for each disease, `{disease}` standing for its id.
[How to write a measure](../../how-to/write-a-measure.md) shows them at work.

指标写在 TOML 文件中，所有的表和键如下；用 `sd.measures("mine.toml")` 或 `--measures mine.toml` 读取，
`singledisease check mine.toml` 一次列出所有错误及行号。写有 `for_each = "disease"` 的指标对每个病种各生成一次，
`{disease}` 代表其编号。"""
SHARED = """\
Texts that several measures share stand under `[shared]` and are put in where `{NAME}` is written, each in brackets;
one may name those above it.  A name that is not shared is refused, and so is a text that nobody uses.

多个指标共用的文本写在 `[shared]` 下，在写 `{NAME}` 之处代入；后面的可引用前面的。
未定义的名称和无人使用的文本都会被拒绝。"""
PARAMETERS = """\
A measure reads numbers of a disease as `p("…")`. These are all that the sets of the library read, with whose they are;
where a disease does not declare one, the set takes its own value, which `singledisease check` tells.

指标以 `p("…")` 读取病种的数字。下表是随库指标集读取的全部参数及其所属病种；病种未声明时取指标集自己的值，
`singledisease check` 会说明。"""


def render(folder: Path) -> None:
    """Write the page."""
    write(folder / "measure-file.md", *_page())


def _page() -> Iterator[str]:
    yield "# The file of measures · 指标文件"
    yield INTRODUCTION
    for title, layout in LAYOUTS.items():
        yield f"## {title}"
        yield layout_says(layout)
        yield layout_rows(layout)
    yield "## `[shared]` · 共用文本"
    yield SHARED
    yield "## What sets of measures read from a disease · 指标集读取的参数"
    yield PARAMETERS
    for made in measure_sets().values():
        rows = list(_parameters(made))
        if rows:
            yield f"### `{made.id}` {made.names.en} · {made.names.zh}"
            yield table(("parameter · 参数", "what it is · 含义", "unit · 单位", "read from · 读自"), rows)


def read_by(made: MeasureSet) -> dict[str, dict[str, Parameter | None]]:
    """Give the parameters that the measures of a set read, by name: of which diseases, and as what these declare them.

    What a disease does not declare is ``None``.
    """
    shipped, found = sd.diseases(), {}
    for measure in made.measures():
        for part in inside(measure, ParameterOf):
            declared = {one.name: one for one in shipped[part.disease].parameters} if part.disease in shipped else {}
            found.setdefault(part.name, {})[part.disease] = declared.get(part.name)
    return found


def _parameters(made: MeasureSet) -> Iterator[tuple[str, ...]]:
    own = {parameter.name: parameter for parameter in made.parameters}
    for name, diseases in sorted({**{name: {} for name in own}, **read_by(made)}.items()):
        said = own.get(name) or next((one for one in diseases.values() if one is not None), None)
        if said is not None:
            whose = ", ".join(code(disease) for disease in sorted(diseases)) or "·"
            yield code(name), f"{said.names.en}\n{said.names.zh}", said.unit, whose
