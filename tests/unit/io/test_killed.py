"""Whoever is killed while a registry or a deck is written leaves the old one, the new one, or one that is refused."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from attrs import evolve
from killed_world import killed

import singledisease as sd
from singledisease.conformance.deck_files import read_deck, write_deck
from singledisease.errors import DataError
from singledisease.io.whole_files import MARK

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are forked and killed")
LOG = sd.simulate(patients=4, seed=1).log()
DECK = sd.conformance_deck(sd.Measure(id="women", numerator=sd.attribute("sex") == "female"), period="2024")


def standing(folder: Path) -> dict[str, bytes]:
    """Give the files of a folder by name."""
    return {one.name: one.read_bytes() for one in folder.iterdir()}


@pytest.mark.parametrize(
    ("old", "new", "write", "read"),
    [
        (LOG, LOG.slice(0, 2), sd.write, sd.read),
        (DECK, evolve(DECK, seed=9, cases=DECK.cases[:1]), write_deck, read_deck),
    ],
    ids=["registry", "deck"],
)
def test_killed_before_each_change(tmp_path, old, new, write, read):
    """Old never stands beside new unless a mark says so and reading refuses it; written again it is whole."""
    here = tmp_path / "here"
    write(new, here / "out")
    after = standing(here / "out")
    shutil.rmtree(here)
    write(old, here / "out")
    before = standing(here / "out")
    shutil.copytree(here, tmp_path / "before")
    stop, marked = 0, 0
    while killed(stop, lambda: write(new, here / "out"), here):
        found = standing(here / "out")
        if MARK in found:
            marked += 1
            with pytest.raises(DataError, match="incomplete_folder"):
                read(here / "out")
            write(new, here / "out")
            assert standing(here / "out") == after
            assert [one.name for one in here.iterdir()] == ["out"]
        else:
            assert found in (before, after)
        shutil.rmtree(here)
        shutil.copytree(tmp_path / "before", here)
        stop += 1
    assert 1 < marked < stop
    assert standing(here / "out") == after
