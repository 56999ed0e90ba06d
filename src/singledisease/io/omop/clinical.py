"""Visits, conditions and drug exposures as events."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from singledisease.io.fhir.elements import Coding
from singledisease.io.omop.drafts import OmopDraft, OmopDrafts, when
from singledisease.io.omop.options import OmopOptions
from singledisease.io.omop.tables import SourceTable
from singledisease.io.omop.vocabulary import UNCONFIRMED, Vocabulary, as_source_code

NO_DISEASE = "不是已知病种的诊断 / conditions of no disease that is known"
READINGS: tuple[str, ...] = ("sbp", "dbp", "fpg", "glucose", "hba1c")
"""Quantities that make a visit one with a reading."""


@frozen(eq=False)
class Sources:
    """What events are made of: the tables, the vocabulary at hand, and how both are understood."""

    drafts: OmopDrafts
    vocabulary: Vocabulary
    options: OmopOptions

    def table(self, name: str) -> SourceTable:
        """Give a table by name."""
        return self.drafts.tables[name]


def codings_of(sources: Sources, table: SourceTable, i: int, name: str) -> Iterator[Coding]:
    """Give what a row is coded with: the source concept, the standard concept, the source code by its form."""
    for column in (f"{name}_source_concept_id", f"{name}_concept_id"):
        found = sources.vocabulary.coding(table.key(i, column))
        if found is not None:
            yield found
    guessed = as_source_code(table.text(i, f"{name}_source_value"))
    if guessed is not None:
        yield guessed


def coded(coding: Coding) -> dict[str, str]:
    """Give the columns of a code."""
    return {"code": coding.code, "system": coding.system, "display": coding.display}


def begun(table: SourceTable, i: int, name: str) -> dict[str, str]:
    """Begin the columns of an event: who, when, and which row it is."""
    date, second = when(table, i, name)
    key = table.text(i, f"{table.name}_id")
    record = f"{table.name}/{key}" if key else ""
    return {"patient_id": table.text(i, "person_id"), "date": date, "sequence": second, "record": record}


# VISITS


def visits(sources: Sources) -> dict[str, OmopDraft]:
    """Make one event of a visit, of an inpatient's an admission and a discharge; give the first events by visit."""
    table, found = sources.table("visit_occurrence"), {}
    for i in sources.drafts.rows(table.name):
        where = sources.vocabulary.setting(table.key(i, "visit_concept_id"))
        inpatient = where.setting == "inpatient"
        columns = begun(table, i, "visit_start") | {
            "kind": "admission" if inpatient else "encounter",
            "institution": table.key(i, "care_site_id"),
            "setting": where.setting,
            "mode": where.mode,
        }
        columns["link"] = columns["record"] if inpatient else ""
        draft = OmopDraft(columns, [(table.name, i)], where.setting == "outpatient")
        sources.drafts.events.append(draft)
        found[table.key(i, "visit_occurrence_id")] = draft
        date, second = when(table, i, "visit_end")
        if inpatient and date >= columns["date"]:
            end = columns | {"kind": "discharge", "date": date, "sequence": second, "record": ""}
            sources.drafts.events.append(OmopDraft(end, [(table.name, i)]))
    return found


def tell_follow_ups(sources: Sources) -> None:
    """Let the outpatients' visits be follow-ups that are to count as such."""
    chosen = sources.options.follow_up
    for draft in sources.drafts.events:
        if draft.visit and (
            chosen == "encounter"
            or (chosen == "encounter_with_reading" and any(name in draft.columns for name in READINGS))
        ):
            draft.columns["kind"] = "follow_up"


# CONDITIONS AND DRUGS


def conditions(sources: Sources) -> None:
    """Make a diagnosis of every condition of a disease, and one enrolment per person and disease."""
    table, drafts = sources.table("condition_occurrence"), sources.drafts
    first: dict[tuple[str, str], OmopDraft] = {}
    for i in drafts.rows(table.name):
        given = list(codings_of(sources, table, i, "condition"))
        of = next(((one, found) for one in given if (found := sources.options.finder.diseases(one))), None)
        if of is None:
            shown = given[0].code if given else table.text(i, "condition_source_value")
            drafts.skip(table, i, NO_DISEASE, shown or table.text(i, "condition_concept_id"))
            continue
        coding, diseases = of
        confirmed = table.key(i, "condition_status_concept_id") not in UNCONFIRMED
        columns = begun(table, i, "condition_start") | coded(coding)
        columns["kind"] = "diagnosis" if confirmed else "unconfirmed_condition"
        columns["disease"] = "|".join(diseases)
        columns["until"] = when(table, i, "condition_end")[0]
        draft = OmopDraft(columns, [(table.name, i)])
        drafts.events.append(draft)
        for disease in diseases if confirmed else ():
            key = columns["patient_id"], disease
            if key not in first or columns["date"] < first[key].columns["date"]:
                first[key] = draft
    _enrolments(sources, first)


def _enrolments(sources: Sources, first: dict[tuple[str, str], OmopDraft]) -> None:
    chosen = sources.options.enrolment
    if chosen == "none":
        return
    days: dict[str, list[str]] = {}
    for draft in sources.drafts.events:
        if draft.columns["kind"] == "follow_up":
            days.setdefault(draft.columns["patient_id"], []).append(draft.columns["date"])
    for (person, disease), diagnosis in first.items():
        onset = diagnosis.columns["date"]
        later = [day for day in days.get(person, ()) if day >= onset]
        day = onset if chosen == "first_condition" else min(later, default="")
        if day:
            columns = {"patient_id": person, "date": day, "kind": "enrolment", "disease": disease}
            sources.drafts.events.append(OmopDraft(columns, list(diagnosis.rows)))


def drug_exposures(sources: Sources, seen: dict[str, OmopDraft]) -> None:
    """Make a medication of every drug exposure, by the standard concept, else by what the source says."""
    table = sources.table("drug_exposure")
    for i in sources.drafts.rows(table.name):
        given = [
            sources.vocabulary.coding(table.key(i, name)) for name in ("drug_concept_id", "drug_source_concept_id")
        ]
        source = table.text(i, "drug_source_value")
        coding = next((one for one in given if one is not None), Coding(source, "source" if source else ""))
        visit = seen.get(table.key(i, "visit_occurrence_id"))
        columns = begun(table, i, "drug_exposure_start") | coded(coding)
        columns["kind"] = "medication"
        columns["until"] = when(table, i, "drug_exposure_end")[0]
        columns["institution"] = visit.columns["institution"] if visit is not None else ""
        sources.drafts.events.append(OmopDraft(columns, [(table.name, i)]))
