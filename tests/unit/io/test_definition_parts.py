"""Code sets, tiers, typed columns and clocks in TOML: read, written back, and refused with every fault."""

from __future__ import annotations

import pytest
from attrs import evolve
from definitions_world import gout, small

from singledisease.definitions.citation import Names
from singledisease.definitions.code_set import CodeSet
from singledisease.definitions.disease import Disease
from singledisease.definitions.timing import Length
from singledisease.errors import DefinitionError
from singledisease.io.definitions import build, read_disease_text, write_disease
from singledisease.io.definitions.elements import SECTIONS
from singledisease.io.definitions.layout import schema_of
from singledisease.language.nodes import Literal
from singledisease.language.parse import parse

PARTS = """
[codes]
disease = ["M10"]

[codes.stones]
names = { zh = "结石", en = "stones" }
prefixes = ["N20"]
citation = "guide"

[codes.own]
system = "local"
codes = ["A", "B"]

[attributes.own_goal]
names = { zh = "个体目标", en = "own goal" }
kind = "number"
unit = "µmol/L"

[institutions.adults]
names = { zh = "成年人口", en = "adults" }
kind = "number"

[tiers.risk]
names = { zh = "风险", en = "risk" }
kinds = ["checkup", "test"]
valid = "visit_months"
citation = "guide"
status = "unverified"
levels = [{ id = "low", zh = "低", en = "low", colour = "green" }, { id = "high", zh = "高", en = "high" }]
rules = [{ level = "high", when = 'uric_acid >= p("goal")' }, { level = "low" }]

[roles]
"""


def whole() -> Disease:
    """Give the small disease with every further part."""
    return read_disease_text(small(('codes = ["M10"]\n', ""), ("[roles]\n", PARTS)))


def refused(*changes: tuple[str, str], parts: str = PARTS) -> list[str]:
    """Give what is told of the small disease with further parts."""
    with pytest.raises(DefinitionError) as error:
        read_disease_text(small(('codes = ["M10"]\n', ""), ("[roles]\n", parts), *changes))
    return [f"{fault.check} {fault.where}: {fault.message}" for fault in error.value.faults]


def test_every_further_part_is_read():
    """Code sets by codes and by prefixes, columns of people and institutions, and a tier with its rules arrive."""
    found = whole()
    assert found.codes == ("M10",)
    assert found.code_sets == (
        CodeSet(name="stones", names=Names("结石", "stones"), codes=("N20",), prefixes=True, citation="guide"),
        CodeSet(name="own", system="local", codes=("A", "B")),
    )
    assert [(column.name, column.kind, column.unit) for column in found.attributes] == [
        ("own_goal", "number", "µmol/L")
    ]
    assert found.institution_columns[0].names == Names("成年人口", "adults")
    risk = found.tier("risk")
    assert [level.id for level in risk.levels] == ["low", "high"]
    assert [rule.when for rule in risk.rules] == [
        parse('uric_acid >= p("goal")', "gout", found.quantities),
        Literal(True, "bool"),
    ]
    assert (risk.valid, risk.status) == (parse('p("visit_months")', "gout"), "unverified")


def test_every_further_part_is_written_back():
    """What was read is written and read back the same."""
    found = whole()
    text = write_disease(found)
    assert '[codes]\ndisease = ["M10"]\n' in text
    assert read_disease_text(text) == found


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('disease = ["M10"]\n', "", "file_shape codes.disease: the key 'disease' is missing"),
        ('prefixes = ["N20"]\n', "", "file_shape codes.stones: needs either codes or prefixes"),
        (
            'prefixes = ["N20"]',
            'prefixes = ["N20"]\ncodes = ["N20"]',
            "file_shape codes.stones: needs either codes or prefixes",
        ),
        (
            'kind = "number"\nunit',
            'kind = "nmber"\nunit',
            "unknown_kind attributes.own_goal: no kind of value is called 'nmber'",
        ),
        ("levels = [{", "levels = [5, {", "file_shape tiers.risk.levels[0]: expected a table, got 5"),
        ("rules = [{ level", "rules = [{ lvel", "file_shape tiers.risk.rules[0].level: the key 'level' is missing"),
        ("rules = [", "rules = 5 #", "file_shape tiers.risk.rules: expected a list of tables, got 5"),
        ('valid = "visit_months"', "valid = true", "file_shape tiers.risk.valid: expected text or a number, got True"),
        ("[tiers.risk]", "[tiers]\nrisk = 5\n[tier.risk]", "file_shape tiers.risk: expected a table, got 5"),
        (
            '{ zh = "风险", en = "risk" }',
            '{ zh = "风险", eng = "risk" }',
            "file_shape tiers.risk.names.en: the key 'en' is missing",
        ),
        (
            '{ zh = "风险", en = "risk" }',
            '"risk"',
            "file_shape tiers.risk.names: expected names in two languages, got 'risk'",
        ),
        (
            "when = 'uric_acid",
            "when = 5 #",
            "file_shape tiers.risk.rules[0].when: expected an expression as text, got 5",
        ),
    ],
)
def test_what_is_wrong_is_told(old, new, told):
    """Each fault of shape or of meaning is told at its key."""
    assert old in PARTS
    parts = PARTS.replace(old, new, 1)
    if "rules[0].when" in told:
        parts = parts.replace(new, "when = 5 }] #")
    assert any(each.startswith(told) for each in refused(parts=parts)), refused(parts=parts)


@pytest.mark.parametrize(
    ("after", "length"),
    [
        ('{ weeks = "visit_weeks" }', Length(parse('p("visit_weeks")', "gout"), "weeks")),
        ('"visit_months"', Length(parse('p("visit_months")', "gout"), "months")),
        ('"visit_weeks"', Length(parse('p("visit_weeks")', "gout"), "weeks")),
        (
            '\'case((sex == "male", p("visit_months")), p("lost_after"))\'',
            Length(parse('case((sex == "male", p("visit_months")), p("lost_after"))', "gout"), "months"),
        ),
    ],
)
def test_lengths(after, length, monkeypatch):
    """A length is in days, weeks or months, or in the unit of the parameters it is made of."""
    weeks = (
        '[parameters.visit_weeks]\nvalue = 6\nunit = "weeks"\nnames = { zh = "周", en = "weeks" }\n'
        'citation = "guide"\nstatus = "proposal"\n\n[roles]\n'
    )
    text = small(("[roles]\n", weeks), ('after = { months = "visit_months" }', f"after = {after}"))
    # Whether the engines follow such a length is no matter of reading it.
    monkeypatch.setattr(build, "check", lambda disease: ())
    found = read_disease_text(text)
    assert found.services[0].timing.length == length
    assert read_disease_text(write_disease(found)) == found


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ("5", "file_shape services[0].after: expected a table, got 5"),
        ('"goal"', "file_shape services[0].after: 'goal' is in µmol/L, a length is in days, weeks or months"),
        ('"nowhere"', "file_shape services[0].after: 'nowhere' is in no unit, a length is in days, weeks or months"),
        ("'p(\"goal\") +'", "syntax services.visit.after, character 1"),
        (
            '\'p("goal") + p("visit_months")\'',
            'file_shape services[0].after: \'p("goal") + p("visit_months")\' is in no unit',
        ),
        ("{ years = 1 }", "file_shape services[0].after: the key 'years' is not known"),
        ("{ weeks = 1, days = 1 }", "file_shape services[0].after: needs one of days, weeks and months"),
    ],
)
def test_lengths_that_are_refused(after, told):
    """A length of no time, in no unit or in two is refused at its key."""
    found = refused(('after = { months = "visit_months" }', f"after = {after}"))
    assert any(each.startswith(told) for each in found), found


def test_a_clock_that_starts_from_a_date_is_read_and_written(monkeypatch):
    """``from`` of a timing is the date column from which it runs."""
    monkeypatch.setattr(build, "check", lambda disease: ())
    service = gout().services[0]
    changed = evolve(gout(), services=(evolve(service, timing=evolve(service.timing, starts_from="until")),))
    text = write_disease(changed)
    assert 'after = { months = "visit_months" }\nfrom = "until"\n' in text
    assert read_disease_text(text) == changed


def test_keys_at_the_top_and_of_the_pathway_are_known():
    """A key that nobody reads is told with the one that was meant, at the top and in the pathway."""
    found = refused(('id = "gout"', 'id = "gout"\nidd = 1'), ('died = "died"', 'died = "died"\ninital = 1'))
    assert "file_shape idd: " not in found
    assert any(each.startswith("file_shape the file: the key 'idd' is not known; did you mean id?") for each in found)
    assert any(
        each.startswith("file_shape pathway: the key 'inital' is not known; did you mean initial") for each in found
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([('initial = "well"\n', "")], "file_shape pathway.initial: the key 'initial' is missing"),
        ([('initial = "well"', "initial = 5")], "file_shape pathway.initial: expected text, got 5"),
        ([('died = "died"', 'died = "died"\nsequence = 5')], "file_shape pathway.sequence: expected text, got 5"),
        (
            [
                ("[[pathway.signals]]", "[pathway.signals]"),
                ("[[pathway.signals]]", "[pathway.signals.b]"),
                ("[[pathway.signals]]", "[pathway.signals.c]"),
                ("[[pathway.signals]]", "[pathway.signals.d]"),
            ],
            "file_shape pathway.signals: expected a list of tables",
        ),
        (
            [("[roles]\n", "[order]\nsignal = []\n\n[roles]\n")],
            "file_shape order: the key 'signal' is not known; did you mean signals?",
        ),
    ],
)
def test_the_pathway_and_the_order_have_a_shape(changes, told):
    """Ends that are missing or no text, and sections that are no lists, are told."""
    with pytest.raises(DefinitionError) as error:
        read_disease_text(small(*changes))
    found = [f"{fault.check} {fault.where}: {fault.message}" for fault in error.value.faults]
    assert any(each.startswith(told) for each in found), found


@pytest.mark.parametrize("what", ["pathway = 5", "uses = 5\n", "roles = 5\n"])
def test_a_table_that_is_none_is_told(what):
    """A section that holds a number is refused, whatever else is missing."""
    with pytest.raises(DefinitionError) as error:
        read_disease_text(f'id = "x"\n{what}')
    name = what.partition(" ")[0]
    assert name in [fault.where for fault in error.value.faults]


def test_every_key_says_what_it_is_for_in_both_languages():
    """Each key of each table has a line in Chinese and in English, and a JSON Schema."""
    for layout in SECTIONS.values():
        for key in layout.keys:
            assert key.says.zh.strip(), f"{layout.name}.{key.name}"
            assert key.says.en.strip(), f"{layout.name}.{key.name}"
        assert set(schema_of(layout)["properties"]) == layout.known
