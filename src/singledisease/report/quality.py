"""One self-contained HTML page of what ``inspect`` found: files, how good the data is, the mapping."""

from __future__ import annotations

import html
from collections.abc import Iterator

from singledisease.explanation.quality import title_of
from singledisease.io.inspect import Inspection
from singledisease.tables import Table

_STYLE = """
body { font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #1d2733;
       max-width: 76rem; margin: 2rem auto; padding: 0 1.2rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid #d5dce4 }
.scroll { overflow: auto; max-height: 34rem } .en { color: #5a6775; font-weight: 400 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .2rem .6rem; border-bottom: 1px solid #e6ebf0; text-align: left; vertical-align: top }
td:first-child { white-space: nowrap }
th { background: #f4f7fa; position: sticky; top: 0 } td.n { text-align: right }
pre { background: #f4f7fa; padding: .8rem; overflow-x: auto; font-size: 12.5px }
@media print { .scroll { max-height: none } }
"""
_COLOUR = "47,111,159"
"""Of the shares, the darker the higher: a column of last digits that is all zeros is seen from afar."""


def quality_page(found: Inspection) -> str:
    """Write the page of an inspection, in Chinese and English.

    Whole tables, not their first rows, which is what a page is for; a share is shaded by its height.
    """
    body = "".join(_sections(found))
    title = "数据质量 / Data quality"
    return (
        f'<!doctype html>\n<html lang="zh">\n<head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n<h1>数据质量 <span class='en'>Data quality</span></h1>\n{body}"
        "</body>\n</html>\n"
    )


def _sections(found: Inspection) -> Iterator[str]:
    if found.trouble:
        yield _section("尚不能读取", "Cannot be read yet", f"<pre>{html.escape(found.trouble)}</pre>")
    yield _section("文件", "Files", _table(found.files))
    for name, table in found.quality.tables().items() if found.quality is not None else ():
        title, nothing = title_of(name)
        empty = f"<p>{nothing.zh} <span class='en'>{nothing.en}</span></p>"
        yield _section(title.zh, title.en, _table(table) if len(table) else empty)
    if found.notes:
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in found.notes)
        yield _section("说明", "Notes", f"<ul>{notes}</ul>")
    yield _section("各列", "Columns", _table(found.columns))
    yield _section("对照表", "Mapping", f"<pre>{html.escape(found.mapping)}</pre>")


def _section(zh: str, en: str, body: str) -> str:
    return f"<h2>{html.escape(zh)} <span class='en'>{html.escape(en)}</span></h2>\n{body}\n"


def _table(table: Table) -> str:
    heads = "".join(f"<th>{_heading(table, name)}</th>" for name in table.columns)
    right = table.numeric()
    values = zip(*table.columns.values(), strict=True)
    rows = (
        "".join(_cell(value, text, number) for value, text, number in zip(row, texts, right, strict=True))
        for row, texts in zip(values, table.shown("both"), strict=True)
    )
    body = "".join(f"<tr>{row}</tr>\n" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>\n{body}</tbody></table></div>'


def _heading(table: Table, name: str) -> str:
    zh, en = (html.escape(table.heading(name, language)) for language in ("zh", "en"))
    return zh if zh == en else f"{zh}<br/><span class='en'>{en}</span>"


def _cell(value: object, text: str, number: bool) -> str:
    side = ' class="n"' if number else ""
    if isinstance(value, float):
        return f'<td{side} style="background:rgba({_COLOUR},{0.6 * value:.2f})">{100 * value:.1f} %</td>'
    return f"<td{side}>{html.escape(text)}</td>"
