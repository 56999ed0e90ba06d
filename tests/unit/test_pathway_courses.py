"""Courses of linked sequences: whose they are, taken apart, and carried to another process."""

import pickle

import numpy as np
import pytest
from attrs import evolve
from linked_world import LEND

from singledisease.pathway_courses import NO_ROW, Courses, Moves, Obligations, SpellColumns


def courses():
    """Give the courses of four people, of whom the second has two loans, the third none, the fourth one."""
    person = np.array([0, 1, 2, 3])
    return Courses(
        disease=LEND,
        until=100,
        spells=SpellColumns(
            offsets=np.array([0, 1, 2, 4, 5]),
            state=np.array([0, 0, 0, 1, 1], np.uint8),
            entered=np.array([1, 2, 3, 4, 5], np.int32),
            left=np.array([101, 101, 4, 101, 101], np.int32),
            row=np.array([0, 1, 2, 3, 5]),
            timing=np.full(5, NO_ROW, np.int16),
        ),
        moves=Moves(
            person=person,
            date=np.array([1, 2, 4, 5], np.int32),
            source=np.zeros(4, np.uint8),
            target=np.ones(4, np.uint8),
            row=np.array([0, 1, 3, 5]),
            timing=np.full(4, NO_ROW, np.int16),
        ),
        at_row=np.array([0, 0, 0, 1, 255, 1], np.uint8),
        obligations=Obligations(
            person=person,
            timing=np.zeros(4, np.int16),
            started=np.array([1, 2, 3, 5], np.int32),
            due=np.array([9, 9, 9, 9], np.int32),
            outcome=np.zeros(4, np.uint8),
            ended=np.array([2, 3, 4, 6], np.int32),
            row=np.array([0, 1, 3, 5]),
            resolved=np.full(4, -(2**31), np.int32),
        ),
        owner=np.array([0, 1, 1, 3]),
        link=np.array(["a", "b", "c", "b"], object),
    )


@pytest.mark.parametrize(("person", "numbers"), [(0, [0]), (1, [1, 2]), (2, []), (3, [3])])
def test_each_person_has_the_courses_of_the_own_sequences(person, numbers):
    """A person has as many courses as linked sequences, which may be none."""
    assert list(courses().of_person(person)) == numbers


def test_a_pathway_over_people_has_one_course_for_each():
    """Where nothing is linked the course of a person has the number of the person."""
    found = evolve(courses(), owner=None, link=None)
    assert list(found.of_person(2)) == [2]
    assert found.whose.tolist() == [0, 1, 2, 3]
    assert courses().whose.tolist() == [0, 1, 1, 3]


def test_a_slice_holds_the_sequences_of_its_people():
    """People 1 to 3 and their rows: sequences, moves and obligations are numbered anew, rows from their first."""
    part = courses().slice(1, 4, 1, 6)
    assert part.owner.tolist() == [0, 0, 2]
    assert part.link.tolist() == ["b", "c", "b"]
    assert part.spells.offsets.tolist() == [0, 1, 3, 4]
    assert part.spells.row.tolist() == [0, 1, 2, 4]
    assert part.moves.person.tolist() == part.obligations.person.tolist() == [0, 1, 2]
    assert part.at_row.tolist() == [0, 0, 1, 255, 1]


def test_some_people_keep_their_sequences():
    """Of people 1 and 3 the sequences are kept and their owners numbered by place."""
    part = courses().only(np.array([1, 3]))
    assert part.owner.tolist() == [0, 0, 1]
    assert part.link.tolist() == ["b", "c", "b"]
    assert part.spells.state.tolist() == [0, 0, 1, 1]
    assert part.moves.date.tolist() == [2, 4, 5]
    assert part.obligations.person.tolist() == [0, 1, 2]


def test_sequences_travel():
    """Owners and links are the same in another process, and cannot be written to."""
    again = pickle.loads(pickle.dumps(courses()))
    assert again == courses()
    assert again.link.tolist() == ["a", "b", "c", "b"]
    assert not again.owner.flags.writeable
    assert not again.link.flags.writeable
