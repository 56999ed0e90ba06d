"""An explanation as a page of a notebook: the way through the pathways, then each measure rule by rule."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Any

from singledisease.dates import iso
from singledisease.eventlog.person import Person
from singledisease.explanation.model import Answer, Clause, Cut, Evidence, ExplainedStay
from singledisease.explanation.text import tell
from singledisease.tables import Heading, Table

_HEADINGS: dict[str, Heading] = {
    "from": ("自", "from"),
    "to": ("至", "to"),
    "disease": ("病种", "disease"),
    "state": ("状态", "state"),
    "cause": ("原因", "cause"),
    "rule": ("规则", "rule"),
    "group": ("归入", "group"),
    "result": ("结果", "result"),
    "date": ("日期", "date"),
    "event": ("事件", "event"),
    "place": ("出处", "file and line"),
}


def html_of(whom: Person | str, stays: Sequence[ExplainedStay], answers: Sequence[Answer]) -> str:
    """Write an explanation as HTML; the whole of it, as text, stands folded at the end.

    ``whom``: a person, or the id of an institution.
    """
    name = whom if isinstance(whom, str) else whom.id
    parts = [f"<h4>{html.escape(name)}</h4>", _stays(stays)._repr_html_() if stays else ""]
    for answer in answers:
        row = "" if answer.row is None else f", {iso(answer.row.date)} {answer.row.what.zh}"
        title = f"{answer.names.zh} / {answer.names.en} ({answer.period}{row}): {answer.group}"
        parts += [f"<h4>{html.escape(title)}</h4>", _steps(answer)._repr_html_(), _evidence(answer)]
    text = html.escape(tell(whom, stays, answers, "zh"))
    return "".join([*parts, f"<details><summary>全文 / in full</summary><pre>{text}</pre></details>"])


def _stays(stays: Sequence[ExplainedStay]) -> Table:
    rows = [
        (
            iso(stay.first),
            iso(stay.last),
            f"{stay.disease_names.zh} / {stay.disease_names.en}",
            f"{stay.names.zh} / {stay.names.en}",
            f"{stay.cause.zh} / {stay.cause.en}" if stay.event is None else stay.event.what.zh,
        )
        for stay in stays
    ]
    return Table.of_rows(("from", "to", "disease", "state", "cause"), rows, headings=_HEADINGS)


def _steps(answer: Answer) -> Table:
    words: dict[Any, str] = {True: "是 / true", False: "否 / false", None: "未知 / unknown"}
    rows = [
        (
            f"{step.names.zh} / {step.names.en}",
            step.group,
            f"{words.get(step.clause.value, step.clause.value)}{' ◀' if step.decisive else ''}"
            if step.reached
            else "-",
        )
        for step in answer.steps
    ]
    return Table.of_rows(("rule", "group", "result"), rows, headings=_HEADINGS)


def _evidence(answer: Answer) -> str:
    """Show the rows that the deciding rule, and what is added up, rest on, and where a window was cut."""
    clauses = (answer.decisive.clause, *answer.amounts)
    found: dict[Evidence, None] = dict.fromkeys(one for clause in clauses for one in clause.all_events())
    cuts = "".join(f"<p>窗口截至 / window cut at {iso(cut.last)} ({iso(cut.wanted)})</p>" for cut in _cuts(clauses))
    rows = [(iso(one.date), one.what.zh, f"{one.file}:{one.line}" if one.file else "-") for one in found]
    return cuts + (Table.of_rows(("date", "event", "place"), rows, headings=_HEADINGS)._repr_html_() if rows else "")


def _cuts(clauses: Iterable[Clause]) -> dict[Cut, None]:
    return dict.fromkeys(cut for clause in clauses for cut in clause.all_cuts())
