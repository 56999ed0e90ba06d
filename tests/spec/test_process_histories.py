"""What passes between institutions, by histories told as tables: ``processes/ID.toml``, walked by both engines.

A ``[[history]]`` has one person's events, each change of state with its link, and where it matters the timings open on
the last day, met and breached, and the entries that came out of turn: link, status and the state they came in.
"""

import tomllib
from pathlib import Path

import pytest
from tables import lines, log_of

import singledisease as sd
from singledisease.catalogue import process_ids
from singledisease.catalogue.processes import process
from singledisease.definitions.checks import check
from singledisease.definitions.resolve import resolve_disease

FOLDER = Path(__file__).parent / "processes"
FILES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
HISTORIES = [
    pytest.param(name, history, id=f"{name}-{i}")
    for name, file in FILES.items()
    for i, history in enumerate(file["history"], 1)
]


@pytest.mark.parametrize(("name", "history"), HISTORIES)
def test_history(engine, name, history):
    """The state of each course changes on the days told, and obligations end as told."""
    walked = resolve_disease(process(name), history.get("policy", {}))
    events = _with_who(history["events"])
    log, courses = engine.courses(walked, events, history["until"], _person(history))
    links = [""] * courses.people if courses.link is None else courses.link
    found = [
        " ".join([line.split()[1], *filter(None, [links[number]]), line.split()[0]])
        for number in range(courses.people)
        for line in engine.spells_of(log, courses, number)
    ]
    assert sorted(found) == sorted(lines(history["states"])), history["tells"]
    outcomes = {}
    for line in engine.obligations(walked, events, until=history["until"], people=_person(history))[1:]:
        _, timing, _, due, outcome, *_ = line.split()
        outcomes.setdefault(outcome, []).append(f"{timing} {due}")
    for told, outcome in (("due", "open"), ("met", "met"), ("breached", "breached")):
        assert set(history.get(told, ())) <= set(outcomes.get(outcome, ())), (told, outcomes)


@pytest.mark.parametrize(("name", "history"), HISTORIES)
def test_clinic(name, history):
    """Clinic software, entering the same rows backwards, stands in the same state and tells what came out of turn."""
    one = process(name)
    events = log_of(_with_who(history["events"]), _person(history)).events_of(0)
    links = dict.fromkeys(str(event.get("link")) for event in events if event.get("link"))
    untaken = []
    for link in links if one.pathway.sequence == "link" else (None,):
        course = sd.start(
            one,
            "A",
            birth_date=history.get("birth"),
            death_date=history.get("death"),
            link=link,
            policy=history.get("policy"),
        )
        for event in reversed(events):
            course = course.after(event)
        assert sd.Course.from_dict(course.to_dict(), one) == course
        untaken += [
            " ".join([*filter(None, [link]), str(out.event.get("status") or out.event.kind), out.state.id])
            for out in sd.out_of_turn(course)
        ]
        last = [line.split()[-1] for line in lines(history["states"]) if link is None or line.split()[1] == link]
        state = course.on(history["until"])
        assert (None if state is None else state.id) == (last[-1] if last else None)
    assert untaken == history.get("out_of_turn", untaken)


@pytest.mark.parametrize("name", process_ids())
def test_process_is_sound_and_told(name):
    """Every process passes every check, is no disease, and has histories that reach every one of its states."""
    one = process(name)
    assert check(one) == ()
    assert name not in sd.diseases()
    reached = {line.split()[-1] for history in FILES[name]["history"] for line in lines(history["states"])}
    assert reached == {state.id for state in one.pathway.states}


def _with_who(events):
    heading, *rows = lines(events)
    return "\n".join([f"who {heading}", *(f"A {row}" for row in rows)])


def _person(told):
    given = {name: told[name] for name in ("birth", "sex", "death") if name in told}
    return " ".join(["who", *given]) + "\n" + " ".join(["A", *given.values()])
