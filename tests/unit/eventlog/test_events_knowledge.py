"""The log as it was known on a day."""

from hypothesis import given
from hypothesis import strategies as st

from singledisease.dates import day_of
from singledisease.eventlog.build import build
from singledisease.eventlog.equality import equal
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import raw_rows

Row = dict[str, str]
COLUMNS = ("patient_id", "date", "kind", "mode", "recorded", "withdrawn", "zone")
DAYS = ["2024-01-01", "2024-01-10", "2024-01-20", "2024-02-01"]
DAY = day_of("2024-01-15")
maybe_day = st.sampled_from(["", *DAYS])
event_rows = st.lists(
    st.fixed_dictionaries(
        {
            "patient_id": st.sampled_from(["P1", "P2"]),
            "date": st.sampled_from(DAYS),
            "kind": st.sampled_from(["test", "lost"]),
            "mode": st.sampled_from(["", "home"]),
            "recorded": maybe_day,
            "withdrawn": maybe_day,
            "zone": st.sampled_from(["", "x"]),
        }
    ),
    max_size=20,
)


def load(rows: list[Row], death: str = "", recorded: str = "") -> EventLog:
    """Build a log of rows; P2 may be dead."""
    patients = {
        "patient_id": ["P1", "P2"],
        "birth_date": ["", ""],
        "death_date": ["", death],
        "death_recorded": ["", recorded],
    }
    return build(
        raw_rows("patients", patients), raw_rows("events", {name: [row.get(name) for row in rows] for name in COLUMNS})
    )


def known(row: Row, day: int) -> bool:
    """Say, in the words of the contract, whether a row was known on a day and not withdrawn by it."""
    recorded = day_of(row["recorded"] or row["date"])
    return recorded <= day and not (row["withdrawn"] and day_of(row["withdrawn"]) <= day)


@given(event_rows)
def test_as_of_is_the_log_of_what_was_known(rows: list[Row]) -> None:
    """The log as of a day equals the log of the rows recorded and not withdrawn by then."""
    expected = load([{**row, "withdrawn": ""} for row in rows if known(row, DAY)])
    found = load(rows).as_of(DAY)
    assert equal(found, expected)
    assert found.known_until == DAY


@given(event_rows)
def test_without_a_day_every_withdrawn_row_is_gone(rows: list[Row]) -> None:
    """Nothing else goes."""
    assert equal(load(rows).as_of(None), load([row for row in rows if not row["withdrawn"]]))


@given(event_rows)
def test_knowing_less_of_what_was_known_is_knowing_less(rows: list[Row]) -> None:
    """Asking a log known until a day for a later one brings nothing back."""
    log = load(rows)
    early, late = day_of("2024-01-05"), day_of("2024-01-25")
    assert equal(log.as_of(early).as_of(late), log.as_of(early))
    assert log.as_of(early).as_of(late).known_until == early
    assert log.as_of(early).as_of(None).known_until == early


def test_a_death_known_later_is_not_known_yet() -> None:
    """Before a death was recorded the person lives; from that day on the death stands."""
    log = load([], "2024-01-01", "2024-02-01")
    assert log.as_of(day_of("2024-01-31")).person_at(1).death is None
    assert log.as_of(day_of("2024-01-31")).person_at(1).death_recorded is None
    assert log.as_of(day_of("2024-02-01")).person_at(1).death == day_of("2024-01-01")
    assert log.as_of(None).person_at(1).death == day_of("2024-01-01")


def test_an_appointment_made_in_time_stays() -> None:
    """A row dated later but recorded by then is known; one without ``recorded`` is known from its day."""
    rows = [
        {"patient_id": "P1", "date": "2024-02-01", "kind": "appointment", "recorded": "2024-01-10"},
        {"patient_id": "P1", "date": "2024-02-01", "kind": "test"},
    ]
    assert [event.kind for event in load(rows).as_of(DAY).events_of(0)] == ["appointment"]


def test_a_log_without_those_columns_is_known_by_its_dates() -> None:
    """Where nothing was said of recording or withdrawing, a row is known from its day on."""
    events = raw_rows("events", {"patient_id": ["P1"] * 2, "date": ["2024-01-01", "2024-02-01"], "kind": ["test"] * 2})
    log = build(raw_rows("patients", {"patient_id": ["P1"], "birth_date": [""]}), events)
    assert len(log.as_of(DAY)) == 1
    assert len(log.as_of(None)) == 2
