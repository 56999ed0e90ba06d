"""Cases that the conformance kit drew for the shipped measures, as they stand in ``drawn/SET.jsonl``.

A line is a measure: people with their rows and the group each is in.  The expected groups were computed by the library
when the cases were drawn, and are held fixed here: whoever changes a definition sees whom it moves.  What was worked
out by hand stands in ``tests/spec``.

``python tests/conformance/drawn_cases.py SET [MEASURE …]`` looks for cases that tell what none tells yet and no reason
explains, of all measures of a set or of those named, and writes anew which mutants of them are left alive.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen
from changed_by_one import told_by_one_change
from reasons import reason_of
from worked_mutants import DISEASES, Key, cases_of, keyed, measures_of, untold

import singledisease as sd
from singledisease.conformance.asked import definition_of
from singledisease.conformance.decisions import decided
from singledisease.conformance.deck import with_records
from singledisease.conformance.histories import History, log_of
from singledisease.conformance.mutants import Mutant, mutants_of
from singledisease.conformance.search import reading
from singledisease.conformance.valued import Definition
from singledisease.definitions.measure import Measure
from singledisease.eventlog.log import EventLog

FOLDER = Path(__file__).with_name("drawn")
ALIVE = Path(__file__).with_name("alive_mutants")
PERIOD = "2024"


@frozen
class Drawn:
    """The drawn cases of one measure: histories, and of each the group, or of a measure of rows that of each row."""

    measure: str
    histories: tuple[History, ...]
    groups: tuple[Mapping[str, str], ...]

    def log(self, measure: Measure, mutants: Iterable[Definition] = ()) -> EventLog:
        """Make a log of them, read by the rules that the measure and its mutants need; people in their order."""
        original = definition_of(measure, DISEASES, {})
        return log_of(self.histories, reading([original, *mutants])).as_of(None)


def drawn_cases(name: str) -> dict[str, Drawn]:
    """Read the drawn cases of a set by the id of their measure."""
    path = FOLDER / f"{name}.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return {one.measure: one for one in map(_read, lines)}


def _read(line: str) -> Drawn:
    found = json.loads(line)
    cases = found["cases"]
    return Drawn(
        found["measure"],
        tuple(History(case["person"], case["events"]) for case in cases),
        tuple(case["groups"] for case in cases),
    )


def mutants_left(name: str, id: str, drawn: Drawn | None) -> dict[Key, Mutant]:
    """Give the mutants of a measure that drawn cases do not tell."""
    measure = measures_of(name)[id]
    left = keyed(mutants_of(measure, DISEASES, {}, sd.period(PERIOD)))
    if drawn is None or not drawn.histories:
        return left
    others = [Definition(one.measure, one.diseases) for one in left.values()]
    first, *answers = decided(
        [definition_of(measure, DISEASES, {}), *others], drawn.log(measure, others), sd.period(PERIOD)
    )
    return {key: left[key] for key, answer in zip(left, answers, strict=True) if not first.differ(answer).any()}


def left_alive(name: str, id: str) -> list[dict[str, Any]]:
    """Give the mutants of a measure that neither drawn nor worked cases tell, each with the name of the reason."""
    measure = measures_of(name)[id]
    original = definition_of(measure, DISEASES, {})
    left = untold(measure, cases_of(name).get(id, ()), mutants_left(name, id, drawn_cases(name).get(id)))
    return [
        {
            "measure": id,
            "kind": kind,
            "place": place,
            "change": change,
            "nth": nth,
            "reason": reason_of(original, one, id),
        }
        for (kind, place, change, nth), one in left.items()
    ]


# DRAWING


def drawn_again(name: str, ids: Iterable[str] = ()) -> Iterator[str]:
    """Look for cases of what none tells and no reason explains; what is there already stays."""
    known = drawn_cases(name)
    for id in [*ids] or measures_of(name):
        histories = known[id].histories if id in known else ()
        before = len(histories)
        chosen = _with_further(name, id, histories, histories or _of_others(id, known))
        known[id] = _answered(name, id, chosen)
        _write(name, known)
        yield f"{id}: {len(chosen)} cases, {before} before"


def _of_others(id: str, known: Mapping[str, Drawn]) -> tuple[History, ...]:
    """Give the cases of the same measure of another disease, as those of this one."""
    disease, _, about = id.partition(".")
    for other, drawn in known.items():
        own, _, same = other.partition(".")
        if same == about and own != disease:
            return tuple(_tagged(one, own, disease) for one in drawn.histories)
    return ()


def _tagged(one: History, old: str, new: str) -> History:
    def renamed(tags: str) -> str:
        return "|".join(new if tag == old else tag for tag in tags.split("|"))

    rows = [{name: renamed(text) if name == "disease" else text for name, text in row.items()} for row in one.events]
    return History(one.patient, rows)


def _with_further(name: str, id: str, histories: tuple[History, ...], start: Sequence[History]) -> tuple[History, ...]:
    """Add to the cases of a measure few that tell what none tells, looked for from some histories on."""
    measure = measures_of(name)[id]
    original = definition_of(measure, DISEASES, {})
    left = untold(measure, cases_of(name).get(id, ()), mutants_left(name, id, Drawn(id, histories, ())))
    sought = {key: one for key, one in left.items() if reason_of(original, one, id) == "open"}
    others = {i: Definition(one.measure, one.diseases) for i, one in enumerate(sought.values())}
    found = told_by_one_change(original, others, sd.period(PERIOD), start)
    new = list(dict.fromkeys(found.values()))
    return tuple(dict.fromkeys([*histories, *_covering(original, [*others.values()], new)]))


def _covering(original: Definition, others: Sequence[Definition], histories: Sequence[History]) -> list[History]:
    """Choose few histories that together tell all that they tell."""
    if not histories:
        return []
    log = log_of(histories, reading([original, *others])).as_of(None)
    first, *answers = decided([original, *others], log, sd.period(PERIOD))
    left = np.stack([first.differ(one) for one in answers])
    chosen = []
    while left.any():
        best = int(left.sum(axis=0).argmax())
        chosen.append(histories[best])
        left = left[~left[:, best]]
    return chosen


def _answered(name: str, id: str, histories: Sequence[History]) -> Drawn:
    """Give histories with what the library answers to each; of a measure of rows with records to name them by."""
    measure = measures_of(name)[id]
    if measure.of is not None:
        histories = [with_records(one, k + 1) for k, one in enumerate(histories)]
    original = definition_of(measure, DISEASES, {})
    log = log_of(histories, reading([original])).as_of(None)
    (answer,) = decided([original], log, sd.period(PERIOD))
    groups = [{row: one.group for row, one in answer.of(k).items()} for k in range(len(histories))]
    return Drawn(id, tuple(histories), tuple(groups))


def _write(name: str, known: Mapping[str, Drawn]) -> None:
    lines = [_line(known[id]) for id in measures_of(name) if id in known]
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.jsonl").write_text("".join(lines), "utf-8")


def _line(drawn: Drawn) -> str:
    cases = [
        {"person": dict(one.patient), "events": [dict(row) for row in one.events], "groups": dict(groups)}
        for one, groups in zip(drawn.histories, drawn.groups, strict=True)
    ]
    return json.dumps({"measure": drawn.measure, "cases": cases}, ensure_ascii=False, separators=(",", ":")) + "\n"


def main(name: str, *ids: str) -> None:
    """Look for cases, then list what is left alive."""
    path = ALIVE / f"{name}.jsonl"
    listed = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
    for said in drawn_again(name, ids):
        id = said.partition(":")[0]
        found = left_alive(name, id)
        print(said, "-", len(found), "alive, open:", sum(one["reason"] == "open" for one in found), flush=True)
        listed = [one for one in listed if one["measure"] != id] + found
        places = {each: k for k, each in enumerate(measures_of(name))}
        listed.sort(key=lambda one: places.get(one["measure"], -1))
        ALIVE.mkdir(exist_ok=True)
        text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in listed if one["measure"] in places)
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
