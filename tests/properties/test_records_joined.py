"""Records of several systems are joined at once as they are person by person: pairs, rows that stay, and the log."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

import singledisease as sd
from singledisease.clinic.stored import event_row
from singledisease.county.joined_records import named
from singledisease.county.shared_events import shared_events

SAID = {
    "date": ["2024-03-01", "2024-03-02"],
    "kind": ["follow_up", "test", "ward_round"],
    "mode": ["", "clinic", "home"],
    "sbp": ["", "138", "148"],
    "reason": ["", "moved"],
    "institution": ["", "H1"],
    "record": ["", "r1", "r2"],
    "recorded": ["", "", "2024-03-09"],
    "withdrawn": ["", "", "", "2024-03-10"],
    "emergency": ["", "true", "false"],
    "mood": ["", "good"],
}


def system(draw, name, further):
    """Give the registry of a system: some of twelve cards, one or two records each, with rows of a few kinds."""
    cards = [card for card in range(12) for _ in range(draw.randrange(3))]
    people = [
        {"patient_id": f"{name}{i}", "birth_date": "1950-03-01", "card": f"C{card}", "sex": draw.choice(["", "male"])}
        for i, card in enumerate(cards)
    ]
    columns = {**SAID, **further}
    rows = [
        {"patient_id": one["patient_id"], **{column: draw.choice(values) for column, values in columns.items()}}
        for one in people
        for _ in range(draw.randrange(6))
    ]
    return sd.read_frames(people or [{"patient_id": name, "birth_date": ""}], rows or [{"patient_id": name}][:0])


def said_of(log, place, name):
    """Give the events of a person of a system, with its name."""
    return [
        sd.Event(event.kind, event.date, row=event.row, values={**event.values, "source": name})
        for event in log.events_of(place)
    ]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([None, "2024-03-05"]))
def test_at_once_as_person_by_person(seed, as_of):
    """Three systems, of which one lacks a column that the others have, and two hold the cards of one person twice."""
    draw = Random(seed)
    logs = {name: system(draw, name, further) for name, further in (("his", {}), ("lis", {"item": ["", "ct"]}))}
    logs["phr"] = system(draw, "phr", {"amount": ["", "12.5"]})
    joined = sd.join_records(logs, identifiers=["card"], as_of=as_of)
    known = {name: log if as_of is None else log.as_of(as_of) for name, log in logs.items()}
    rows = []
    for group in joined.links.groups:
        events = [event for name, id in group for event in said_of(known[name], known[name].find(id), name)]
        found = shared_events(events, list(logs))
        assert joined.events.get(named(group), ()) == found.pairs
        rows += [{"patient_id": named(group), **event_row(event)} for event in found.kept]
    names = dict.fromkeys(["patient_id", "date", "kind", *(name for row in rows for name in row)])
    people = [
        {"patient_id": id, "birth_date": "" if joined.log.person_at(i).birth is None else "1950-03-01"}
        for i, id in enumerate(joined.log.people.ids.tolist())
    ]
    again = sd.read_frames(people, [{name: row.get(name) for name in names} for row in rows])
    for place in range(len(people)):
        assert [event.values for event in joined.log.events_of(place)] == [e.values for e in again.events_of(place)]
