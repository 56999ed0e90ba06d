"""Some tables of a TOML text, without reading the rest."""

import tomllib

import pytest

from singledisease.io.definitions.excerpt import excerpt

TEXTS = {
    "one table": '[quantities.cat]\nunit = "points"\nlow = 0\n',
    "between others": '[names]\nen = "COPD"\n[quantities.cat]\nunit = "points"\n[pathway]\ninitial = "none"\n',
    "in two places": "[quantities.cat]\nlow = 0\n[pathway]\na = 1\n[quantities.mmrc]\nlow = 0\n",
    "a table of tables": "[quantities]\ncat = { low = 0 }\n[quantities.mmrc]\nlow = 0\n",
    "quoted": '["quantities".cat]\nlow = 0\n["pathway".x]\nlow = 1\n',
    "with blanks and a comment": "[ quantities . cat ]  # the score\nlow = 0\n[ pathway ] # next\nx = 1\n",
    "windows line ends": '[quantities.cat]\r\nunit = "points"\r\n[pathway]\r\nx = 1\r\n',
    "an array over several lines": '[pathway]\nx = [\n["quantities", 1],\n]\n[quantities.cat]\nlow = [\n  1,\n]\n',
    "a line of an array like a heading": '[quantities.cat]\nlow = [\n["pathway"]\n]\n[pathway]\nx = 1\n',
    "a line of another's array like a heading": '[pathway]\nlow = [\n["quantities"]\n]\n[quantities.cat]\nx = 1\n',
    "tables in an array": '[[services]]\nid = "a"\n[quantities.cat]\nlow = 0\n[[services]]\nid = "b"\n',
    "a heading inside a long text": '[pathway]\nx = """\n[quantities.no]\nlow = 0\n"""\n[quantities.cat]\nlow = 1\n',
    "named, but no table": '[names]\nen = "quantities"\n',
    "nothing of the kind": '[names]\nen = "COPD"\n',
    "empty": "",
}


@pytest.mark.parametrize("name", TEXTS)
def test_it_is_what_reading_all_of_it_gives(name):
    """Whatever stands around a table, it is read as if everything were."""
    whole = tomllib.loads(TEXTS[name].replace("\r\n", "\n"))
    assert excerpt(TEXTS[name], ["quantities"]) == {name: whole[name] for name in ["quantities"] if name in whole}


def test_several_tables_at_once():
    """Each of the asked names is there, the others are not."""
    text = "[a]\nx = 1\n[b]\nx = 2\n[c]\nx = 3\n"
    assert excerpt(text, ["a", "c", "d"]) == {"a": {"x": 1}, "c": {"x": 3}}


def test_what_is_not_asked_for_is_not_read():
    """A slip elsewhere is no matter here; one inside is."""
    assert excerpt("[names]\nen = \n[quantities.cat]\nlow = 0\n", ["quantities"]) == {"quantities": {"cat": {"low": 0}}}
    with pytest.raises(tomllib.TOMLDecodeError):
        excerpt("[quantities.cat]\nlow = \n", ["quantities"])
