"""Words that were kept as they stand and are likely slips: nothing that is defined knows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from attrs import frozen

from singledisease.code_slips import ICD_10, code_slip
from singledisease.definitions.normal_code import begins_with
from singledisease.definitions.typed_column import TypedColumn
from singledisease.definitions.used_words import FREE_COLUMNS, UsedWords
from singledisease.errors import DataError, Fault
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.identity_number import looks_cut
from singledisease.eventlog.load_rules import KnownWords, LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.parse_column import as_text
from singledisease.eventlog.raw import RawTable
from singledisease.eventlog.report import Refusal, Slip
from singledisease.spelling import folded, meant_by
from singledisease.vocabulary import (
    ACTIVITY_COLUMNS,
    EVENT_COLUMNS,
    INSTITUTION_COLUMNS,
    KIND_ALIASES,
    KINDS,
    NOT_DONE,
    NOT_DONE_ZH,
    OTHER_DISEASE,
    PERSON_COLUMNS,
    TEAM_COLUMNS,
    Quantity,
)

BUILT_IN: Mapping[str, frozenset[str]] = {
    "patients": frozenset(PERSON_COLUMNS),
    "events": frozenset({"patient_id", *EVENT_COLUMNS}),
    "institutions": frozenset(INSTITUTION_COLUMNS),
    "teams": frozenset(TEAM_COLUMNS),
    "activities": frozenset(ACTIVITY_COLUMNS),
}
_TOTAL = re.compile(r"^\s*(?:[合小总共]\s*计.*|(?:sub|grand)?[ _-]?total\s*:?|sum)\s*$", re.MULTILINE | re.IGNORECASE)
_LONG = re.compile(r"^\d{15}000$", re.MULTILINE | re.ASCII)
_BETWEEN = re.compile(r"[,，、;；/+＋和与]|\s+and\s+")


def slips_of_tables(tables: Sequence[RawTable], rules: LoadRules) -> tuple[Slip, ...]:
    """Find what of tables as they came in is likely a slip: names of columns, people that are none."""
    return (*(slip for table in tables for slip in _columns(table, rules, _used(rules))), *_ids(tables))


def likely_slips(
    of_tables: Sequence[Slip], log: EventLog, rules: LoadRules, refused: Iterable[Refusal] = ()
) -> tuple[Slip, ...]:
    """Find the words of a registry that are likely slips.

    Parameters
    ----------
    of_tables
        What was found in the tables as they came in.
    log
        What was made of them.
    rules
        What is known; without known words only what comes near a built-in one is told.
    refused
        The rows of events that were refused.

    Raises
    ------
    DataError
        If there are any, and the rules are strict.
    """
    used = _used(rules)
    found = (
        *of_tables,
        *_zeros(refused, log),
        *_kinds(log, rules, used),
        *_diseases(log, rules.known),
        *_codes(log),
        *_free_words(log, rules.known, used),
        *_records(log),
    )
    if rules.strict and found:
        faults = [Fault(slip.check, slip.where, f"{slip.value!r} × {slip.count}", slip.meant) for slip in found]
        raise DataError("有不认识的词（strict）/ words that no definition knows are refused: strict", faults)
    return found


def _used(rules: LoadRules) -> Callable[[], UsedWords]:
    return rules.known.used if rules.known is not None else UsedWords


def _near(word: str | None) -> str:
    return "" if word is None else f"是否为 / did you mean {word}?"


# COLUMNS


def _columns(table: RawTable, rules: LoadRules, used: Callable[[], UsedWords]) -> Iterator[Slip]:
    """Find columns that nothing knows: what stands in them is kept as text."""
    declared: Mapping[str, Sequence[Quantity | TypedColumn]] = {
        "events": rules.quantities,
        "patients": rules.attributes,
        "institutions": rules.institution_columns,
    }
    built_in = BUILT_IN[table.name]
    known = built_in | {column.name for column in declared.get(table.name, ())}
    further = [name for name in table.columns if name not in known]
    headings = rules.known.headings(table.name) if rules.known is not None and further else {}
    for name in further:
        meant = meant_by(name, built_in, headings)
        if meant is None and (rules.known is None or name in used().columns):
            continue
        count = int(table.columns[name].known.sum())
        yield Slip(table.name, "", name, count, _near(meant), "unknown_column", table.file)


# PEOPLE


def _ids(tables: Iterable[RawTable]) -> Iterator[Slip]:
    """Find people that are none: a row of totals, a number of which a spreadsheet has cut the end."""
    for table in tables:
        if table.name == "patients":
            ids = as_text(table.columns["patient_id"])
            texts = "\n".join(ids.categories)
            totals = [found[0].strip() for found in _TOTAL.finditer(texts)]
            cut = [found[0] for found in _LONG.finditer(texts) if looks_cut(found[0])]
            yield from _people(
                table, ids, totals, "total_row", "像是合计行，不是一个人 / looks like a row of totals, no person"
            )
            hint = "像是被电子表格截断的身份证号 / looks like an identity number cut to 15 digits by a spreadsheet"
            yield from _people(table, ids, cut, "shortened_id", hint)


def _zeros(refused: Iterable[Refusal], log: EventLog) -> Iterator[Slip]:
    """Find events of nobody whose number is that of a person but for the zeros in front, which spreadsheets drop."""
    strangers = [one for one in refused if one.check == "unknown_person" and _bare(one.value)]
    if strangers:
        people = {_bare(whole): whole for whole in log.people.ids.tolist()}
        lost = [one for one in strangers if _bare(one.value) in people]
        if lost:
            first, whole = lost[0], people[_bare(lost[0].value)]
            hint = f"患者表中为 {whole}，前导零不一致 / patients has {whole}: the zeros in front differ"
            yield Slip("events", "patient_id", first.value, len(lost), hint, "zeros_lost", first.file, first.line)


def _bare(number: str) -> str:
    """Give a number without the zeros in front; blank for what is no number."""
    stripped = number.strip()
    return stripped.lstrip("0") if stripped.isascii() and stripped.isdigit() else ""


def _people(table: RawTable, ids: Coded, texts: Sequence[str], check: str, hint: str) -> Iterator[Slip]:
    stripped = [category.strip() for category in ids.categories] if texts else []
    for text in texts:
        rows = np.flatnonzero(np.array([category == text for category in stripped], np.bool_)[ids.codes])
        if len(rows):
            yield Slip(table.name, "patient_id", text, len(rows), hint, check, table.file, int(table.line[rows[0]]))


# WORDS OF EVENTS


@frozen(eq=False)
class _Words:
    """The words of a column of events: how often each occurs, and in which row first."""

    name: str
    column: Coded
    log: EventLog

    def unknown(self, is_known: Callable[[str], bool]) -> list[str]:
        """Give the words that occur and are not known."""
        counts = np.bincount(self.column.codes, minlength=len(self.column.categories))
        return [
            word
            for word, n in zip(self.column.categories, counts.tolist(), strict=True)
            if n and word and not is_known(word)
        ]

    def slips(self, meant: Mapping[str, str]) -> Iterator[Slip]:
        """Give a slip for each of some words, with what each was meant for."""
        if not meant:
            return
        codes, size = self.column.codes, len(self.column.categories)
        counts, first = np.bincount(codes, minlength=size), np.zeros(size, np.int64)
        first[codes[::-1]] = np.arange(len(codes))[::-1]
        number = {word: code for code, word in enumerate(self.column.categories)}
        for word, hint in meant.items():
            code = number[word]
            file, line = self.log.place(int(first[code]))
            yield Slip("events", self.name, word, int(counts[code]), hint, "unknown_word", file, line)


def _words(log: EventLog, name: str) -> _Words | None:
    column = log.kind if name == "kind" else log.columns.get(name)
    return _Words(name, column, log) if isinstance(column, Coded) and len(column) else None


def _kinds(log: EventLog, rules: LoadRules, used: Callable[[], UsedWords]) -> Iterator[Slip]:
    words = _words(log, "kind")
    found = [] if words is None else words.unknown(KINDS.__contains__)
    if words is None or not found:
        return
    known = used().kinds
    meant = {kind: meant_by(kind, [*KINDS, *known], KIND_ALIASES) for kind in found if kind not in known}
    yield from words.slips(
        {kind: _near(word) for kind, word in meant.items() if word is not None or rules.known is not None}
    )


def _diseases(log: EventLog, known: KnownWords | None) -> Iterator[Slip]:
    words = _words(log, "disease")
    if known is None or not known.diseases or words is None:
        return
    ids = {*known.diseases.values(), OTHER_DISEASE}
    unknown = {text: [tag for tag in text.split("|") if tag not in ids] for text in words.column.categories}
    meant = {text: _disease_meant(tags[0], known) for text, tags in unknown.items() if text and tags}
    yield from words.slips({text: meant[text] for text in words.unknown(lambda text: text not in meant)})


def _disease_meant(tag: str, known: KnownWords) -> str:
    coded = next((id for code, id in known.codes.items() if begins_with(tag, (code,))), None)
    if coded is not None:
        return f"{coded} 的编码，应填入 code 列 / a code of {coded}: it belongs into the column code"
    called = {**known.aliases, **known.diseases}
    parts = [called.get(folded(part)) for part in _BETWEEN.split(tag) if part.strip()]
    if len(parts) > 1 and None not in parts:
        return f"多个病种以 | 分隔 / several are divided by |: {'|'.join(sorted(map(str, parts)))}"
    near = meant_by(folded(tag), known.diseases, known.aliases)
    return _near(None if near is None else called.get(near, near))


def _codes(log: EventLog) -> Iterator[Slip]:
    """Find what cannot be an ICD-10 code where one is expected: it leads to no disease."""
    words, system = _words(log, "code"), log.columns.get("system")
    if words is None:
        return
    slips = {code: slip for code in words.unknown(lambda _: False) if (slip := code_slip(code)) is not None}
    other = [name.strip().upper() not in ICD_10 for name in system.categories] if isinstance(system, Coded) else []
    if any(other) and isinstance(system, Coded):
        elsewhere = np.array(other, np.bool_)[system.codes]
        icd_10 = set(np.unique(words.column.codes[~elsewhere]).tolist())
        slips = {code: slip for code, slip in slips.items() if words.column.categories.index(code) in icd_10}
    yield from words.slips({code: f"不能是 ICD-10 编码，{slip.zh} / {slip.en}" for code, slip in slips.items()})


def _free_words(log: EventLog, known: KnownWords | None, used: Callable[[], UsedWords]) -> Iterator[Slip]:
    """Find values of columns without a list that no definition uses."""
    for name in FREE_COLUMNS if known is not None else ():
        words = _words(log, name)
        if words is None or not words.column.known.any():
            continue
        aliases, built_in = (NOT_DONE_ZH, set(NOT_DONE)) if name == "status" else ({}, set())
        uses = used().values_of(name) | built_in
        yield from words.slips(
            {word: _near(meant_by(word, uses, aliases)) for word in words.unknown(uses.__contains__)}
        )


def _records(log: EventLog) -> Iterator[Slip]:
    """Find identifiers of a record that stand on several rows which differ and were not taken back."""
    column, withdrawn = log.columns.get("record"), log.columns.get("withdrawn")
    if not isinstance(column, Coded):
        return
    counted = column.codes if withdrawn is None else column.codes[~withdrawn.known]
    twice = np.flatnonzero(np.bincount(counted) > 1)
    twice = twice[twice > 0]
    if len(twice):
        first = int(twice[0])
        file, line = log.place(int(np.flatnonzero(column.codes == first)[0]))
        hint = f"{len(twice)} 个记录号各有内容不同的几行 / {len(twice)} records stand on several rows that differ"
        rows = int(np.isin(counted, twice).sum())
        yield Slip("events", "record", column.categories[first], rows, hint, "record_twice", file, line)
