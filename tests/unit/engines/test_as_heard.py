"""Expressions in the rows of events: each row sees its person up to itself."""

import numpy as np

import singledisease as sd
from singledisease.engines.columnar import values_as_heard
from singledisease.engines.columnar.as_heard import rows_as_heard
from singledisease.engines.columnar.common_subexpressions import CommonSubexpressions
from singledisease.engines.columnar.make_context import make_context
from singledisease.engines.columnar.row_tables import table_of


def test_each_row_sees_its_person_up_to_itself():
    """The visits counted in the third row are three, those of another person are none of them."""
    days = [("A", "2024-01-01", 150), ("A", "2024-02-01", None), ("B", "2024-02-01", 120), ("A", "2024-03-01", 130)]
    people = [{"patient_id": who, "birth_date": "1950-01-01"} for who in "AB"]
    rows = [{"patient_id": who, "date": day, "kind": "follow_up", "sbp": sbp} for who, day, sbp in days]
    log = sd.read_frames(people, rows)
    asked = [sd.events("follow_up").count().node, (sd.column("sbp") >= 140).node]
    count, high = values_as_heard(asked, log, np.arange(4))
    assert count.value.tolist() == [1, 2, 3, 1]
    assert (high.known.tolist(), high.value[high.known].tolist()) == ([True, False, True, True], [True, False, False])


def test_each_row_as_heard_is_a_moment_of_its_own():
    """What is heard belongs to its own moment, whoever else was heard that day."""
    rows = [
        {"patient_id": who, "date": "2024-01-01", "kind": {"c": "checkup", "f": "follow_up"}[kind]}
        for who, kind in zip("AAB", "cfc", strict=True)
    ]
    log = sd.read_frames([{"patient_id": who, "birth_date": "1950-01-01"} for who in "AB"], rows)
    context = make_context(log, {}, {}, (), CommonSubexpressions())
    heard = rows_as_heard(context, table_of(context, sd.events().node), np.array([0, 1, 2]))
    assert heard.cell.tolist() == [0, 1, 2]
    assert heard.of_outer(np.array([7.0, 8.0, 9.0])).tolist() == [7.0, 8.0, 9.0]
