"""Where clinic software begins: the course of one person, by a disease or by what one is called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from singledisease.api.definitions import AnyDisease, disease
from singledisease.clinic import joint_courses, start_course
from singledisease.clinic.course import Course
from singledisease.clinic.joint_courses import JointCourses
from singledisease.errors import Fault, UsageError, require_kind

Date = dt.date | str | None


def start(
    of: AnyDisease,
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
    """Start the course of one person, or of one linked sequence, through a disease's pathway, for clinic software.

    Parameters
    ----------
    of
        A disease, its id or name in the catalogue, or the path of its file; its parameters are resolved with
        ``policy``.
    patient_id
        Identifier of the person.
    birth_date, death_date, death_recorded
        Dates, or ``YYYY-MM-DD``; what depends on an unknown birth date is unknown.
    sex
        ``male``, ``female`` or ``unknown``.
    policy
        Named policies of the disease's parameters, such as ``{"lost_after": "6"}``.
    link
        Of a pathway over linked sequences, such as referrals: which sequence it is, as its events name it.  Every event
        of the person may be entered; those of the sequence are heard, and a death.
    **attributes
        ``institution``, ``team``, ``region`` and any further column of the person.

    Raises
    ------
    UsageError
        If there is no such disease, policy or option, or an attribute is a built-in column misspelt; if no link is
        given where the pathway runs over linked sequences, or one where it does not.
    DataError
        If what is said of the person would be refused in a file.

    >>> import singledisease as sd
    >>> course = sd.start("hypertension", "P001", birth_date="1956-04-01")
    >>> course = course.after(sd.Event("enrolment", "2024-01-10", disease="hypertension"))
    >>> course = course.after(sd.Event("follow_up", "2024-02-01", mode="clinic", sbp=152, dbp=95))
    >>> course.state.names.en, [(one.item, str(one.due)) for one in course.due(on="2024-02-02")][0]
    ('unsatisfactory, first time', ('review', '2024-02-15'))
    """
    _refuse_numbers(birth_date=birth_date, death_date=death_date, death_recorded=death_recorded)
    return start_course.start(
        _disease(of),
        patient_id,
        birth_date=birth_date,
        sex=sex,
        death_date=death_date,
        death_recorded=death_recorded,
        policy=policy,
        link=link,
        **attributes,
    )


def start_joint(
    diseases: Iterable[AnyDisease], patient_id: str, *, policy: Mapping[str, str] | None = None, **person: Any
) -> JointCourses:
    """Start the courses of one person through the pathways of several diseases, for clinic software.

    Parameters
    ----------
    diseases
        Diseases, their ids or names in the catalogue, or paths of their files.
    patient_id
        Identifier of the person.
    policy
        Named policies of the diseases' parameters, such as ``{"lost_after": "6"}``.
    **person
        ``birth_date``, ``sex``, ``institution`` … as ``start`` takes them.

    Raises
    ------
    UsageError
        If no disease is named, one twice, or one whose pathway runs over linked sequences.
    DataError
        If what is said of the person would be refused in a file.

    >>> import singledisease as sd
    >>> both = sd.start_joint(["hypertension", "type2-diabetes"], "P1", birth_date="1960-01-01")
    >>> both = both.after(sd.Event("enrolment", "2024-01-10", disease="hypertension|type2-diabetes"))
    >>> visit = next(one for one in both.due(on="2024-02-01") if one.kinds == ("follow_up",))
    >>> str(visit.due), visit.diseases
    ('2024-04-10', ('hypertension', 'type2-diabetes'))
    """
    require_kind(patient_id, str, way="sd.start_joint(diseases, patient_id, …)", named="patient_id")
    _refuse_numbers(**{name: value for name, value in person.items() if name in _DATES})
    listed = [diseases] if isinstance(diseases, str) else diseases
    return joint_courses.start_joint([_disease(one) for one in listed], patient_id, policy=policy, **person)


_DATES = ("birth_date", "death_date", "death_recorded")


def _refuse_numbers(**dates: Any) -> None:
    """Refuse dates given as numbers: 1960 might be a year, and as a day number it is one in 1975 that nobody sees."""
    faults = [
        Fault("not_a_date", f"{name}=", f"{value!r} is a number", "write 'YYYY-MM-DD', or pass a datetime.date")
        for name, value in dates.items()
        if isinstance(value, int | float)
    ]
    if faults:
        raise UsageError("无法开始此人的病程 / the course cannot be started like this", faults)


def _disease(of: Any) -> Any:
    try:
        return disease(of)
    except (AttributeError, TypeError):
        hint = 'sd.start("hypertension", "P001", birth_date="1956-04-01")'
        fault = Fault("no_disease", "disease", f"{of!r} is no disease, no id or name of one, and no file", hint)
        raise UsageError("没有此病种 / there is no such disease", [fault]) from None
