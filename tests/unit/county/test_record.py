"""The record of one person: entered, late, withdrawn, kept and restored."""

import pytest

import singledisease as sd


def test_of_a_log():
    """The record of a person of a registry holds their events; nobody of that name is refused with a way out."""
    log = sd.simulate(patients=5, seed=1).log()
    name = log.people.ids[2]
    record = sd.PersonRecord.of_log(log, name)
    assert (record.person.id, len(record.events)) == (name, len(log.events_of(2)))
    with pytest.raises(sd.UsageError, match="there is nobody"):
        sd.PersonRecord.of_log(log, "nobody")


def test_bad_entries_are_refused():
    """An impossible reading, taking back what was never entered, no day, and what is no stored record."""
    record = sd.PersonRecord.start("P1", birth_date="1950-01-01")
    with pytest.raises(sd.DataError):
        record.after(sd.Event("follow_up", "2024-01-01", sbp=1500))
    with pytest.raises(sd.UsageError, match="nothing was entered"):
        record.withdraw("R1", on="2024-01-01")
    with pytest.raises(sd.UsageError, match="say on which day"):
        record.after(sd.Event("call", "2024-01-01", record="R1")).withdraw("R1", on=None)
    with pytest.raises(sd.UsageError, match="no stored record"):
        sd.PersonRecord.from_dict({"format": 1})
    with pytest.raises(sd.UsageError, match="has format 9"):
        sd.PersonRecord.from_dict({"format": 9})
    with pytest.raises(sd.UsageError):
        sd.PersonRecord.start("P1", birthday="1950-01-01")


def test_duplicates_and_what_was_not_done():
    """An exact duplicate changes nothing; what did not happen does not count; a record stays as of the earlier day."""
    record = sd.PersonRecord.start("P1").after(sd.Event("call", "2024-01-01"))
    assert record.after(sd.Event("call", "2024-01-01")) == record
    assert len(record.after(sd.Event("checkup", "2024-01-02", status="cancelled")).counted()) == 1
    assert record.as_of("2024-01-05").as_of("2024-02-01").known_until == record.as_of("2024-01-05").known_until
