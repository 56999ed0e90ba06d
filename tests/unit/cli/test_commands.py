"""Commands are listed without being loaded, and what the list says of them is what they say themselves."""

import json
import subprocess
import sys

import pytest
from cli_world import registry, run
from click.testing import CliRunner

from singledisease.cli.commands import COMMANDS
from singledisease.cli.commands import singledisease as commands

LOADED = """
import json, sys
from singledisease.cli.main import main
sys.argv = ["singledisease", *{arguments!r}]
try:
    main()
except SystemExit as done:
    print(json.dumps([done.code, sorted(sys.modules)]), file=sys.stderr)
"""


def loaded(*arguments):
    """Run the console script in a process of its own: its exit status and the modules it loaded."""
    code = LOADED.format(arguments=list(arguments))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stderr.splitlines()[-1])


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_the_command_says(name):
    """Each command is where the list says, under its own name, with the first line of its own help."""
    command = commands.get_command(None, name)
    assert command.name == name
    assert command.help.split("\n\n")[0].replace("\n", " ") == COMMANDS[name][1]


def test_help_loads_no_command_and_no_array():
    """The help of the whole needs click, and neither NumPy nor anything that computes."""
    status, modules = loaded("--help")
    assert status == 0
    ours = {name for name in modules if name.startswith("singledisease.") and name.count(".") == 1}
    assert ours == {"singledisease.cli", "singledisease.errors", "singledisease.io"}
    assert not {"numpy", "scipy", "rich"} & set(modules)


def test_a_command_loads_itself():
    """Calling one loads its module, and none of the others."""
    status, modules = loaded("simulate", "--help")
    assert status == 0
    assert {name for name in modules if name in [f"singledisease.cli.{module}" for module, _ in COMMANDS.values()]} == {
        "singledisease.cli.simulate"
    }


def test_a_command_that_is_none_is_wrong_usage():
    """There is no such command: status 2, and nothing is loaded to find that out."""
    status, modules = loaded("kip")
    assert status == 2
    assert "numpy" not in modules


@pytest.mark.parametrize("command", ["check", "kpi", "people", "report"])
def test_every_command_refuses_a_definition_in_the_language_asked_for(command, tmp_path):
    """With --lang zh, or where the environment is Chinese, what is wrong with a measure is told in Chinese."""
    file = tmp_path / "mine.toml"
    file.write_text('id = "m"\nversion = "1"\n[[measures]]\nid = "a"\ncolour = "red"\n', "utf-8")
    data = registry(tmp_path / "data")
    asked = {
        "check": ["check", file],
        "kpi": ["kpi", data, "--period", "2024", "--measures", file],
        "people": ["people", data, "--period", "2024", "--measures", file, "--measure", "a", "--group", "numerator"],
        "report": ["report", data, "--period", "2024", "--measures", file, "--out", tmp_path / "r.html"],
    }[command]
    if command == "report":
        told = CliRunner(env={"LC_ALL": "zh_CN.UTF-8"}).invoke(commands, list(map(str, asked)))
    else:
        told = run(*asked, "--lang", "zh")
        assert "the key 'colour' is not known" in run(*asked, "--lang", "en").stderr
    assert told.exit_code == 1
    assert "没有这个键 'colour'" in told.stderr
    assert "定义有误，共" in told.stderr
