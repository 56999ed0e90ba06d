"""The tests of a room stand in the folder that is called as it is."""

from pathlib import Path

UNIT = Path(__file__).parent
ROOMS = UNIT.parents[1] / "src" / "singledisease"
OF_THE_WHOLE = {"class_names", "imports", "mirrors_the_rooms", "values_travel"}
"""Tests that are of no one room."""
TESTED_ELSEWHERE = {"spark"}
"""What needs a cluster is tested beside other clusters, in ``tests/conformance``."""


def _folders(of: Path) -> set[str]:
    return {path.parent.name for path in of.glob("*/*.py")}


def test_every_room_has_a_folder_and_every_folder_is_a_room():
    """What is tested under a name is what is built under it."""
    assert _folders(UNIT) == _folders(ROOMS) - TESTED_ELSEWHERE


def test_beside_the_folders_stand_the_modules_that_stand_beside_the_rooms():
    """A test file in none is of a module in none, or of the package as a whole."""
    tested = {path.stem.removeprefix("test_") for path in UNIT.glob("test_*.py")}
    assert tested - OF_THE_WHOLE <= {path.stem for path in ROOMS.glob("*.py")}
