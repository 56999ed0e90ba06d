"""The specification's tests as pages: a chapter for each module, a section for each fact."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from rendering.pages import aligned, block, code, contents, write
from rendering.spec_recorder import Asked, Chapter, Fact, record
from singledisease.definitions.disease import Disease
from singledisease.definitions.wording.sentences import wording

TITLES = {
    "test_walk_states": "Observed time and states",
    "test_walk_signals": "Signals",
    "test_walk_timings": "Timings",
    "test_walk_death": "Death",
    "test_walk_concerns": "Which events concern a disease",
    "test_values_selections": "Selections",
    "test_values_windows": "Windows",
    "test_values_logic": "Three-valued logic",
    "test_values_numbers": "Numbers, days, ages",
    "test_values_states": "States asked about",
    "test_values_sums": "Sums, means, medians, different combinations",
    "test_rows_look_back": "Looking back from a row",
    "test_rows_that_last": "Rows that last: overlapping, covered, gap",
    "test_rows_outermost": "The first or last few rows",
    "test_rows_of_pathways": "Stays and runs as rows",
    "test_rows_measured": "Rows that a measure counts",
    "test_tiers": "Tiers",
    "test_joint_tiers": "Tiers of several diseases",
    "test_bphs_pathway": "The two pathways",
    "test_bphs_days": "Managed, contact, lost, closed",
    "test_bphs_cases": "The nineteen cases",
    "test_bphs_policies": "Policies",
    "test_bphs_third_disease": "A third disease",
}
PARTS = {
    "Walking a pathway": "test_walk",
    "Valuing an expression": "test_values",
    "Asking of rows": "test_rows",
    "Hypertension, type 2 diabetes, and the indicators of 2017": "test_bphs",
}
LABELS = {
    "spells": "Spells up to {until}",
    "moves": "Moves up to {until}",
    "obligations": "Runs of the timings up to {until}",
    "at_rows": "The state at the end of each event's day",
    "states": "States of {name} up to {until}",
    "clocks": "Runs of `{timing}` of {name} up to {until}: started, due, outcome, ended, by, resolved",
}


def render(folder: Path) -> None:
    """Write the pages."""
    chapters = record()
    unlisted = sorted(set(chapters) - set(TITLES))
    titles = TITLES | {name: name.removeprefix("test_").replace("_", " ").capitalize() for name in unlisted}
    for name, chapter in chapters.items():
        write(folder / f"{name}.md", *_chapter(titles[name], chapter))
    write(folder / "index.md", *_index([name for name in titles if name in chapters]))


def _index(names: list[str]) -> Iterator[str]:
    yield "# The specification, as tests"
    yield (
        "What things mean, one fact each, as a small table of events and what comes of it.\n"
        "Every table on these pages was computed while they were built, and both engines give it:\n"
        "the pages are the tests of `tests/spec`, and a fact that does not hold stops the build."
    )
    yield (
        "Columns are parted by blanks, `.` is a blank cell, `?` a value that is unknown or missing.\n"
        "A cause `follow_up#2` is the person's second event, in canonical order; any other cause is a timing."
    )
    placed = {part: [name for name in names if name.startswith(start)] for part, start in PARTS.items()}
    for part, inside in placed.items():
        yield contents(inside, part)
    if others := [name for name in names if not any(name in inside for inside in placed.values())]:
        yield contents(others, "Further")
    yield "## The made-up pathway of these chapters"
    yield (
        "Most facts about walking are told with `care`, a pathway of seven states; a fact that needs another says how."
    )
    yield block(wording(_care(), "en"))


def _chapter(title: str, chapter: Chapter) -> Iterator[str]:
    yield f"# {title}"
    yield chapter.says
    for fact in chapter.facts.values():
        yield from _fact(fact)
    yield f"*From `tests/spec/{chapter.file}`.*"


def _fact(fact: Fact) -> Iterator[str]:
    yield f"## {fact.name.removeprefix('test_').replace('_', ' ').capitalize()}"
    yield fact.says
    shown: tuple[Any, ...] = ()
    for given, asked in groupby(fact.asked, _given):
        if given != shown:
            yield from _shown_given(*given)
        shown = given
        yield from _answers(list(asked))


def _given(asked: Asked) -> tuple[Any, ...]:
    arguments = asked.arguments
    diseases = [arguments["disease"]] if "disease" in arguments else _diseases(arguments.get("diseases"))
    made_up = tuple(one for one in diseases if one.id == _care().id)
    return arguments.get("events") or "", arguments.get("people") or "", made_up


def _diseases(found: Any) -> list[Disease]:
    return list(found.values() if hasattr(found, "values") else found or ())


def _shown_given(events: str, people: str, diseases: tuple[Disease, ...]) -> Iterator[str]:
    for disease in diseases:
        if differs := _differences(disease):
            yield "With `care` changed:\n\n" + "\n".join(f"* {line}" for line in differs)
    tables = [aligned(found) for found in (_lines(people), _lines(events)) if len(found) > 1]
    if tables:
        yield block("\n\n".join(tables))


def _lines(text: str) -> list[str]:
    return [line for line in text.strip().splitlines() if line.strip()]


def _differences(disease: Disease) -> list[str]:
    """Give each part (states, signals, transitions, timings) that is not as in ``care``, whole."""
    plain, changed = _parts(_care()), _parts(disease)
    return [line for part, lines in changed.items() if plain.get(part) != lines for line in lines]


def _parts(disease: Disease) -> dict[str, list[str]]:
    lines = sorted(wording(disease, "en").splitlines()[1:], key=lambda line: line.split()[0])
    return {part: list(same) for part, same in groupby(lines, lambda line: line.split()[0])}


def _care() -> Disease:
    return importlib.import_module("pathways").CARE


def _answers(asked: list[Asked]) -> Iterator[str]:
    for tabled, some in groupby(asked, lambda one: one.function in ("values", "groups")):
        if tabled:
            yield from _asked_table(list(dict.fromkeys(map(_row, some))))
        else:
            yield from (f"{_label(one)}:\n\n{block(aligned(one.answer or ('(none)',)))}" for one in some)


def _label(asked: Asked) -> str:
    said = LABELS[asked.function].format(**asked.arguments)
    return said + _policy(asked)


def _policy(asked: Asked) -> str:
    policy = asked.arguments.get("policy") or {}
    return ", ".join(["", *(f"`{name}={value}`" for name, value in policy.items())])


def _row(asked: Asked) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Give what was asked, when and how, and the answers by person (and period)."""
    arguments = asked.arguments
    measure = arguments.get("expression") or (arguments.get("asked") and arguments["asked"].id) or arguments["name"]
    known = f", as of {arguments['as_of']}" if arguments.get("as_of") else ""
    lines = asked.answer[1:] if asked.function == "values" else asked.answer
    people = tuple((" ".join(line.split()[:-1]), line.split()[-1]) for line in lines)
    return f"{code(' '.join(measure.split()))}{_policy(asked)}", f"{arguments['period']}{known}", people


def _asked_table(rows: list[tuple[str, str, tuple[tuple[str, str], ...]]]) -> Iterator[str]:
    """Write a table of questions by people; questions about other people or periods begin a new one."""
    for people, some in groupby(rows, lambda row: tuple(who for who, _ in row[2])):
        same = list(some)
        if len(people) > 6:
            for said, period, answers in same:
                yield f"{said}, {period}:\n\n{block(aligned([' '.join(one) for one in answers]))}"
            continue
        lines = (_joined(said, period, [value for _, value in answers]) for said, period, answers in same)
        heading = _joined("asked", "period", list(people))
        yield "\n".join([heading, _joined("---", "---", ["---"] * len(people)), *lines])


def _joined(said: str, period: str, cells: Iterable[str]) -> str:
    escaped = said.replace("|", "\\|")
    return "| " + " | ".join([escaped, period, *cells]) + " |"
