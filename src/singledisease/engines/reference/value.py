"""Values of a row and values of a person."""

from __future__ import annotations

from functools import lru_cache

from singledisease import dates
from singledisease.engines.reference.meaning import Meaning, meaning
from singledisease.engines.reference.rows import concerns
from singledisease.engines.reference.scene import Scene
from singledisease.eventlog.columns import PlainValue
from singledisease.eventlog.person import Person
from singledisease.language import nodes

# A ROW AND A PERSON


@meaning.register
def _(node: nodes.Literal) -> Meaning:
    value = None if node.value == "" else node.value
    return lambda scene: value


@meaning.register
def _(node: nodes.Column) -> Meaning:
    name = node.name
    if name in ("date", "kind"):
        return lambda scene: None if scene.row is None else scene.row.get(name)
    return lambda scene: None if scene.row is None else scene.row.values.get(name)


@meaning.register
def _(node: nodes.Concerns) -> Meaning:
    def value(scene: Scene) -> bool | None:
        return None if scene.row is None else concerns(scene.row, scene.way(node.disease).disease)

    return value


@meaning.register
def _(node: nodes.Attribute) -> Meaning:
    return lambda scene: attribute(scene.person, node.name)


def attribute(person: Person, name: str) -> PlainValue | None:
    """Give a column of the person, ``None`` if missing.

    >>> attribute(Person("P1", sex="female", attributes={"village": "Dongguan"}), "village")
    'Dongguan'
    """
    match name:
        case "patient_id":
            return person.id
        case "birth_date":
            return person.birth
        case "sex":
            return person.sex
        case "death_date":
            return person.death
        case "death_recorded":
            return person.death_recorded
    return person.attributes.get(name) or None


@meaning.register
def _(node: nodes.Age) -> Meaning:
    on = meaning(node.on)

    def value(scene: Scene) -> float | None:
        day, birth = on(scene), scene.person.birth
        return None if day is None or birth is None else float(_age(birth, int(day)))

    return value


# Several signals ask for the age at one and the same event.
_age = lru_cache(maxsize=1024)(dates.age)


@meaning.register
def _(node: nodes.PeriodStart) -> Meaning:
    return lambda scene: scene.start


@meaning.register
def _(node: nodes.PeriodEnd) -> Meaning:
    return lambda scene: scene.asked
