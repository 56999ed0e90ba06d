"""Decks as files that any system can read: JSON whole, and CSV tables of patients, events and what is expected."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from singledisease import dates
from singledisease.conformance.decisions import Decision, Groups, amounts_in, counted_as
from singledisease.conformance.deck import Deck, DeckCase, DeckMutant
from singledisease.conformance.histories import History
from singledisease.conformance.mutations.change import KIND_NAMES
from singledisease.definitions.citation import Names
from singledisease.errors import DataError, Fault, require_kind
from singledisease.io.whole_files import refuse_incomplete, whole_folder
from singledisease.tables import Table

FORMAT = "singledisease-conformance-deck/1"
"""What a deck says it is; a later form that can no longer be read so has another number."""

DECK, PATIENTS, EVENTS, EXPECTED, MUTANTS = "deck.json", "patients.csv", "events.csv", "expected.csv", "mutants.csv"


def write_deck(deck: Deck, folder: str | Path) -> None:
    """Write a deck into a folder, made if need be, whole or not at all.

    ``patients.csv`` and ``events.csv`` are the registry to load; ``expected.csv`` says of each person (or row) the
    group, what it counts in denominator and numerator, the deciding rule and what the case tests; ``mutants.csv``
    what each mutant changes and which cases tell it; ``deck.json`` holds all of it.

    >>> from tempfile import TemporaryDirectory
    >>> import singledisease as sd
    >>> deck = sd.conformance_deck(sd.Measure(id="women", numerator=sd.attribute("sex") == "female"), period="2024")
    >>> with TemporaryDirectory() as folder:
    ...     write_deck(deck, Path(folder, "deck"))
    ...     sorted(path.name for path in Path(folder, "deck").iterdir())
    ['deck.json', 'events.csv', 'expected.csv', 'mutants.csv', 'patients.csv']
    """
    require_kind(deck, Deck, way="sd.write_deck(deck, folder)", named="deck")
    require_kind(folder, str, Path, way="sd.write_deck(deck, folder)", named="folder")
    with whole_folder(folder, (PATIENTS, EVENTS, EXPECTED, MUTANTS, DECK)) as made:
        for name, table in deck_tables(deck).items():
            (made / name).write_text(table.to_csv(), "utf-8")
        (made / DECK).write_text(json.dumps(_as_json(deck), ensure_ascii=False, indent=1) + "\n", "utf-8")


def deck_tables(deck: Deck) -> Mapping[str, Table]:
    """Give the tables of a deck by the name of their file."""
    patients = [{"patient_id": case.id, **case.history.patient} for case in deck.cases]
    events = [{"patient_id": case.id, **row} for case in deck.cases for row in case.history.events]
    return {
        PATIENTS: _of(patients, ("patient_id", "birth_date")),
        EVENTS: _of(events, ("patient_id", "date", "kind")),
        EXPECTED: Table.of_rows(_EXPECTED, [row for case in deck.cases for row in _expected(deck, case)]),
        MUTANTS: Table.of_rows(_MUTANTS, [_mutant(mutant) for mutant in deck.mutants]),
    }


def _of(rows: Sequence[Mapping[str, str]], first: Iterable[str]) -> Table:
    columns = tuple(dict.fromkeys((*first, *(name for row in rows for name in row))))
    return Table.of_rows(columns, [[row.get(name) for name in columns] for row in rows])


_EXPECTED = ("patient_id", "row", "group", "denominator", "numerator", "rule", "tests", "tests_zh", "tests_en")


def _expected(deck: Deck, case: DeckCase) -> list[list[Any]]:
    names = {mutant.id: mutant.names for mutant in deck.mutants}
    # The rarest mutant that a case tells is what it is there for.
    rarest = min(case.tests, key=lambda id: _told_by(deck, id), default="")
    clause = names.get(rarest, Names("", ""))
    rows = []
    for row, decision in sorted(case.expected.items()):
        flags = _counted(deck, decision.group)
        tests = "|".join(case.tests)
        rows.append([case.id, row or None, decision.group, *flags, decision.rule, tests, clause.zh, clause.en])
    return rows


def _counted(deck: Deck, group: str) -> list[Any]:
    """Give what somebody in a group counts in the denominator and in the numerator."""
    if deck.adds_amounts:
        numerator, denominator = amounts_in(group) or ("0", "0")
        return [denominator, numerator]
    counts = counted_as(group)
    return [int(counts in ("denominator", "numerator")), int(counts == "numerator")]


def _told_by(deck: Deck, id: str) -> int:
    return next(len(mutant.answers) for mutant in deck.mutants if mutant.id == id)


_MUTANTS = (
    "mutant",
    "kind",
    "kind_zh",
    "kind_en",
    "place",
    "change_zh",
    "change_en",
    "told_by",
    "reason_zh",
    "reason_en",
)


def _mutant(one: DeckMutant) -> list[Any]:
    kind = KIND_NAMES.get(one.kind, Names(one.kind, one.kind))  # type: ignore[call-overload]
    reason = [None, None] if one.reason is None else [one.reason.zh, one.reason.en]
    told = "|".join(one.answers) or None
    return [one.id, one.kind, kind.zh, kind.en, one.place, one.names.zh, one.names.en, told, *reason]


# JSON


def _as_json(deck: Deck) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "measure": deck.measure,
        "version": deck.version,
        "names": _names(deck.names),
        "policy": dict(deck.policy),
        "period_start": dates.iso(deck.period.start),
        "period_end": dates.iso(deck.period.end),
        "seed": deck.seed,
        "cases": [
            {
                "id": case.id,
                "patient": dict(case.history.patient),
                "events": [dict(row) for row in case.history.events],
                "expected": [
                    {"row": row, "group": decision.group, "rule": decision.rule}
                    for row, decision in sorted(case.expected.items())
                ],
                "tests": list(case.tests),
            }
            for case in deck.cases
        ],
        "mutants": [
            {
                "id": one.id,
                "kind": one.kind,
                "place": one.place,
                "names": _names(one.names),
                "answers": {case: [list(pair) for pair in groups] for case, groups in one.answers.items()},
                "reason": None if one.reason is None else _names(one.reason),
            }
            for one in deck.mutants
        ],
    }


def _names(names: Names) -> dict[str, str]:
    return {"zh": names.zh, "en": names.en}


def read_deck(folder: str | Path) -> Deck:
    """Read a deck that ``write_deck`` wrote: its folder, or its ``deck.json``.

    Raises
    ------
    DataError
        If there is none, or it is not whole.

    >>> from tempfile import TemporaryDirectory
    >>> import singledisease as sd
    >>> deck = sd.conformance_deck(sd.Measure(id="women", numerator=sd.attribute("sex") == "female"), period="2024")
    >>> with TemporaryDirectory() as folder:
    ...     write_deck(deck, Path(folder, "deck"))
    ...     read_deck(Path(folder, "deck")) == deck
    True
    """
    require_kind(folder, str, Path, way="sd.read_deck(folder)", named="folder")
    path = Path(folder)
    if path.is_dir():
        refuse_incomplete(path)
    file = path / DECK if path.is_dir() else path
    hint = "singledisease conformance MEASURE --period 2024 --out FOLDER"
    try:
        found = json.loads(file.read_text("utf-8"))
        if found["format"] != FORMAT:
            raise ValueError(f"format {found['format']!r}, expected {FORMAT!r}")
        return _deck(found)
    except OSError as error:
        fault = Fault("no_deck", str(file), f"没有此文件 / cannot be read: {error.strerror}", hint)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        fault = Fault("no_deck", str(file), f"不是检验病例集 / is no conformance deck: {error}", hint)
    raise DataError(f"{folder}: 无法读取 / cannot be read as a deck", [fault])


def _deck(found: Mapping[str, Any]) -> Deck:
    return Deck(
        measure=found["measure"],
        version=found["version"],
        names=Names(**found["names"]),
        policy=found["policy"],
        period=dates.Period(dates.day_of(found["period_start"]), dates.day_of(found["period_end"])),
        seed=found["seed"],
        cases=tuple(_case(one) for one in found["cases"]),
        mutants=tuple(_deck_mutant(one) for one in found["mutants"]),
    )


def _case(one: Mapping[str, Any]) -> DeckCase:
    expected = {each["row"]: Decision(each["group"], each["rule"]) for each in one["expected"]}
    return DeckCase(
        id=one["id"], history=History(one["patient"], one["events"]), expected=expected, tests=tuple(one["tests"])
    )


def _deck_mutant(one: Mapping[str, Any]) -> DeckMutant:
    answers: dict[str, Groups] = {
        case: tuple((row, group) for row, group in groups) for case, groups in one["answers"].items()
    }
    reason = None if one["reason"] is None else Names(**one["reason"])
    return DeckMutant(
        id=one["id"], kind=one["kind"], place=one["place"], names=Names(**one["names"]), answers=answers, reason=reason
    )
