"""Fragments: filled, joined, overridden, put in order, written back, and what is refused."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from attrs import evolve

from singledisease.catalogue import disease, disease_ids
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.errors import DefinitionError
from singledisease.io.definitions import fragment_heads, read_disease, read_disease_text, write_disease
from singledisease.io.definitions.fragment_heads import fragment_head
from singledisease.io.definitions.library import fragment_ids
from singledisease.io.definitions.merge import chained
from singledisease.io.definitions.needs import given_text
from singledisease.io.definitions.source import read_source
from singledisease.language.parse import parse

HEAD = """
id = "gout"
version = "1"
codes = ["M10"]

[names]
zh = "痛风"
en = "Gout"

[citations.guide]
title = { zh = "指南", en = "Guideline" }

[pathway]
initial = "well"
"""
STATES = """
[pathway.states]
well = { stage = "prevention", zh = "未患病", en = "well" }
ill = { stage = "management", managed = true, zh = "管", en = "ill" }
"""
ILL = """
[[pathway.signals]]
id = "ill"
zh = "病"
en = "ill"
kinds = ["test"]

[[pathway.transitions]]
from = ["well"]
on = "ill"
to = "ill"
"""
CARE = """
id = "care"
version = "1"
rank = 40
names = { zh = "管理", en = "Care" }

[needs.source]
is = "citation"
zh = "来源"
en = "source"
default = "guide"

[needs.also]
is = "states"
zh = "还从哪些状态退出"
en = "states left too"
default = []

[needs.seen_at]
is = "kinds"
zh = "类别"
en = "kinds"
default = ["follow_up", "checkup"]

[needs.high]
is = "expression"
zh = "升高"
en = "elevated"
default = 'sbp >= p("limit") or dbp >= p("limit")'

[needs.what]
is = "names"
zh = "指标"
en = "what is measured"
default = { zh = "血压", en = "pressure" }

[needs.word]
is = "text"
zh = "一个词"
en = "a word"
default = "seen"

[needs.nowhere]
is = "states"
zh = "哪里"
en = "where"
default = []

[parameters]
limit = { value = 140, unit = "mmHg", names = { zh = "限", en = "limit" }, citation = "{source}", status = "proposal" }

[roles]
doctor = { zh = "医生", en = "doctor" }

[pathway]
died = "died"

[pathway.groups]
cared_for = ["@managed"]

[pathway.states]
worse = { stage = "management", managed = true, zh = "{what}高", en = "{what} high" }
closed = { rank = 90, stage = "closed", zh = "结案", en = "closed" }
died = { rank = 90, stage = "closed", zh = "死亡", en = "died" }

[[pathway.signals]]
rank = 10
id = "exit"
zh = "退出"
en = "exit"
kinds = ["exit"]

[[pathway.signals]]
rank = 80
id = "{word}_high"
zh = "{what}升高"
en = "{what} high"
kinds = ["{seen_at}"]
when = 'mode == "clinic" and {high} and kind in {seen_at}'
citation = "{source}"

[[pathway.signals]]
id = "never"
zh = "无"
en = "never"

[[pathway.transitions]]
rank = 90
from = ["@cared_for", "well", "{also}"]
on = "exit"
to = "closed"

[[pathway.transitions]]
from = ["@cared_for"]
except = ["worse"]
on = "{word}_high"
to = "worse"

[[pathway.transitions]]
from = ["{nowhere}"]
on = "never"
to = "worse"

[[services]]
id = "visit"
zh = "随访"
en = "visit"
states = ["@cared_for"]
after = { days = "limit_days" }
met_by_kinds = ["follow_up"]
role = "doctor"
levels = ["village"]
citation = "{source}"

[[services]]
id = "nowhere"
zh = "无"
en = "nowhere"
states = ["{nowhere}"]
after = { days = "limit_days" }
met_by_kinds = ["follow_up"]
role = "doctor"
levels = ["village"]

[parameters.limit_days]
value = 30
unit = "days"
names = { zh = "期限", en = "days" }
citation = "guide"
status = "proposal"
"""
LIMIT = """
[parameters.limit]
value = {}
unit = "mmHg"
names = {{ zh = "限", en = "limit" }}
citation = "guide"
status = "proposal"
"""
USES = '[[uses]]\nfragment = "care.toml"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the fragment in it."""
    (tmp_path / "care.toml").write_text(CARE, "utf-8")
    return tmp_path


def made(folder: Path, *texts: str, uses: str = USES) -> Disease:
    """Read a disease of some texts that uses the fragment."""
    (folder / "gout.toml").write_text("".join((HEAD.replace("[citations", uses + "\n[citations"), *texts)), "utf-8")
    return read_disease(folder / "gout.toml")


def refused(folder: Path, *texts: str, uses: str = USES) -> list[str]:
    """Give what is told of a disease that uses the fragment: check, place and message."""
    with pytest.raises(DefinitionError) as error:
        made(folder, *texts, uses=uses)
    return [f"{fault.check} {fault.where}: {fault.message}" for fault in error.value.faults]


# FILLED AND JOINED


def test_a_fragment_gives_its_parts(folder):
    """States, signals, transitions, services, parameters, roles and the state of death come from the fragment."""
    found = made(folder, STATES, ILL)
    pathway = found.pathway
    assert (pathway.initial, pathway.died) == ("well", "died")
    assert [state.id for state in pathway.states] == ["well", "ill", "worse", "closed", "died"]
    assert [signal.id for signal in pathway.signals] == ["exit", "ill", "seen_high"]
    assert [(each.sources, each.signal, each.target) for each in pathway.transitions] == [
        (("well",), "ill", "ill"),
        (("ill",), "seen_high", "worse"),
        (("well", "ill", "worse"), "exit", "closed"),
    ]
    assert [service.id for service in found.services] == ["visit"]
    assert [parameter.name for parameter in found.parameters] == ["limit", "limit_days"]
    assert found.parameter("limit").citation == "guide"


def test_what_is_given_stands_in_the_texts(folder):
    """Names by language, lists joined into lists and written into expressions, conditions in brackets."""
    signal = made(folder, STATES, ILL).pathway.signals[2]
    assert signal.names == Names("血压升高", "pressure high")
    assert signal.kinds == ("follow_up", "checkup")
    text = 'mode == "clinic" and (sbp >= p("limit") or dbp >= p("limit")) and kind in ("follow_up", "checkup")'
    assert signal.when == parse(text, "gout")
    given = """seen_at = ["test"]
high = 'sbp > p("limit") and dbp.known()'
what = { zh = "压", en = "p" }
word = "x"
"""
    signal = made(folder, STATES, ILL, uses=USES + given).pathway.signals[2]
    assert (signal.id, signal.names, signal.kinds) == ("x_high", Names("压升高", "p high"), ("test",))
    # An ``and`` put into an ``and`` is one with it.
    assert signal.when == parse('mode == "clinic" and sbp > p("limit") and dbp.known() and kind in ("test",)', "gout")


@pytest.mark.parametrize(("given", "breach"), [("", True), ("late = false\n", False)])
def test_a_flag_is_given_as_one(folder, given, breach):
    """A need that is a flag is true or false where its name stands alone; it is shown and written back as one."""
    flag = '\n[needs.late]\nis = "flag"\nzh = "违约"\nen = "breach"\ndefault = true\n\n[parameters]'
    text = CARE.replace("\n[parameters]", flag, 1).replace(
        'met_by_kinds = ["follow_up"]\n', 'met_by_kinds = ["follow_up"]\nbreach = "{late}"\n', 1
    )
    (folder / "care.toml").write_text(text, "utf-8")
    found = made(folder, STATES, ILL, uses=USES + given)
    assert found.services[0].timing.breach is breach
    (folder / "again.toml").write_text(write_disease(found), "utf-8")
    assert read_disease(folder / "again.toml") == found
    assert given_text(breach, "en") == str(breach).lower()
    assert any("expected true or false" in each for each in refused(folder, STATES, ILL, uses=USES + 'late = "no"\n'))


def test_a_part_knows_where_it_was_written(folder):
    """Each part names its file and line, its fragment, and the fragment whose part it replaces."""
    mine = LIMIT.format(135)
    found = made(folder, mine, STATES, ILL)
    signal, parameter = found.origin("pathway.signals.seen_high"), found.origin("parameters.limit")
    assert (signal.source, signal.fragment, signal.written_as) == ("care.toml", "care.toml", "pathway.signals[1]")
    assert CARE.splitlines()[signal.line - 1] == "[[pathway.signals]]"
    assert (parameter.source, parameter.fragment, parameter.replaces) == ("gout.toml", "", "care.toml")
    assert found.origin("pathway.transitions.seen_high.worse.ill").fragment == "care.toml"
    assert found.origin("services.nothing") is None


def test_what_the_disease_writes_replaces_the_fragments(folder):
    """A parameter, state and service under the same id stand in the place of the fragment's; so does a transition."""
    mine = """
[[pathway.transitions]]
from = ["worse"]
on = "exit"
to = "ill"

[[pathway.transitions]]
from = ["ill"]
on = "seen_high"
to = "closed"

[[pathway.transitions]]
from = ["well"]
on = "seen_high"
to = "worse"
"""
    states = STATES + 'worse = { stage = "treatment", managed = true, zh = "重", en = "worse" }\n'
    found = made(folder, states, ILL, mine)
    assert [state.id for state in found.pathway.states] == ["well", "ill", "worse", "closed", "died"]
    assert found.pathway.state("worse").stage == "treatment"
    pairs = {(source, each.signal): each.target for each in found.pathway.transitions for source in each.sources}
    assert pairs == {
        ("well", "ill"): "ill",
        ("worse", "exit"): "ill",
        ("well", "exit"): "closed",
        ("ill", "exit"): "closed",
        ("ill", "seen_high"): "closed",
        ("well", "seen_high"): "worse",
    }


def test_parts_can_be_left_out(folder):
    """Services, signals and transitions that are not wanted are not there; a signal nobody hears goes too."""
    without = USES + 'without = ["services.visit", "transitions.seen_high", "pathway.states.worse"]\n'
    found = made(folder, STATES, ILL, uses=without)
    assert found.services == ()
    assert [signal.id for signal in found.pathway.signals] == ["exit", "ill"]
    assert [state.id for state in found.pathway.states] == ["well", "ill", "closed", "died"]


def test_order(folder):
    """What stands before its predecessor in the order moves right behind it; the rest stays."""
    found = made(folder, '\n[order]\nstates = ["ill", "well"]\nsignals = ["seen_high", "exit"]\n', STATES, ILL)
    assert [state.id for state in found.pathway.states] == ["ill", "well", "worse", "closed", "died"]
    assert [signal.id for signal in found.pathway.signals] == ["ill", "seen_high", "exit"]


@pytest.mark.parametrize(
    ("chain", "found"),
    [
        ([], "abcde"),
        (["a", "b", "c", "d", "e"], "abcde"),
        (["e", "d", "c", "b", "a"], "edcba"),
        (["c", "a"], "bcade"),
        (["a", "e"], "abcde"),
        (["d", "b", "c"], "adbce"),
    ],
)
def test_a_chain_moves_as_few_as_need_be(chain, found):
    """Only what stands before its predecessor moves, and all that waits for it with it."""
    assert "".join(chained("abcde", chain)) == found


# WRITTEN BACK


@pytest.mark.parametrize("name", disease_ids())
def test_the_catalogue_is_written_with_its_fragments_and_expanded(name):
    """Both forms are read back to the same disease, and the form with fragments is a fixed point."""
    found = disease(name)
    own, whole = write_disease(found), write_disease(found, expanded=True)
    assert len(own.splitlines()) < len(whole.splitlines())
    assert name not in ("hypertension", "type2-diabetes") or len(own.splitlines()) < 450 < len(whole.splitlines())
    assert "[[uses]]" in own
    assert "[[uses]]" not in whole
    assert read_disease_text(own) == read_disease_text(whole) == found
    assert write_disease(read_disease_text(own)) == own
    assert write_disease(read_disease_text(whole)) == whole
    assert pickle.loads(pickle.dumps(found)).origins == found.origins


@pytest.mark.parametrize("name", disease_ids())
def test_the_expanded_form_says_where_every_part_comes_from(name):
    """Above each part stands the file or fragment, the place and the line."""
    text = write_disease(disease(name), expanded=True, origins=True)
    remarks = [line for line in text.splitlines() if line.startswith("# ")]
    assert len(remarks) == len(disease(name).origins) - sum("groups" in each.place for each in disease(name).origins)
    assert all(", line " in remark for remark in remarks)
    assert f"# {name}.toml: " in text
    assert "; in the place of the fragment " in text
    assert read_disease_text(text) == disease(name)


def test_a_changed_disease_is_still_written_with_its_fragments(folder):
    """A part that was changed, taken away or put elsewhere is written as the disease's own, left out, or ordered."""
    found = disease("hypertension")
    pathway = found.pathway
    changed = evolve(
        found,
        parameters=tuple(evolve(each, note="mine") if each.name == "lost_after" else each for each in found.parameters),
        services=tuple(reversed([each for each in found.services if each.id != "recall"])),
        pathway=evolve(pathway, signals=tuple(pathway.signals)),
    )
    text = write_disease(changed)
    assert "[[uses]]" in text
    assert '[parameters.lost_after]\nvalue = 12\nunit = "months"' in text
    assert 'without = ["services.recall"]' in text
    back = read_disease_text(text)
    assert [service.id for service in back.services] == [service.id for service in changed.services]
    assert back == changed


def test_what_fragments_cannot_give_is_written_expanded():
    """A disease that is unsound after a change is written whole, so that nothing of it is lost."""
    found = disease("hypertension")
    spoiled = evolve(found, roles=())
    text = write_disease(spoiled)
    assert "[[uses]]" not in text
    assert "[roles]" not in text
    made_in_python = evolve(found, origins=())
    assert write_disease(made_in_python, expanded=True, origins=True).count("# made in Python") > 100


def test_an_order_that_cannot_be_said_is_written_expanded():
    """Transitions stand where their fragments put them; a disease with another order is written whole."""
    found = disease("hypertension")
    turned = evolve(found, pathway=evolve(found.pathway, transitions=found.pathway.transitions[::-1]))
    text = write_disease(turned)
    assert "[[uses]]" not in text
    assert read_disease_text(text) == turned


# REFUSED


@pytest.mark.parametrize(
    ("uses", "told"),
    [
        ('[[uses]]\nfragment = "registy"\n', "unknown_fragment uses.registy: no fragment is called 'registy'"),
        ('[[uses]]\nfragment = "none.toml"\n', "unknown_fragment uses.none.toml: "),
        ("[[uses]]\n", "file_shape uses[0].fragment: the key 'fragment' is missing"),
        ("uses = [5]\n", "file_shape uses[0]: expected a table, got 5"),
        (USES + "words = 5\n", "unknown_need uses.care.toml: the fragment does not ask for 'words'"),
        (USES + "also = 5\n", "file_shape uses[0].also: expected a list of texts, got 5"),
        (USES + "word = []\n", "file_shape uses[0].word: expected text, got []"),
        (USES + 'what = "x"\n', "file_shape uses[0].what: expected names in two languages, got 'x'"),
        (
            USES + 'without = ["services.visits"]\n',
            "unknown_part uses.care.toml: the fragment has no part 'services.visits'",
        ),
        (USES + 'source = "nowhere"\n', "unmet_need uses.care.toml.source: no citation is called 'nowhere'"),
        (USES + 'also = ["nowhere"]\n', "unmet_need uses.care.toml.also: no state is called 'nowhere'"),
    ],
)
def test_uses_that_are_refused(folder, uses, told):
    """A fragment that is not there, and what is given wrongly or too much, is told at the use."""
    head = HEAD if uses.startswith("[[") else uses + HEAD
    text = head.replace("[citations", (uses if uses.startswith("[[") else "") + "\n[citations") + STATES + ILL
    (folder / "gout.toml").write_text(text, "utf-8")
    with pytest.raises(DefinitionError) as error:
        read_disease(folder / "gout.toml")
    found = [f"{fault.check} {fault.where}: {fault.message}" for fault in error.value.faults]
    assert any(each.startswith(told) for each in found), found
    assert any(fault.at.startswith("gout.toml:") for fault in error.value.faults)


def test_a_need_that_is_not_met_says_what_it_is_for(folder):
    """What has to be given and is not is told in both languages, with how to give it."""
    (folder / "care.toml").write_text(
        CARE.replace('default = "guide"\n', "").replace('default = "seen"\n', ""), "utf-8"
    )
    with pytest.raises(DefinitionError) as error:
        made(folder, STATES, ILL)
    told = {fault.message: fault.hint for fault in error.value.faults if fault.check == "unmet_need"}
    assert told == {
        "the fragment needs 'source' (来源 / source)": 'source = "…"',
        "the fragment needs 'word' (一个词 / a word)": 'word = "…"',
    }


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "{word}_high",
            "{wrd}_high",
            "unknown_need pathway.signals.{wrd}_high: {wrd} is not among the needs of the fragment",
        ),
        ('is = "text"', 'is = "txt"', "file_shape needs.word.is: no kind of need is called 'txt'"),
        ('zh = "一个词"\n', "", "file_shape needs.word.zh: the key 'zh' is missing"),
        ("[needs.word]", "[need.word]", "file_shape the file: the key 'need' is not known; did you mean needs"),
        ('died = "died"', 'dead = "died"', "file_shape pathway: the key 'dead' is not known; "),
        ('version = "1"', "version = 1", "file_shape version: expected text, got 1"),
        ("rank = 10", 'rank = "10"', "file_shape pathway.signals[0]: the key 'rank' is not known; "),
        ("levels = [", "level = [", "file_shape services[0]: the key 'level' is not known; did you mean levels"),
        ('id = "care"', "id = ", "no_toml care.toml: "),
    ],
)
def test_a_fragment_that_is_wrong_is_told_at_its_own_place(folder, old, new, told):
    """Faults within a fragment name its file and line."""
    assert old in CARE
    (folder / "care.toml").write_text(CARE.replace(old, new), "utf-8")
    with pytest.raises(DefinitionError) as error:
        made(folder, STATES, ILL)
    found = [f"{fault.check} {fault.where}: {fault.message}" for fault in error.value.faults]
    if told.startswith("no_toml"):
        assert error.value.faults[0].check == "no_toml"
        return
    assert any(each.startswith(told) for each in found), found
    assert any(fault.at.startswith("care.toml:") for fault in error.value.faults)


def test_a_check_that_fails_in_a_fragment_names_it(folder):
    """A fault that is found once everything is joined names the file and line it was written on."""
    (folder / "care.toml").write_text(CARE.replace('role = "doctor"', 'role = "nurse"', 1), "utf-8")
    with pytest.raises(DefinitionError) as error:
        made(folder, STATES, ILL)
    fault = next(fault for fault in error.value.faults if fault.check == "unknown_role")
    assert fault.where == "services.visit"
    assert fault.at.startswith("care.toml:")


OTHER = """
id = "other"
version = "1"
names = { zh = "别的", en = "Other" }

[parameters]
limit = { value = 150, unit = "mmHg", names = { zh = "限", en = "limit" }, citation = "guide", status = "proposal" }

[roles]
doctor = { zh = "医生", en = "doctor" }

[pathway]
died = "closed"

[[pathway.transitions]]
from = ["ill"]
on = "exit"
to = "died"

[[pathway.transitions]]
from = ["well"]
on = "exit"
to = "closed"
"""
BOTH = USES + '[[uses]]\nfragment = "other.toml"\n'


def test_two_fragments_that_differ_are_ambiguous(folder):
    """What two fragments give differently is told, an end of the pathway first; what is equal is shared."""
    (folder / "other.toml").write_text(OTHER, "utf-8")
    assert refused(folder, STATES, ILL, uses=BOTH)[0].startswith(
        "file_shape pathway.died: fragments give it differently: died (care.toml), closed (other.toml)"
    )
    died = ('initial = "well"\n', 'initial = "well"\ndied = "died"\n')
    text = HEAD.replace("[citations", BOTH + "\n[citations").replace(*died) + STATES + ILL
    (folder / "gout.toml").write_text(text, "utf-8")
    with pytest.raises(DefinitionError) as error:
        read_disease(folder / "gout.toml")
    assert {(fault.check, fault.where) for fault in error.value.faults} == {
        ("ambiguous_fragments", "parameters.limit"),
        ("ambiguous_fragments", "pathway.states.ill"),
    }
    assert 'without = ["parameters.limit"]' in str(error.value)
    assert 'without = ["transitions.exit.closed"]' in str(error.value)


def test_an_ambiguity_is_settled_by_the_disease(folder):
    """Writing the part in the disease, or leaving it out of one fragment, settles it."""
    (folder / "other.toml").write_text(OTHER.replace('died = "closed"', 'died = "died"'), "utf-8")
    limit = LIMIT.format(145)
    uses = BOTH + 'without = ["transitions.exit.died"]\n'
    found = made(folder, limit, STATES, ILL, uses=uses)
    assert found.parameter("limit").values[0].value == 145
    exits = [each for each in found.pathway.transitions if each.signal == "exit"]
    assert [(each.sources, each.target) for each in exits] == [(("well",), "closed"), (("ill", "worse"), "closed")]


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ('states = ["wel"]', "file_shape order.states: there is no 'wel' among the states"),
        ('states = ["well", "ill", "well"]', "file_shape order.states: 'well' stands twice in the order"),
        ("states = 5", "file_shape order.states: expected a list of texts, got 5"),
    ],
)
def test_orders_that_are_refused(folder, order, told):
    """An order names each part once, and only what is there."""
    assert any(each.startswith(told) for each in refused(folder, f"\n[order]\n{order}\n", STATES, ILL))


def test_an_order_of_what_stands_twice_is_not_kept(folder):
    """Where an id is given twice, that is told, and nothing is lost for the other checks."""
    told = refused(folder, '\n[order]\nsignals = ["ill", "exit"]\n', STATES, ILL, ILL.partition("[[pathway.tr")[0])
    assert told[0].startswith("duplicate_id signals: the id 'ill' is given twice")


def test_files_beside_need_a_file(folder):
    """A disease that is read from text has no files beside it; a fragment that is no text is refused."""
    text = HEAD.replace("[citations", USES + "\n[citations") + STATES + ILL
    with pytest.raises(DefinitionError, match="was read from no file"):
        read_disease_text(text)
    assert read_disease_text(text, folder=folder).id == "gout"
    (folder / "care.toml").write_bytes("痛风".encode("gb18030"))
    with pytest.raises(DefinitionError, match="is not UTF-8 from byte"):
        read_disease_text(text, folder=folder)


# THE SHIPPED ONES


@pytest.mark.parametrize("name", fragment_ids())
def test_every_shipped_fragment_says_what_it_is(name):
    """Its id is that of its file, and it says in both languages what it is for and what it needs."""
    head = fragment_head(name)
    assert head.id == name
    assert head.says is not None
    texts = [head.names, head.says, *(need.names for need in head.needs)]
    assert all(each.zh.strip() and each.en.strip() for each in texts)


def test_a_fragment_that_is_not_there_is_refused():
    """Asking for a fragment by a wrong id names the one that was meant."""
    with pytest.raises(DefinitionError, match="did you mean registry"):
        fragment_head("registy")


def test_a_head_that_cannot_be_read_is_refused(monkeypatch):
    """A fragment whose head or needs have a fault is refused with it."""
    spoiled = read_source(
        CARE.replace('version = "1"', "version = 1").replace('is = "text"', "is = 5"), "fragment care"
    )
    monkeypatch.setattr(fragment_heads, "library", lambda: lambda name: spoiled)
    with pytest.raises(DefinitionError, match="the fragment care cannot be read") as error:
        fragment_head("care")
    assert [fault.where for fault in error.value.faults] == ["needs.word.is", "version"]


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (Names("血压", "pressure"), "血压", "pressure"),
        (("lost", "closed"), "lost, closed", "lost, closed"),
        ((), "无", "none"),
        ("guide", "guide", "guide"),
    ],
)
def test_what_is_given_is_said_in_one_line(value, zh, en):
    """Names by language, lists with commas, an empty list as none."""
    assert (given_text(value, "zh"), given_text(value, "en")) == (zh, en)
