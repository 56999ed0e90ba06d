"""Recognised examinations: whether an existing result is taken, and what speaks against it."""

import datetime as dt

import pytest
from attrs import evolve

import singledisease as sd
from singledisease.clinic import Due

RULES = sd.recognition_rules()


def record(*rows):
    """Give the record of a person after rows of date, kind and columns."""
    made = sd.PersonRecord.start("P1", birth_date="1950-01-01")
    for date, kind, columns in rows:
        made = made.after(sd.Event(kind, date, **columns))
    return made


def answer(made, on, item="hba1c", **more):
    """Give whether a result is taken, and why, in English."""
    found = sd.recognition(made, item, on, RULES, **more)
    return found.satisfied, found.reason.en


HBA1C = ("2024-03-01", "test", {"hba1c": 7.1, "institution": "H1", "record": "L1"})


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-02-29", (False, "there is no result for: HbA1c")),
        ("2024-03-01", (True, "the result of 2024-03-01 is taken")),
        ("2024-05-30", (True, "the result of 2024-03-01 is taken")),
        ("2024-05-31", (False, "the result of 2024-03-01 is 91 days old, and may be 90")),
    ],
)
def test_age_of_a_result(on, expected):
    """A result is taken up to its last valid day, both days included, and not before it was there."""
    assert answer(record(HBA1C), on, at="T1") == expected


def test_what_is_entered():
    """A result from elsewhere gives the event to enter; the asking institution's own needs none."""
    found = sd.recognition(record(HBA1C), "hba1c", "2024-03-10", RULES, at="T1")
    assert str(found.entry) == "2024-03-10 recognition item=hba1c institution=T1"
    assert (found.elsewhere, found.age_days, found.valid_until) == (True, 9, dt.date(2024, 5, 30))
    assert sd.recognition(record(HBA1C), "hba1c", "2024-03-10", RULES, at="H1").entry is None
    assert sd.recognition(record(HBA1C), "hba1c", "2024-03-10", RULES).elsewhere is None


def test_published_reasons_to_repeat():
    """A reason told stands above any result; one that there is none of is refused; a change since speaks for itself."""
    assert answer(record(HBA1C), "2024-03-10", reasons=("emergency",)) == (False, "emergency")
    with pytest.raises(sd.UsageError, match="did you mean emergency"):
        answer(record(HBA1C), "2024-03-10", reasons=("emergancy",))
    changed = record(HBA1C, ("2024-03-05", "admission", {"institution": "H1"}))
    assert answer(changed, "2024-03-10") == (
        False,
        "since the result of 2024-03-01 the condition changed: admission on 2024-03-05",
    )
    assert answer(changed, "2024-03-04")[0] is True


def test_fast_changing_items_are_of_the_day():
    """A fasting glucose of yesterday is not taken."""
    made = record(("2024-03-01", "test", {"fpg": 6.8}))
    assert answer(made, "2024-03-01", "fasting_glucose")[0] is True
    assert answer(made, "2024-03-02", "fasting_glucose")[0] is False


def test_two_systems_two_results():
    """One examination with two results is listed with both rows and taken by nobody; with one value it is one."""
    other = ("2024-03-01", "test", {"hba1c": 8.4, "institution": "H1", "record": "X9", "source": "lis"})
    found = sd.recognition(record(HBA1C, other), "hba1c", "2024-03-10", RULES, at="T1")
    assert found.satisfied is None
    assert found.entry is None
    (conflict,) = found.conflicts
    assert {event.get("hba1c") for event in (conflict.one, conflict.other)} == {7.1, 8.4}
    same = ("2024-03-01", "test", {"hba1c": 7.1, "record": "X9", "source": "lis"})
    assert answer(record(HBA1C, same), "2024-03-10")[0] is True
    elsewhere = ("2024-03-01", "test", {"hba1c": 8.4, "institution": "H2", "record": "X9"})
    assert answer(record(HBA1C, elsewhere), "2024-03-10")[0] is True
    later = ("2024-03-05", "test", {"hba1c": 7.9, "institution": "H1"})
    found = sd.recognition(record(HBA1C, other, later), "hba1c", "2024-03-10", RULES)
    assert (found.satisfied, found.result.get("hba1c"), len(found.conflicts)) == (True, 7.9, 1)
    one_record = ("2024-03-02", "test", {"hba1c": 7.5, "institution": "H2", "record": "L1"})
    assert answer(record(HBA1C, one_record), "2024-03-10")[0] is None


def test_late_and_withdrawn():
    """A result taken back is none; as it was known before, it was taken."""
    made = record(HBA1C).withdraw("L1", on="2024-03-08")
    assert answer(made, "2024-03-10")[0] is False
    assert answer(made.as_of("2024-03-07"), "2024-03-10")[0] is True


def test_a_result_is_taken_for_what_it_is():
    """One row holds HbA1c, eGFR and UACR: each service that is due is satisfied by its own, and a visit by none."""
    names = ["type2-diabetes", "chronic-kidney-disease"]
    person = sd.start_joint(names, "P1", birth_date="1960-01-01")
    person = person.after(sd.Event("enrolment", "2024-01-10", disease="|".join(sorted(names))))
    sample = {"institution": "H1", "hba1c": 7.1, "egfr": 55, "uacr": 40}
    person = person.after(sd.Event("test", "2024-03-01", **sample))
    due = {one.due.item: one.due for each in person.due("2024-05-01") for one in each.serves}
    made = record(("2024-03-01", "test", sample))
    found = {name: sd.recognition(made, due[name], "2024-05-01", RULES, at="T1") for name in due}
    taken = {name: one.entry.get("item") for name, one in found.items() if one.satisfied}
    assert taken == {"hba1c": "hba1c", "kidneys": "kidney_function", "kidney_tests": "kidney_function"}


def test_what_is_due_of_a_course():
    """A service that is due is satisfied by a result of an item that fulfils it; an obligation is no service."""
    stroke = sd.disease("ischaemic-stroke")
    (service,) = (one for one in stroke.services if one.id == "carotid_ultrasound")
    due = Due(
        item=service.id,
        names=service.names,
        since=dt.date(2024, 3, 1),
        due=dt.date(2024, 9, 1),
        overdue=0,
        role=None,
        levels=(),
        reason=service.names,
        breach=False,
        service=service,
    )
    made = record(("2024-03-01", "test", {"item": "carotid_ultrasound", "institution": "H1"}))
    found = sd.recognition(made, due, "2024-06-01", RULES, at="T1")
    assert (found.satisfied, found.item.id) == (True, "carotid_ultrasound")
    nothing = sd.recognition(record(HBA1C), due, "2024-06-01", RULES)
    assert (nothing.satisfied, nothing.item) == (False, None)
    with pytest.raises(sd.UsageError, match="is no service"):
        sd.recognition(made, evolve(due, service=None), "2024-06-01", RULES)
    with pytest.raises(sd.UsageError, match="no item is called"):
        answer(made, "2024-06-01", "xray")


COLUMNS = ("patient_id", "date", "kind", "institution", "hba1c", "reason", "record", "recorded")


def repeats(*rows, **more):
    """List the repeats of one person by item, date and age."""
    people = [{"patient_id": "P1", "birth_date": "1950-01-01"}]
    whole = [{name: row.get(name) for name in COLUMNS} | {"patient_id": "P1"} for row in rows]
    log = sd.read_frames(people, whole)
    return [(r["item"], str(r["date"]), r["age_days"], r["conflict"]) for r in sd.repeated_tests(log, **more)]


FIRST = {"date": "2024-03-01", "kind": "test", "institution": "H1", "hba1c": 7.1}


def test_repeated_tests():
    """Elsewhere, within the days, without a reason; not the own, not too late, not after a change, not as not known."""
    again = {"date": "2024-03-20", "kind": "test", "institution": "H2", "hba1c": 7.2}
    assert repeats(FIRST, again, period="2024") == [("hba1c", "2024-03-20", 19, False)]
    assert repeats(FIRST, again, period="2024-04") == []
    assert repeats(FIRST, again | {"reason": "emergency"}, period="2024") == []
    assert repeats(FIRST, again | {"institution": "H1"}, period="2024") == []
    assert repeats(FIRST, again | {"institution": ""}, period="2024") == []
    assert repeats(FIRST, again | {"date": "2024-06-20"}, period="2024") == []
    assert repeats(FIRST, {"date": "2024-03-10", "kind": "admission"}, again, period="2024") == []
    assert repeats(FIRST | {"recorded": "2024-04-01"}, again, period="2024", as_of="2024-03-31") == []
    torn = {"date": "2024-03-01", "kind": "test", "institution": "H1", "hba1c": 9.0, "record": "x"}
    assert repeats(FIRST, torn, again, period="2024") == [("hba1c", "2024-03-20", 19, True)]


MINE = """
id = "mine"
version = "1"
names = { zh = "互认", en = "recognition" }
[items.ct]
zh = "CT"
en = "CT"
results = { kinds = ["test"], when = 'item == "ct"' }
valid_days = 30
price = 280
"""


def test_rules_of_ones_own():
    """A price goes into the entry; rules without changes and reasons are whole; all faults come at once."""
    rules = sd.recognition_rules(MINE)
    made = record(("2024-03-01", "test", {"item": "ct"}), ("2024-03-02", "admission", {}))
    found = sd.recognition(made, "ct", "2024-03-05", rules)
    assert found.entry.get("amount") == 280
    spoiled = MINE.replace("30", "-1").replace("280", "-5").replace("'item == \"ct\"'", "'item'")
    spoiled += 'status = "sure"\n[reasons.r]\nzh = "理由"\nen = "reason"\ncitation = "x"\n[changed]\nwhen = \'sbp\'\n'
    with pytest.raises(sd.DefinitionError) as refused:
        sd.recognition_rules(spoiled)
    assert [(fault.check, fault.where) for fault in refused.value.faults] == [
        ("wrong_number", "items.ct.valid_days"),
        ("wrong_number", "items.ct.price"),
        ("unknown_status", "items.ct"),
        ("not_a_condition", "items.ct.results.when"),
        ("unknown_citation", "reasons.r"),
        ("not_a_condition", "changed.when"),
    ]
