"""A referral written after a death is a row, and a way through nothing: what is asked of it has an answer."""

import pytest

import singledisease as sd
from singledisease.catalogue.processes import process
from singledisease.dates import day_of
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar.values import OnDemand
from singledisease.language import nodes as n
from singledisease.testing.agreement import engines_agree_on_courses, engines_agree_on_rows

MANAGED = n.StatusOn(n.Status("referral", "managed"), n.PeriodEnd())


@pytest.mark.parametrize("rows", [n.Sequences("referral"), n.Where(n.Sequences("referral"), MANAGED)])
def test_nobody_alive_goes_through_it(rows):
    """Both engines say that no state was ever entered, though nobody else has a course either."""
    log = sd.read_frames(
        [{"patient_id": "P1", "birth_date": "1950-03-01", "death_date": "2024-03-01"}],
        [
            {"patient_id": "P1", "date": "2023-01-31", "kind": "exit", "reason": "died"},
            {"patient_id": "P1", "date": "2023-12-31", "kind": "referral", "link": "L1"},
        ],
    )
    courses = engines_agree_on_courses(resolve_disease(process("referral"), {}), log, day_of("2024-12-31"))
    assert courses.spells.offsets.tolist() == [0, 0]
    span = [sd.period("2024")]
    found = engines_agree_on_rows(rows, [MANAGED], log, span, {"referral": courses})
    assert len(found.row) == (1 if isinstance(rows, n.Sequences) else 0)


def test_an_error_in_the_work_is_no_end_of_the_values():
    """Whoever takes all of them meets it."""

    def fails(place):
        raise IndexError(place)

    with pytest.raises(IndexError):
        list(OnDemand(fails, 2))
