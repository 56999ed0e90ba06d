"""People, their deaths and the institutions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from attrs import evolve

from singledisease.eventlog.raw import RawTable, TableName, raw_rows
from singledisease.eventlog.validation_rules import ValidationIssue
from singledisease.io.omop.clinical import Sources
from singledisease.io.omop.drafts import ACCEPTED, DUPLICATE, OmopDraft, OmopDrafts, when
from singledisease.io.omop.tables import SourceTable
from singledisease.io.omop.vocabulary import SEX_WORDS, SEXES

NO_PERSON = ValidationIssue("unknown_person", "没有此人 / there is no such person")
TWO_DEATHS = ValidationIssue("different_rows", "与前一行的死亡日期不同 / another day of death than an earlier row")


def deaths(drafts: OmopDrafts) -> dict[str, str]:
    """Give the day of death of each person."""
    table, person = drafts.tables["death"], drafts.tables["person"]
    known = {person.text(i, "person_id") for i in range(len(person))}
    found: dict[str, str] = {}
    for i in drafts.rows("death"):
        who, day = table.text(i, "person_id"), when(table, i, "death")[0]
        if who not in known:
            drafts.refuse(table, i, "person_id", NO_PERSON)
        elif found.setdefault(who, day) != day:
            drafts.refuse(table, i, "death_date", TWO_DEATHS)
        else:
            drafts.fate["death"][i] = ACCEPTED
    return found


def people(sources: Sources, dead: Mapping[str, str], visits: Iterable[OmopDraft]) -> RawTable:
    """Make the table of people; its lines are the rows of PERSON."""
    table = sources.table("person")
    seen_at = _most_visited(visits) if sources.options.responsible == "most_visited" else {}
    ids = [table.text(i, "person_id") for i in range(len(table))]
    columns = {
        "patient_id": ids,
        "birth_date": [_born(table, i, sources.options.partial_dates) for i in range(len(table))],
        "death_date": [dead.get(who, "") for who in ids],
        "sex": [_sex(table, i) for i in range(len(table))],
        "institution": [table.key(i, "care_site_id") or seen_at.get(who, "") for i, who in enumerate(ids)],
    }
    return _numbered("patients", columns, table)


def institutions(sources: Sources) -> RawTable:
    """Make the table of institutions; its lines are the rows of CARE_SITE."""
    table, levels = sources.table("care_site"), sources.options.codes.levels
    rows = range(len(table))
    columns = {
        "institution": [table.key(i, "care_site_id") for i in rows],
        "name": [table.text(i, "care_site_name") for i in rows],
        "level": [levels.get(table.text(i, "place_of_service_source_value"), "") for i in rows],
    }
    return _numbered("institutions", columns, table)


def _numbered(name: TableName, columns: Mapping[str, list[str]], table: SourceTable) -> RawTable:
    return evolve(raw_rows(name, columns, file=table.file), line=table.line, refused=table.broken)


def _most_visited(visits: Iterable[OmopDraft]) -> dict[str, str]:
    """Give for each person the institution of most outpatient visits; of equals the first by id."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for draft in visits:
        if draft.visit and draft.columns["institution"]:
            counts[draft.columns["patient_id"]][draft.columns["institution"]] += 1
    return {who: min(seen, key=lambda one: (-seen[one], one)) for who, seen in counts.items()}


def _sex(table: SourceTable, i: int) -> str:
    found = SEXES.get(table.key(i, "gender_concept_id"))
    return found or SEX_WORDS.get(table.text(i, "gender_source_value").lower(), "unknown")


def _born(table: SourceTable, i: int, partial: str) -> str:
    """Give the date of birth; one that stops at the year or month is unknown, or the first of its days."""
    year, month, day = (table.key(i, f"{part}_of_birth") for part in ("year", "month", "day"))
    if not year:
        return table.text(i, "birth_datetime")[:10]
    if partial == "unknown" and not (month and day):
        return ""
    return f"{year:0>4}-{month or '1':0>2}-{day or '1':0>2}"


def settle(drafts: OmopDrafts, name: str, raw: RawTable, accepted: Iterable[str], column: str) -> None:
    """Say which rows of a table of people or institutions the log has, of copies the first."""
    left = set(accepted)
    ids = raw.columns[column]
    for i in range(len(raw)):
        who = ids.text(i) or ""  # type: ignore[union-attr]
        drafts.fate[name][i] = ACCEPTED if who in left else DUPLICATE
        left.discard(who)
