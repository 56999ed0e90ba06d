"""Cases that the conformance kit drew for the shipped measures, as they stand in ``drawn/SET.jsonl``.

A line is a measure: people with their rows and the group each is in.  The expected groups were computed by the library
when the cases were drawn, and are held fixed here: whoever changes a definition sees whom it moves.  What was worked
out by hand stands in ``tests/spec``.

``python tests/conformance/drawn_cases.py SET [MEASURE …]`` draws cases for the measures that have none, or for those
named again, and writes anew which mutants of the set are left alive.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen
from reasons import reason_of
from worked_mutants import alive, cases_of, measures_of

import singledisease as sd
from singledisease.conformance.asked import definition_of
from singledisease.conformance.decisions import Definition, decided
from singledisease.conformance.deck import Deck
from singledisease.conformance.histories import History, log_of
from singledisease.conformance.search import reading
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
        original = definition_of(measure, sd.diseases(), {})
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


def _line(deck: Deck) -> str:
    cases = [
        {
            "person": dict(case.history.patient),
            "events": [dict(row) for row in case.history.events],
            "groups": {name: decision.group for name, decision in case.expected.items()},
        }
        for case in deck.cases
    ]
    return json.dumps({"measure": deck.measure, "cases": cases}, ensure_ascii=False, separators=(",", ":")) + "\n"


def left_alive(name: str, id: str) -> list[dict[str, Any]]:
    """Give the mutants of a measure that neither worked nor drawn cases tell, each with the name of the reason."""
    measure, drawn = measures_of(name)[id], drawn_cases(name)[id]
    left, _ = alive(measure, cases_of(name).get(id, ()))
    others = [Definition(one.measure, one.diseases) for one in left.values()]
    log = drawn.log(measure, others)
    first, *answers = decided([definition_of(measure, sd.diseases(), {}), *others], log, sd.period(PERIOD))
    return [
        {"measure": id, "kind": kind, "place": place, "change": change, "nth": nth, "reason": reason_of(measure, one)}
        for ((kind, place, change, nth), one), answer in zip(left.items(), answers, strict=True)
        if not first.differ(answer).any()
    ]


def drawn_again(name: str, ids: Iterable[str] = ()) -> Iterator[Deck]:
    """Draw the cases of some measures of a set again, or of those that have none; the others stay as they are."""
    wanted = {*ids}
    path = FOLDER / f"{name}.jsonl"
    kept: dict[str, str] = {}
    if path.exists():
        kept = {json.loads(line)["measure"]: f"{line}\n" for line in path.read_text("utf-8").splitlines()}
    measures = measures_of(name)
    for id, measure in measures.items():
        if id in wanted or (not wanted and id not in kept):
            deck = sd.conformance_deck(measure, period=PERIOD)
            kept[id] = _line(deck)
            path.parent.mkdir(exist_ok=True)
            path.write_text("".join(kept[each] for each in measures if each in kept), "utf-8")
            yield deck


def main(name: str, *ids: str) -> None:
    """Draw cases, then list what is left alive."""
    for deck in drawn_again(name, ids):
        print(deck, flush=True)
    found = [one for id in drawn_cases(name) for one in left_alive(name, id)]
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found)
    ALIVE.mkdir(exist_ok=True)
    (ALIVE / f"{name}.jsonl").write_text(text, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
