"""Pathways drawn: everything is there, in both languages, and nothing breaks the notation."""

import re
from itertools import product

import pytest
from attrs import evolve
from catalogue_world import in_forms

from singledisease import catalogue
from singledisease.definitions.citation import Names
from singledisease.errors import UsageError
from singledisease.report.diagrams import FORMATS, diagram, dot, draw, mermaid, table
from singledisease.tables import Table

DISEASES = catalogue.disease_ids()
LANGUAGES = ("zh", "en")


def expanded(drawn):
    """Give every arrow between two states, hubs spread out."""
    states = {hub.id: hub.states for hub in drawn.hubs}
    return {
        (one, arrow.target, arrow.kind) for arrow in drawn.arrows for one in states.get(arrow.source, (arrow.source,))
    }


@pytest.mark.parametrize("name", DISEASES)
def test_every_transition_timing_and_death_has_its_arrow(name):
    """Hubs stand for exactly the states they name."""
    disease = catalogue.disease(name)
    pathway = disease.pathway
    wanted = {(source, t.target, "signal") for t in pathway.transitions for source in t.sources}
    wanted |= {(state, t.leads_to, "timing") for t in pathway.timings if t.leads_to for state in t.states}
    wanted |= {(state.id, "died", "death") for state in pathway.states if state.id != "died"}
    assert expanded(diagram(disease)) == wanted


@pytest.mark.parametrize(("name", "form"), list(in_forms(*product(("mermaid", "dot"), LANGUAGES))))
def test_names_conditions_timings_and_services_are_drawn(name, form):
    """Each state, signal, leading timing, service and role appears by its name, and how long each timing is."""
    disease = catalogue.disease(name)
    notation, language = form
    text = draw(disease, notation, language)
    assert isinstance(text, str)
    timings = [timing for timing in disease.pathway.timings if timing.leads_to]
    used = [role for role in disease.roles if role.id in {service.role for service in disease.services}]
    for part in (*disease.pathway.states, *disease.pathway.signals, *disease.services, *timings, *used):
        assert escaped(part.names.in_language(language), notation) in text, part.id
    another_day = "另一日" if language == "zh" else "on another day"
    assert (another_day in text) == any(transition.another_day for transition in disease.pathway.transitions)


def escaped(name, notation):
    """Give a name as a notation writes its signs."""
    return name.replace("<", "#lt;").replace(">", "#gt;") if notation == "mermaid" else name


@pytest.mark.parametrize("language", LANGUAGES)
def test_conditions_are_drawn_in_words(language):
    """How long, by whom and on which day stands there in the reader's language."""
    for text in (draw(catalogue.disease("hypertension"), form, language) for form in ("mermaid", "dot")):
        assert ("12个月" if language == "zh" else "12 months") in text
        assert ("村医" if language == "zh" else "village doctor") in text
        assert ("另一日" if language == "zh" else "on another day") in text


@pytest.mark.parametrize(("name", "language"), list(in_forms(*LANGUAGES)))
def test_the_table_has_a_row_for_each_part(name, language):
    """Transitions, timings and services, each by its name, with its source, and who provides the service."""
    disease = catalogue.disease(name)
    made = table(disease, language)
    pathway = disease.pathway
    assert len(made) == len(pathway.transitions) + len(pathway.timings) + len(disease.services)
    shown = [row["what"] for row in made.rows()][-len(disease.services) :]
    assert shown == [service.names.in_language(language) for service in disease.services]


@pytest.mark.parametrize("name", ["hypertension", "type2-diabetes"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_of_a_service_says_when_it_is_due_and_how_sure_that_is(name, language):
    """A follow-up is due each quarter, missing it is a breach, and its source says that the number is unverified."""
    disease = catalogue.disease(name)
    called = next(each.names.in_language(language) for each in disease.services if each.id == "follow_up")
    follow_up = next(row for row in table(disease, language).rows() if row["what"] == called)
    assert "[unverified]" in follow_up["source"]
    assert follow_up["breach"] is True
    assert follow_up["due"] == ("3个月" if language == "zh" else "3 months")


def test_many_states_are_named_in_few_words():
    """A hub of all managed states but one says so instead of listing thirteen."""
    hubs = {hub.text for hub in diagram(catalogue.disease("hypertension"), "en").hubs}
    assert "any managed state but lost to follow-up" in hubs
    assert "any state not closed" in hubs
    assert "any state but died" in hubs


def renamed(**names):
    """Give hypertension with some states called otherwise."""
    disease = catalogue.disease("hypertension")
    states = tuple(
        evolve(state, names=Names(names.get(state.id, state.names.zh), names.get(state.id, state.names.en)))
        for state in disease.pathway.states
    )
    return evolve(disease, pathway=evolve(disease.pathway, states=states))


def test_signs_of_the_notations_are_escaped():
    """Quotes, tags, backslashes and hashes in a name stay text."""
    drawn = diagram(renamed(general='a "b" <c> #d \\e & f'))
    assert "a #quot;b#quot; #lt;c#gt; #35;d \\e #amp; f" in mermaid(drawn)
    assert r"a \"b\" <c> #d \\e & f" in dot(drawn)


def test_mermaid_ids_are_words_it_can_read():
    """A state whose id means something to mermaid gets another one."""
    disease = catalogue.disease("hypertension")
    drawn = diagram(disease)
    box = drawn.groups[0].boxes[0]
    odd = [evolve(box, id=name) for name in ("end", "any_1", "legend", "two words", "plain")]
    text = mermaid(evolve(drawn, groups=(evolve(drawn.groups[0], boxes=tuple(odd)),), arrows=()))
    ids = re.findall(r"^    (\S+)\(\[", text, re.MULTILINE)
    assert ids == ["state_1_", "state_2_", "state_3_", "state_4_", "plain"]


def test_brackets_and_braces_are_balanced():
    """DOT opens as many braces as it closes, and every subgraph of mermaid ends."""
    drawn = diagram(catalogue.disease("hypertension"), "zh")
    outside_quotes = re.sub(r'"(\\.|[^"\\])*"', "", dot(drawn))
    assert outside_quotes.count("{") == outside_quotes.count("}") == len(drawn.groups) + 1
    lines = mermaid(drawn).splitlines()
    assert sum(line.startswith("  subgraph") for line in lines) == lines.count("  end") == len(drawn.groups)


def test_forms():
    """Text for a picture, a table for a table, and no other form."""
    disease = catalogue.disease("hypertension")
    assert isinstance(draw(disease, "table"), Table)
    assert draw(disease).startswith("---\ntitle: 'Hypertension")
    assert draw(disease, "dot").startswith("digraph")
    with pytest.raises(UsageError, match="mermaid"):
        draw(disease, "mermade")
    assert FORMATS == ("mermaid", "dot", "svg", "table")
