"""The keys of a definition's file, from the table by which it is read, and the fragments there are, as a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rendering.pages import code, table, write
from singledisease.definitions.state_groups import BUILT_IN_GROUPS
from singledisease.io.definitions.elements import SECTIONS
from singledisease.io.definitions.fragment_heads import FRAGMENT, FragmentHead, fragment_head
from singledisease.io.definitions.fragments import USE
from singledisease.io.definitions.head import HEAD, ORDER, PATHWAY
from singledisease.io.definitions.layout import TableLayout
from singledisease.io.definitions.library import fragment_ids
from singledisease.io.definitions.needs import NEED, given_text
from singledisease.io.definitions.part_layouts import DATED_VALUE
from singledisease.io.definitions.shared import SAYS
from singledisease.io.definitions.tier_layouts import TIER_LEVEL, TIER_RULE

LAYOUTS = (HEAD, USE, ORDER, *SECTIONS.values(), PATHWAY, DATED_VALUE, TIER_LEVEL, TIER_RULE)
"""Every kind of table in the file of a disease."""

INTRODUCTION = """\
A disease is a TOML file; its tables and keys are these, and no others.
A key that is not known is refused with the one that was probably meant,
and all faults of a file are told at once, each with its line.
[How to add a disease](../../how-to/add-a-disease.md) shows them at work.

病种定义是一个 TOML 文件，所有的表和键如下；未知的键会被拒绝并提示相近的键，所有错误连同行号一次报告。"""
GROUPS = """\
Where states are listed (`from`, `states`, `except`, given to a fragment), `@NAME` stands for a group of them:
one declared under `[pathway.groups]`, or {built_in}."""
SHARED = """\
{en}.
What stands above in the table may be named below. A name that is not shared is refused,
and so is a text that nobody uses;
`catalogue show ID --expanded` says of each part which shared texts were put into it, and their lines.

{zh}。表中后面的文本可引用前面的。未定义的名称和无人使用的文本都会被拒绝；
`catalogue show ID --expanded` 说明各部分用了哪些共用文本及其行号。

```toml
[shared]
at_goal = 'hba1c < p("hba1c")'

[targets.control]
goal = "{{at_goal}}"
```"""
FRAGMENTS = """\
A fragment is a TOML file with the same sections, a head,
and a table `[needs.NAME]` for each thing that a disease has to give it.

* In its texts `{NAME}` stands for what was given.
  In a list, a list that was given takes its place; a condition is put in brackets.
* A key `default` of a need says what is taken where nothing is given.
* What runs in no state because none was given is left out, and so is a signal that no transition hears.
* `rank` in the head, or in a part, says where parts stand among those of other fragments;
  the disease's own states, timings and services stand at 20, its signals at 70.
* What a disease writes under the same id replaces the fragment's part;
  a transition replaces the fragment's from the same state on the same signal.
* Two fragments may share what is equal; what they give differently is refused
  until the disease writes it, or leaves it out of one with `without`."""


def render(folder: Path) -> None:
    """Write the page."""
    write(folder / "definition-file.md", *_page())


def _page() -> Iterator[str]:
    yield "# The file of a disease · 病种定义文件"
    yield INTRODUCTION
    for layout in LAYOUTS:
        yield from _layout(layout)
    yield "## `[shared]` · 共用文本"
    yield SHARED.format(en=f"{SAYS.en[0].upper()}{SAYS.en[1:]}", zh=SAYS.zh)
    yield "## Groups of states · 状态组"
    yield GROUPS.format(built_in=", ".join(f"`@{name}`" for name in BUILT_IN_GROUPS))
    yield "## The file of a fragment · 片段文件"
    yield FRAGMENTS
    yield from _layout(FRAGMENT, "The head of a fragment · 片段文件的开头")
    yield from _layout(NEED)
    yield "## The fragments there are · 随库的片段"
    for name in fragment_ids():
        yield from _fragment(fragment_head(name))


def _layout(layout: TableLayout, title: str = "") -> Iterator[str]:
    yield f"## {title or (f'`[{layout.name}]`' if layout.name else 'The head · 文件开头')}"
    yield layout_says(layout)
    yield layout_rows(layout)


def layout_says(layout: TableLayout) -> str:
    """Give what a kind of table says, in both languages."""
    return f"{layout.says.en[0].upper()}{layout.says.en[1:]}.\n\n{layout.says.zh}。"


def layout_rows(layout: TableLayout) -> str:
    """Give the keys of a kind of table, with what each says in both languages."""
    rows = [
        (
            code(key.name),
            f"{key.kind.names.en}\n{key.kind.names.zh}",
            "✓" if key.needed else "",
            f"{key.says.en}\n{key.says.zh}",
        )
        for key in layout.keys
    ]
    return table(("key · 键", "value · 值", "needed · 必填", "what it says · 含义"), rows)


def _fragment(head: FragmentHead) -> Iterator[str]:
    yield f"### `{head.id}` {head.names.en} · {head.names.zh}"
    if head.says is not None:
        yield f"{head.says.en}\n\n{head.says.zh}。"
    rows = [
        (
            code(need.name),
            need.kind,
            "" if need.default is None else given_text(need.default, "en"),
            f"{need.names.en}\n{need.names.zh}",
        )
        for need in head.needs
    ]
    yield table(("need · 须提供", "kind · 种类", "default · 缺省", "what it is · 含义"), rows)
