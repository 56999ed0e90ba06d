"""The table of readers: which format reads what, what it can be told, and what the command line makes of it."""

from __future__ import annotations

from inspect import Parameter, signature

import pytest
from attrs import evolve
from cli_world import registry, run

import singledisease as sd
from singledisease.definitions.citation import Names
from singledisease.io.readers import READERS, Reader, ReaderOption, check_options, reader_for, reader_named

BEYOND_THE_TABLE = {"known", "progress"}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_an_entry_says_what_its_function_takes(reader):
    """The options of an entry, and the common arguments it listens to, are those of the function it names."""
    parameters = list(signature(reader.load()).parameters.values())
    named = {one.name for one in parameters[1:] if one.kind is Parameter.KEYWORD_ONLY}
    assert {*(option.name for option in reader.options), *reader.takes} == named - BEYOND_THE_TABLE
    assert all(one.kind is Parameter.KEYWORD_ONLY for one in parameters[1:])


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_an_entry_is_said_in_both_languages(reader):
    """Formats and options have a name in Chinese and in English, and a choice has something to choose from."""
    for says in (reader.names, *(option.says for option in reader.options)):
        assert says.zh
        assert says.en
    for option in reader.options:
        assert (option.kind == "choice") == bool(option.choices)
        if option.kind == "choice" and option.default:
            assert option.default in option.choices


def test_defaults_are_those_of_the_function():
    """The default that an entry tells people is the one that the function has."""
    for reader in READERS.values():
        parameters = signature(reader.load()).parameters
        for option in reader.options:
            if option.kind == "choice":
                assert parameters[option.name].default == option.default


def test_a_folder_of_tables_is_a_folder(tmp_path):
    """A folder of CSV, an empty one and several paths are read as the library's own files."""
    (tmp_path / "empty").mkdir()
    assert reader_for(registry(tmp_path / "data")).format == "folder"
    assert reader_for(tmp_path / "empty").format == "folder"
    assert reader_for(["a.csv", "b.csv"]).format == "folder"


def test_an_unknown_format_is_refused_with_what_was_meant():
    """A misspelt format names the one that is near it."""
    with pytest.raises(sd.UsageError, match="did you mean synthea"):
        reader_named("sinthea")


READER = Reader(
    format="made",
    names=Names("某", "some"),
    home="singledisease.io.folder:read_folder",
    suffixes=(".made", ".made.gz"),
    takes=("mapping",),
    options=(
        ReaderOption(name="colour", kind="choice", says=Names("颜色", "the colour"), choices=("red", "blue")),
        ReaderOption(name="most", kind="number", says=Names("最多", "how many at most")),
        ReaderOption(name="whole", kind="flag", says=Names("全部", "whether all")),
        ReaderOption(name="zone", kind="text", says=Names("时区", "the zone")),
        ReaderOption(name="codes", kind="value", says=Names("编码", "codes")),
    ),
)


def test_options_are_checked_all_at_once():
    """An option that does not exist, one of another type, and a common argument not listened to are named together."""
    given = {"colour": "rde", "most": "3", "whole": 1, "zone": 8, "codes": object(), "colur": "red"}
    with pytest.raises(sd.UsageError) as refused:
        check_options(READER, given, {"encoding": "gb18030", "mapping": "m.toml"})
    assert [(fault.check, fault.where) for fault in refused.value.faults] == [
        ("unknown_option", "encoding"),
        ("unknown_option", "colur"),
        ("unknown_option", "colour"),
        ("wrong_type", "most"),
        ("wrong_type", "whole"),
        ("wrong_type", "zone"),
    ]
    assert "did you mean red?" in str(refused.value)
    check_options(READER, {"colour": "red", "most": 3, "whole": True, "zone": "UTC"}, {})


def test_files_are_known_by_how_their_names_end():
    """A suffix counts in any letter case and may have two parts; a format without suffixes claims no file."""
    assert READER.ends("a.MADE")
    assert READER.ends("a.made.gz")
    assert not READER.ends("made.csv")
    assert not evolve(READER, suffixes=()).ends("a.made")


def test_what_a_format_needs_is_named():
    """A format whose library is not installed says which extra installs it."""
    missing = evolve(READER, modules=("no_such_module_here",), extra="excel")
    with pytest.raises(sd.MissingExtraError, match=r"singledisease\[excel\]"):
        missing.load()


@pytest.mark.parametrize("command", ["kpi", "inspect", "worklist", "explain"])
def test_the_command_line_has_every_option(command):
    """Every option of every format that can be written as text is an option of every command that reads."""
    page = " ".join(run(command, "--help").stdout.split())
    for reader in READERS.values():
        for option in reader.options:
            assert (f"--{option.name.replace('_', '-')}" in page) == (option.kind != "value")


def test_an_option_of_another_format_is_wrong_usage(tmp_path):
    """On the command line as in Python an option that the format does not have is refused, not ignored."""
    done = run("kpi", registry(tmp_path / "data"), "--period", "2024", "--time-zone", "UTC")
    assert done.exit_code == 2
    assert "time_zone" in done.stderr


def test_an_encoding_is_not_ignored(tmp_path):
    """An encoding given to a format that has its own is refused, not ignored."""
    with pytest.raises(sd.UsageError, match="encoding"):
        sd.read(registry(tmp_path / "data"), format="synthea", encoding="gb18030")


def test_inspecting_a_format_reads_it(tmp_path):
    """Files that say themselves what they hold are read, not guessed at; there is no mapping to correct."""
    (tmp_path / "patients.csv").write_text("Id,BIRTHDATE\na,1950-01-01\n", "utf-8")
    found = sd.inspect(tmp_path, format="synthea", enrolment="none")
    assert (found.mapping, found.trouble, len(found.columns)) == ("", "", 0)
    assert "Mapping" not in found.to_text("en")
    assert [(row["file"], row["rows"]) for row in found.files][:1] == [("patients", 1)]
    with pytest.raises(sd.UsageError, match="colour"):
        sd.inspect(tmp_path, colour="red")
