"""One person of a registry with all their diseases side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from singledisease import catalogue
from singledisease.api.definitions import AnyDiseases, given
from singledisease.api.what_a_call_says import AnyDay, known_on
from singledisease.clinic.joint_courses import JointCourses, joint_courses_of
from singledisease.clinic.record import PersonRecord
from singledisease.definitions.disease import Disease
from singledisease.errors import UsageError
from singledisease.eventlog.log import EventLog


def joint_courses(
    log: EventLog,
    patient_id: str,
    *,
    diseases: AnyDiseases | None = None,
    policy: Mapping[str, str] | None = None,
    as_of: AnyDay | None = None,
) -> JointCourses:
    """Give the courses of one person of a registry through the pathways of their diseases, as ``start_joint`` has them.

    Parameters
    ----------
    log
        The registry, as ``read`` gave it.
    patient_id
        The person.
    diseases
        Whose pathways; if none are named, those of the catalogue that the person's own events name by tag or code.
    policy
        Values of policies of the diseases, such as ``{"lost_after": "6"}``.
    as_of
        Go by what was known on that day.

    Raises
    ------
    UsageError
        If there is nobody of that id, or none of their events names a disease and none is named here.

    Examples
    --------
    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}]
    >>> rows = [{"patient_id": "P1", "date": "2024-01-10", "kind": "enrolment", "disease": "hypertension"},
    ...         {"patient_id": "P1", "date": "2024-02-10", "kind": "diagnosis", "code": "E11.9"}]
    >>> sorted(sd.joint_courses(sd.read_frames(people, rows), "P1").states)
    ['hypertension', 'type2-diabetes']
    """
    seen = known_on(log, as_of)
    record = PersonRecord.of_log(seen, patient_id)
    wanted = list(_named(record)) if diseases is None else list(given(diseases).values())
    if not wanted:
        raise UsageError(
            f"{patient_id} 的事件没有指明任何病种 / no event of {patient_id} names a disease; name some: "
            'diseases=["hypertension"]'
        )
    return joint_courses_of(seen, patient_id, wanted, policy)


def _named(record: PersonRecord) -> Iterator[Disease]:
    """Give the diseases of the catalogue that a person's events name, in the order of the catalogue."""
    counted = record.counted()
    tags = {tag for event in counted for tag in str(event.get("disease") or "").split("|")}
    codes = {str(event.get("code")) for event in counted if event.get("code")}
    found = tags | {name for code in codes for name in catalogue.diseases_of_code(code)}
    for name in catalogue.disease_ids():
        if name in found:
            yield catalogue.disease(name)
