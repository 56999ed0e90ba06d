"""One person of a registry with all their diseases side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from singledisease import catalogue
from singledisease.api.definitions import AnyDiseases, given
from singledisease.api.what_a_call_says import AnyDay, known_on
from singledisease.clinic.joint_courses import JointCourses, joint_courses_of
from singledisease.clinic.record import PersonRecord
from singledisease.definitions.disease import Disease
from singledisease.definitions.joint_tier import JointTier
from singledisease.errors import UsageError, require_kind
from singledisease.eventlog.log import EventLog
from singledisease.explanation import joint_way as explanation
from singledisease.explanation.joint_way import JointWay


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
    require_kind(log, EventLog, way="sd.read(…)")
    seen = known_on(log, as_of)
    record = PersonRecord.of_log(seen, patient_id)
    wanted = list(_named(record)) if diseases is None else list(given(diseases).values())
    if not wanted:
        raise UsageError(
            f"{patient_id} 的事件没有指明任何病种 / no event of {patient_id} names a disease; name some: "
            'diseases=["hypertension"]'
        )
    return joint_courses_of(seen, patient_id, wanted, policy)


def joint_way(
    courses: JointCourses, on: AnyDay, log: EventLog | None = None, tiers: Iterable[JointTier] | None = None
) -> JointWay:
    """Explain the diseases of one person side by side, up to the end of a day.

    Parameters
    ----------
    courses
        ``sd.start_joint`` and what was entered, or ``sd.joint_courses(log, "P001", …)`` of a registry.
    on
        The day.
    log
        The registry that the courses are of: each event then names its file and line.
    tiers
        Tiers of several diseases, of which the person's level is said; left out: those of ``sd.joint_tiers()``, which
        is the person's colour.

    Examples
    --------
    >>> import singledisease as sd
    >>> both = sd.start_joint([sd.disease("hypertension"), sd.disease("type2-diabetes")], "P1", birth_date="1960-01-01")
    >>> both = both.after(sd.Event("enrolment", "2024-01-10", disease="hypertension|type2-diabetes"))
    >>> way = sd.joint_way(both, "2024-02-01")
    >>> [(one.disease.en, one.state.id) for one in way.stands]
    [('Hypertension', 'enrolled'), ('Type 2 diabetes', 'enrolled')]
    >>> print(way.to_text().splitlines()[0])
    P1, 2024-02-01
    """
    joined = map(catalogue.joint_tier, catalogue.joint_tier_ids()) if tiers is None else tiers
    return explanation.joint_way(courses, on, log, joined)


def _named(record: PersonRecord) -> Iterator[Disease]:
    """Give the diseases of the catalogue that a person's events name, in the order of the catalogue."""
    counted = record.counted()
    tags = {tag for event in counted for tag in str(event.get("disease") or "").split("|")}
    codes = {str(event.get("code")) for event in counted if event.get("code")}
    found = tags | {name for code in codes for name in catalogue.diseases_of_code(code)}
    for name in catalogue.disease_ids():
        if name in found:
            yield catalogue.disease(name)
