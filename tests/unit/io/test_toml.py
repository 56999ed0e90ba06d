"""Diseases as TOML: reading, writing, and what is refused."""

from __future__ import annotations

import datetime as dt
import tomllib

import pytest
from attrs import evolve
from catalogue_world import FULLY_WORKED
from definitions_world import SMALL, gout, small
from hypothesis import given, settings
from hypothesis import strategies as st

from singledisease.catalogue import disease
from singledisease.definitions.citation import DatedValue, Names
from singledisease.definitions.timing import Length
from singledisease.errors import DefinitionError
from singledisease.io.definitions import read_disease, read_disease_text, write_disease
from singledisease.language.parse import parse
from singledisease.testing.diseases import diseases


def refused(text: str) -> list[str]:
    """Give the faults of a text as check and place."""
    with pytest.raises(DefinitionError) as error:
        read_disease_text(text, "gout.toml")
    return [f"{fault.check} {fault.where}" for fault in error.value.faults]


def test_a_disease_is_read_whole():
    """Every part of the file arrives in the disease, states and signals in the order of the file."""
    found = gout()
    assert (found.id, found.version, found.codes, found.names) == ("gout", "1", ("M10",), Names("痛风", "Gout"))
    assert [state.id for state in found.pathway.states] == ["well", "managed", "lost", "closed", "died"]
    assert found.pathway.state("managed").next_step == Names("访", "visit")
    assert found.pathway.signals[1].when == parse('uric_acid >= p("goal")', "gout", found.quantities)
    assert [transition.another_day for transition in found.pathway.transitions] == [False, True, False, False]
    assert found.timings[1].length == Length(parse('p("visit_months")', "gout"), "months")
    assert found.services[0].applies == parse('sex == "male"')
    assert found.parameter("lost_after").policy == "lost_after"
    assert found.target("control").columns == ("uric_acid",)


@pytest.mark.parametrize("name", FULLY_WORKED)
def test_the_catalogue_survives_writing_and_reading(name):
    """What is written of a disease of the catalogue is read back to an equal disease."""
    assert read_disease(write_disease(disease(name))) == disease(name)


@settings(max_examples=40, deadline=None)
@given(diseases())
def test_a_generated_disease_survives_writing_and_reading(made):
    """Whatever disease is written is read back to an equal one, whether or not it is sound."""
    with_citations = evolve(
        made,
        pathway=evolve(
            made.pathway, transitions=tuple(evolve(each, citation="made") for each in made.pathway.transitions)
        ),
    )
    assert read_disease_text(write_disease(with_citations)) == with_citations


@settings(max_examples=60)
@given(
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1), st.text(st.characters(exclude_categories=("Cs",)))
)
def test_any_text_survives_as_a_name_and_as_a_key(name, key):
    """Quotes, control characters and foreign scripts in names and ids are escaped, and read back as they were."""
    made = gout()
    roles = (evolve(made.roles[0], id=key, names=Names(name, name)),)
    written = write_disease(evolve(made, roles=roles, services=()))
    assert tomllib.loads(written)["roles"] == {key: {"zh": name, "en": name}}


def test_numbers_dates_and_optional_parts_survive():
    """Dated values, lengths as numbers, worked-out lengths and a sequence are written so that they read back equal."""
    made = gout()
    dated = (DatedValue(value=7.05), DatedValue(value=6.0, valid_from=dt.date(2026, 3, 1)))
    timing = made.pathway.timings[0]
    timings = (
        evolve(timing, length=Length(400, "days"), leads_to=None, repeats=False),
        evolve(timing, id="worked", length=Length(parse('p("goal", disease="other") + 1'), "months")),
    )
    changed = evolve(
        made,
        parameters=(evolve(made.parameters[0], values=dated), *made.parameters[1:]),
        pathway=evolve(made.pathway, timings=timings, sequence="link", signals=(), transitions=()),
    )
    with pytest.raises(DefinitionError) as error:
        read_disease_text(write_disease(changed))
    checks = {fault.check for fault in error.value.faults}
    assert "unreachable_state" in checks
    tables = tomllib.loads(write_disease(changed))
    assert tables["parameters"]["goal"]["values"] == [{"value": 7.05}, {"value": 6, "valid_from": dt.date(2026, 3, 1)}]
    lengths = [timing["after"] for timing in tables["pathway"]["timings"]]
    assert lengths == [{"days": 400}, {"months": 'p("goal", disease="other") + 1'}]
    assert tables["pathway"]["sequence"] == "link"


def test_a_disease_without_the_optional_parts_survives():
    """Citations, roles, targets and services may all be missing."""
    made = gout()
    bare = evolve(made, roles=(), services=(), targets=())
    assert read_disease_text(write_disease(bare)) == bare


def test_a_text_with_quotes_of_both_kinds_survives():
    """An expression that holds a single quote or a line break is written in double quotes."""
    when = parse('item == "it\'s" or item == "a\\nb"')
    made = gout()
    signals = tuple(evolve(each, when=when) if each.id == "exit" else each for each in made.pathway.signals)
    changed = evolve(made, pathway=evolve(made.pathway, signals=signals))
    assert read_disease_text(write_disease(changed)) == changed


def test_a_file_and_a_path_and_a_text_are_read(tmp_path):
    """A disease is read from a path, given as such or as text, a byte-order mark and CRLF included."""
    path = tmp_path / "gout.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert read_disease(path) == read_disease(str(path)) == read_disease(SMALL) == gout()


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    """A missing file and bytes that are no UTF-8 are documented errors that name the file."""
    with pytest.raises(DefinitionError, match=r"nowhere\.toml: cannot be read"):
        read_disease(tmp_path / "nowhere.toml")
    path = tmp_path / "gb.toml"
    path.write_bytes("痛风".encode("gb18030"))
    with pytest.raises(DefinitionError, match=r"gb\.toml: is not UTF-8 from byte"):
        read_disease(path)


def test_text_that_is_no_toml_is_refused():
    """A text that is no TOML is refused with the line."""
    with pytest.raises(DefinitionError, match=r"gout\.toml is no TOML(.|\n)*line 1"):
        read_disease_text("id = \n", "gout.toml")
    with pytest.raises(DefinitionError, match="this text is no TOML"):
        read_disease_text("x = " + "[" * 5000)


def test_every_fault_of_shape_is_told_at_once():
    """Missing keys, unknown keys and values of the wrong type are all told, each with its place."""
    text = small(
        ('version = "1"\n', ""),
        ('stage = "prevention", ', 'stage = 5, stagee = "x", '),
        ('from = ["well"]\n', 'source = ["well"]\n'),
        ("another_day = true", 'another_day = "yes"'),
        ("after_days = 7", "after_days = true"),
        ("value = 360", 'value = "360"'),
        ('kinds = ["enrolment"]', 'kinds = "enrolment"'),
        ("year = 2024", "year = 2024-01-01"),
        ('after = { months = "lost_after" }', "after = { months = true }"),
    )
    with pytest.raises(DefinitionError) as error:
        read_disease_text(text, "gout.toml")
    told = {fault.where: fault.message for fault in error.value.faults}
    assert told["version"] == "the key 'version' is missing"
    assert told["pathway.states.well.stage"] == "expected text, got 5"
    assert told["pathway.states.well"] == "the key 'stagee' is not known; did you mean stage?"
    assert told["pathway.transitions[0].from"] == "the key 'from' is missing"
    assert told["pathway.transitions[0]"].startswith("the key 'source' is not known; ")
    assert told["pathway.transitions[1].another_day"] == "expected true or false, got 'yes'"
    assert told["pathway.transitions[3].after_days"] == "expected a whole number, got True"
    assert told["parameters.goal.value"] == "expected a number, got '360'"
    assert told["pathway.signals[0].kinds"] == "expected a list of texts, got 'enrolment'"
    assert told["citations.guide.year"].startswith("expected a whole number, got datetime.date")
    assert told["pathway.timings[0].after.months"] == "expected text or a number, got True"


def test_a_date_with_a_time_is_no_date():
    """A first day on which a value holds is a day, not a moment."""
    moment = "values = [{ value = 1, valid_from = 2026-03-01T00:00:00 }]"
    assert refused(small(("value = 360", moment))) == ["file_shape parameters.goal.values[0].valid_from"]


def test_an_odd_error_is_still_told():
    """A list where a table is expected is refused in words."""
    assert refused(small(("[names]\n", "[[names]]\n")))[0].startswith("file_shape names")


def test_faults_of_expressions_and_of_checks_are_told_together():
    """An expression that cannot be read does not hide the other faults, and makes none of its own."""
    text = small(
        ("uric_acid >= p", "uric_acd >= p"),
        ("mode in (", "mode on ("),
        ("""applies = 'sex == "male"'""", """applies = 'sexx == "male"'"""),
        ("goal = 'uric_acid < p", "goal = 'uric_acid < q"),
        ('on = "enrolment"', 'on = "enrolmnt"'),
        ('after = { months = "lost_after" }', "after = { months = 'p(' }"),
    )
    assert refused(text) == [
        "unknown_name pathway.signals.high.when, character 1",
        "syntax pathway.timings.silence.after, character 2",
        "unknown_name targets.control.goal, character 13",
        "syntax services.visit.met_by, character 6",
        "unknown_name services.visit.applies, character 1",
        "unknown_signal the transition to managed",
        "wrong_kind pathway.timings.silence.after",
        "unused_signal pathway.signals.enrolment",
    ]


def test_a_value_and_a_length_have_one_form():
    """A parameter has a value or values, a length days or months: neither and both are refused."""
    text = small(("value = 360\n", ""), ('after = { months = "visit_months" }', "after = { }"))
    assert refused(text)[:2] == ["file_shape parameters.goal", "file_shape services[0].after"]
    both = small(
        ("value = 360\n", "value = 360\nvalues = [{ value = 360 }]\n"),
        ('after = { months = "visit_months" }', "after = { months = 1, days = 1 }"),
    )
    assert refused(both)[:2] == ["file_shape parameters.goal", "file_shape services[0].after"]


def test_a_shape_without_a_name_is_refused_under_the_id_of_the_disease():
    """A file without a name is told by the id it holds."""
    with pytest.raises(DefinitionError, match="gout is not sound"):
        read_disease_text(small(('status = "unverified"', 'status = "sure"')))


def test_a_fault_of_an_expression_is_told_at_its_key():
    """A text that stands for no single value is refused at the key that holds it."""
    assert refused(small(("when = 'uric_acid >= p(\"goal\")'", "when = '(1, 2)'")))[0] == (
        "no_value pathway.signals.high.when, character 1, (1, 2) (tuple)"
    )
