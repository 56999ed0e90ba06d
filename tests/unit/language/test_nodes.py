"""Every node is written, said and checked: no table of forms leaves one out."""

from typing import get_args

import pytest

from singledisease.definitions.wording import phrases
from singledisease.definitions.wording.sentences import say
from singledisease.errors import DefinitionError
from singledisease.language import format as formats
from singledisease.language import nodes as n
from singledisease.language import typecheck
from singledisease.language.parse import parse, write

NODES = {*get_args(n.Node), n.Codes, n.CodesOf}
TYPED = [
    *(
        text
        for text in (
            "events().latest(2).count()",
            "events().overlapping(PERIOD).exists()",
            'spells("h").overlapping(months(-1, 0)).count()',
            'events().count_distinct("institution")',
            "events().covered(PERIOD)",
            "events().gap(PERIOD, open_ended=True)",
            'tier("h.risk") == "high"',
            'in_tier("h", "risk", "high", during=PERIOD)',
            'code.is_in(codes("h.pregnancy"))',
            'institution("adults", "number")',
            'activities("round", "else").same("institution").exists()',
            'sequences("h").within(PERIOD).count()',
            'institutions().where(institution("level") == "county")',
            'services("h").where(outcome == "late").count()',
            "events().first().value(sbp - dbp)",
        )
    )
]


def test_every_node_has_a_text_and_wording():
    """The printer and the wording have a form for each node, and for nothing that is no node."""
    assert set(formats._FORMS) == NODES
    assert set(phrases._FORMS) == NODES


def test_every_value_has_a_type_rule():
    """The type check has a rule for each value."""
    assert set(typecheck._RULES) == set(get_args(n.Value))


@pytest.mark.parametrize("text", TYPED)
def test_every_node_is_read_written_and_said(text):
    """What is read is written back to the same node, and said differently in the two languages."""
    node = parse(text)
    assert parse(write(node)) == node
    assert say(node, "zh") != say(node, "en")
    assert "" not in (say(node, "zh"), say(node, "en"))


LEVELS = {
    'events().within(between(this("date") - 90, this("date") - 1)).exists()': "row",
    'events().where(~events().within(between(this("date") - 90, this("date") - 1)).exists()).count()': "person",
    'events().covered(between(this("date"), this("until")))': "row",
    'events().where(events().covered(between(this("date"), this("until"))) > 1).count()': "person",
    'events().where(events().last().value(this("sbp") < sbp)).count()': "person",
    'events().last().value(this("sbp") < sbp)': "row",
    'events().where(events().where(this("date") == date).exists()).count()': "person",
    'events().where(in_state("h", "a", on=this("date"))).count()': "row",
    'institution("adults", "number")': "person",
    'tier("h.risk", on=date)': "row",
    'in_tier("h", "risk", "high", during=between(date, None))': "row",
    'events().same("link").exists()': "row",
    'code.is_in(codes("h.x"))': "row",
    'attribute("postcode").is_in(codes("town", "1"))': "person",
}


@pytest.mark.parametrize(("text", "level"), LEVELS.items(), ids=LEVELS)
def test_levels_follow_the_outer_row(text, level):
    """With ``this`` and ``same`` a selection is a row's; in the condition of another selection that row is its own."""
    assert typecheck.level_of(parse(text)) == level


WRONG = {
    "events().latest(0)": "no_number",
    "events().earliest(True)": "no_number",
    "events().earliest(1.5)": "no_number",
    'breaches("h").overlapping(PERIOD)': "unknown_column",
    'services("h").covered(PERIOD)': "unknown_column",
    "institutions().within(PERIOD)": "unknown_column",
    "events().covered(until(date))": "window_of_row",
    "events().count_distinct()": "column_missing",
    'breaches("h").same("link").exists()': "unknown_column",
    'spells("h").where(events().same("link").exists())': "unknown_column",
    'spells("h").where(events().within(on(this("due"))).exists())': "unknown_column",
    "activities().count()": "no_person",
    'events().where(activities().same("institution").exists())': "no_person",
    "institutions().where(events().exists())": "no_person",
    'institutions().where(spells("h").exists())': "no_person",
    'institutions().where(sex == "male")': "no_person",
    "activities().where(age(on=date) > 1)": "no_person",
    'institutions().where(managed("h"))': "no_person",
    'institutions().where(in_tier("h", "risk", "high", during=PERIOD))': "no_person",
    'attribute("x", "text", "mmHg") == "a"': "unit_differs",
    'institution("level", "number") > 1': "unknown_column",
    'tier("h.") == "high"': "tier_missing",
    'tier(".risk") == "high"': "disease_missing",
    'in_tier("h", "risk", during=PERIOD)': "too_few",
    'in_tier("h", "risk", on=PERIOD.end)': "too_few",
    'in_tier("h", "risk", "high", on=PERIOD.end, during=PERIOD)': "on_or_during",
    'codes("x")': "disease_missing",
    'code.is_in(codes("x", " "))': "empty_code_set",
    'code.is_in(codes("h.x"), "y")': "one_code_set",
    'sbp.is_in(codes("h.x"))': "kind_differs",
    'code.is_in(codes("h.x"), system=sbp)': "kind_differs",
    'codes("h.x") == 1': "no_value",
    'activities("").where(sbp > 1)': "unknown_name",
    "events().last().value(sbp, dbp)": "arguments",
    "events().minimum()": "arguments",
}


@pytest.mark.parametrize(("text", "check"), WRONG.items(), ids=WRONG)
def test_what_is_not_well_made_is_refused_by_name(text, check):
    """Each mistake has one named fault."""
    with pytest.raises(DefinitionError) as error:
        parse(text)
    assert {fault.check for fault in error.value.faults} == {check}


def test_rows_of_no_person_are_not_cut_by_a_persons_days():
    """Nobody's birthday bounds what institutions did, counted by itself; the period does, and the row's own dates."""
    did = n.Activities(())
    born = n.Within(did, n.Between(n.Attribute("birth_date", "date"), None))
    assert {fault.check for fault in typecheck.faults_of(born)} == {"no_person"}
    assert typecheck.faults_of(n.Within(did, n.Between(n.PeriodStart(), None))) == ()
    events = n.Within(n.Events(()), n.Between(n.Attribute("birth_date", "date"), None))
    assert typecheck.faults_of(events) == ()
