"""Threads that stay: the same ones for every question of a process, in order, and new ones in a forked process."""

from __future__ import annotations

import threading

import pytest

from singledisease.scorecard import standing_threads
from singledisease.scorecard.standing_threads import mapped


def _name(_: int) -> str:
    return threading.current_thread().name


@pytest.mark.parametrize(("items", "threads"), [([3, 1, 2], 1), ([3], 2)])
def test_one_thread_or_one_item_needs_no_other_thread(items, threads):
    """What one thread does, or one item asks, is worked out where it is asked for."""
    assert set(mapped(_name, items, threads)) == {threading.current_thread().name}


def test_results_stand_in_the_order_of_items():
    """However many threads work, the first result is that of the first item."""
    assert list(mapped(lambda each: each * each, range(50), 3)) == [each * each for each in range(50)]


def test_threads_stay_from_one_question_to_the_next():
    """A second question is worked out by the threads of the first, none of them the one that asks."""
    first, second = (set(mapped(_name, range(20), 2)) for _ in range(2))
    assert len(first | second) <= 2
    assert threading.current_thread().name not in first | second


def test_a_forked_process_has_threads_of_its_own(monkeypatch):
    """Threads do not follow into a forked process: another number of the process means others."""
    before = set(mapped(_name, range(20), 2))
    monkeypatch.setattr(standing_threads.os, "getpid", lambda: 0)
    assert not before & set(mapped(_name, range(20), 2))


def test_an_error_is_told_and_the_next_question_answered():
    """What fails on a thread is raised where its result is taken, and the threads go on working."""
    with pytest.raises(ZeroDivisionError):
        list(mapped(lambda each: 1 // each, [1, 0, 1], 2))
    assert list(mapped(abs, [-1, -2], 2)) == [1, 2]
