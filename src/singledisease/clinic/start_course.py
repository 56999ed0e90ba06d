"""The beginning of a course: a disease, and who the person is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from singledisease.aliases import PERSON_ALIASES
from singledisease.clinic.compiled import prepared
from singledisease.clinic.course import Course, Followed
from singledisease.dates import asked_day, iso
from singledisease.definitions.disease import Disease
from singledisease.errors import DataError, Fault, UsageError, did_you_mean
from singledisease.eventlog.build import build
from singledisease.eventlog.person import Person
from singledisease.eventlog.raw import raw_rows
from singledisease.spelling import folded, misspelt
from singledisease.vocabulary import PERSON_COLUMNS

Date = dt.date | str | int | None


def start(
    disease: Disease,
    patient_id: str,
    *,
    birth_date: Date = None,
    sex: str = "unknown",
    death_date: Date = None,
    death_recorded: Date = None,
    policy: Mapping[str, str] | None = None,
    link: str | None = None,
    **attributes: str,
) -> Course:
    """Start a course of a disease at hand; see ``singledisease.start``, which also takes what a disease is called.

    Raises
    ------
    UsageError
        If a policy or an option does not exist, or an attribute is a built-in column misspelt; if no link is given
        where the pathway runs over linked sequences, or one where it does not.
    DataError
        If what is said of the person would be refused in a file.
    """
    person = person_of(
        patient_id,
        birth_date=birth_date,
        sex=sex,
        death_date=death_date,
        death_recorded=death_recorded,
        **attributes,
    )
    chosen = tuple(sorted((name, str(option)) for name, option in (policy or {}).items()))
    _check(disease, chosen)
    _check_link(disease, link)
    return Course(Followed(prepared(disease, chosen), person, policy=chosen, link=link))


def _check_attributes(attributes: Iterable[str]) -> None:
    """Refuse attributes that are a column of people misspelt: what depends on it would be unknown in silence."""
    faults = [
        Fault("unknown_column", f"{name}=", "没有此列 / a person has no such column", f"did you mean {meant}?")
        for name in attributes
        if name not in PERSON_COLUMNS and (meant := PERSON_ALIASES.get(folded(name)) or misspelt(name, PERSON_COLUMNS))
    ]
    if faults:
        raise UsageError("无法开始此人的病程 / the course cannot be started like this", faults)


def _check(disease: Disease, policy: tuple[tuple[str, str], ...]) -> None:
    known = [parameter.policy for parameter in disease.parameters if parameter.policy]
    unknown = [name for name, _ in policy if name not in known]
    if unknown:
        faults = [
            Fault("unknown_policy", name, f"no parameter has it; {did_you_mean(name, known)}") for name in unknown
        ]
        raise UsageError(f"{disease.id} has no such policy", faults)


def _check_link(disease: Disease, link: str | None) -> None:
    is_linked = disease.pathway.sequence == "link"
    if is_linked == bool(link) and link != "":
        return
    said = ("以关联序列运行 / runs over linked sequences", "say which one, as its events name it: link=…")
    if not is_linked:
        said = ("以人运行 / runs over people, not over linked sequences", "leave link out")
    fault = Fault("link", f"link={link!r}", f"{disease.id} {said[0]}", said[1])
    raise UsageError("无法开始此病程 / the course cannot be started like this", [fault])


def person_of(
    patient_id: str,
    *,
    birth_date: Date = None,
    sex: str = "unknown",
    death_date: Date = None,
    death_recorded: Date = None,
    **attributes: str,
) -> Person:
    """Give a person, checked by the rules that files are checked by; see ``start``."""
    _check_attributes(attributes)
    row = {
        "patient_id": patient_id,
        "birth_date": _text("birth_date", birth_date),
        "sex": sex,
        "death_date": _text("death_date", death_date),
        "death_recorded": _text("death_recorded", death_recorded),
        **attributes,
    }
    log = build(
        raw_rows("patients", {name: [cell] for name, cell in row.items()}),
        raw_rows("events", {"patient_id": [], "date": [], "kind": []}),
    )
    if log.report.refusals:
        faults = [Fault(found.check, found.column, f"{found.value}: {found.reason}") for found in log.report.refusals]
        raise DataError(f"{row['patient_id']}: 拒绝 / refused", faults)
    return log.person_at(0)


def _text(name: str, date: Date) -> str:
    if date is None or isinstance(date, str):
        return date or ""
    return iso(asked_day(name, date))
