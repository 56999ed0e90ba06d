"""``transitions`` of a registry in parts gives what it gives of the whole one, and says what it cannot give."""

import pytest
from click.testing import CliRunner

import singledisease as sd
from singledisease.cli.commands import singledisease

ASKED = ["--disease", "hypertension", "--from", "2024-01-01", "--to", "2024-12-31", "--every", "quarter"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Give a registry with refused rows as one folder, and in three parts."""
    path = tmp_path_factory.mktemp("registry")
    sd.simulate(path / "whole", patients=300, seed=3, dirty=0.02)
    sd.partition(path / "whole", path / "parts", parts=3)
    return path


def told(*arguments):
    """Run the command."""
    return CliRunner().invoke(singledisease, ["transitions", *map(str, arguments)])


@pytest.mark.parametrize("show", ["counts", "flows", "matrix"])
@pytest.mark.parametrize("more", [[], ["--by", "sex"], ["--attribute", "hypertension.control", "--carry-days", "90"]])
def test_the_table_is_that_of_the_whole(folders, show, more):
    """Strata and attributes too, and every row is accounted for."""
    asked = [*ASKED, "--show", show, "--format", "csv", *more]
    whole, parts = told(folders / "whole", *asked), told(folders / "parts", *asked)
    assert (whole.exit_code, parts.exit_code) == (0, 0), parts.stderr
    assert parts.stdout == whole.stdout
    assert "events: 读入 read" in parts.stderr


def test_what_takes_everybodys_days_is_refused(folders):
    """The tables that there are, are named."""
    refused = told(folders / "parts", *ASKED, "--show", "incidence")
    assert refused.exit_code == 2
    assert "there are only counts, flows, matrix" in refused.stderr


def test_the_report_shows_the_same_ways(folders):
    """Who went where, and from colour to colour, stands on the page of a registry in parts as on that of the whole."""
    pages = []
    for name in ("whole", "parts"):
        out = folders / f"{name}.html"
        done = CliRunner().invoke(singledisease, ["report", str(folders / name), "--period", "2024", "--out", str(out)])
        assert done.exit_code == 0, done.stderr
        pages.append(out.read_text(encoding="utf-8"))
    whole, parts = (page[page.index('id="passage"') : page.index('id="policies"')] for page in pages)
    assert 'id="colours"' in whole
    assert parts == whole
