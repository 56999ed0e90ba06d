"""Measures in TOML: read with all faults at once, and written back."""

import pytest

import singledisease as sd
from singledisease.errors import DefinitionError
from singledisease.io.measures import read_measure_file, read_measures_text, write_measures

HEAD = 'id = "mine"\nversion = "2"\ncitation = "our rules, page 3"\nstatus = "provisional"\n'
TEXT = (
    (
        HEAD
        + """
[[measures]]
id = "{disease}.visits4"
for_each = "disease"
names = { zh = "{name}四次随访", en = "{name}: four visits" }
population = 'managed("{disease}", during=PERIOD)'
exclusions = { moved = 'events("exit").within(PERIOD).exists()' }
numerator = 'events("follow_up").within(PERIOD).count_days() >= p("visits", disease="{disease}")'
numerator_ = 1

[[measures]]
id = "share"
form = "ratio"
numerator = 'events("encounter").where(level == "village").within(PERIOD).count()'
denominator = 'events("encounter").within(PERIOD).count()'
per = 100

[[measures]]
id = "ages"
form = "distribution"
value = 'age(on=PERIOD.end)'
unit = "years"

[[measures]]
id = "score"
form = "derived"
value = 'rate("share") / 2'

[[measures]]
id = "ruled"
form = "count"

[[measures.rules]]
name = "lost"
names = { zh = "失访", en = "lost" }
when = 'in_state("hypertension", "lost", on=PERIOD.end)'
group = { policy = "lost", default = "kept", options = { kept = "not_numerator", out = "excluded:lost" } }

[[measures.rules]]
name = "otherwise"
names = { zh = "其余", en = "everyone else" }
group = "numerator"
"""
    )
    .replace("numerator_ = 1\n", "")
    .replace('p("visits", disease="{disease}")', "4")
)


def diseases():
    """Give the two diseases that the text is read for."""
    return [sd.disease(name) for name in ("hypertension", "type2-diabetes")]


def test_a_file_holds_measures_of_every_form():
    """Each form becomes its noun, a measure for each disease is made for each, and the file's source is everyone's."""
    made = read_measures_text(TEXT, list(diseases())[:2])
    assert [measure.id for measure in made.measures][2:] == ["share", "ages", "score", "ruled"]
    first = made.measures[0]
    assert (first.id, first.version, first.citation) == ("hypertension.visits4", "2", "our rules, page 3")
    assert (first.names.zh, first.disease, first.status) == ("高血压四次随访", "hypertension", "provisional")
    assert [rule.group for rule in first.rules] == ["outside", "excluded:moved", "numerator", "not_numerator"]
    assert [type(measure).__name__ for measure in made.measures[2:]] == ["Ratio", "Distribution", "Derived", "Measure"]
    assert made.measures[-1].rules[0].group.default == "kept"


def test_what_is_written_is_read_back_the_same():
    """The shipped set and every form of measure survive writing and reading."""
    every = (*sd.measures("cn-bphs-2017"), *read_measures_text(TEXT, diseases()).measures)
    assert read_measures_text(write_measures(every, id="all"), diseases()).measures == every


def test_a_file_is_taken_where_a_set_is(tmp_path):
    """``sd.measures`` takes the path of a file, and its measures are evaluated."""
    path = tmp_path / "mine.toml"
    path.write_text(TEXT, encoding="utf-8")
    made = sd.measures(path, diseases="hypertension")
    assert made[0].id == "hypertension.visits4"
    assert sd.measures(str(path), diseases=["hypertension"]) == made
    log = sd.simulate(patients=30, seed=1).log()
    table = sd.evaluate(made, log, period="2024").table()
    assert list(table["measure"]) == ["hypertension.visits4", "share", "ages", "ruled", "score"]


@pytest.mark.parametrize(
    ("text", "checks"),
    [
        ("id = 3\n[[measures]]\nid = 'm'\nnumerator = 'x('", ["file_shape", "file_shape", "syntax"]),
        (HEAD + "measures = 1", ["file_shape"]),
        (HEAD + "[[measures]]\nid = 'm'\nform = 'rate'\nnumerator = 'True'", ["file_shape"]),
        (HEAD + "[[measures]]\nid = 'm'\nfor_each = 'team'\nnumerator = 'True'", ["file_shape"]),
        (HEAD + "[[measures]]\nid = 'm'\nnumerator = 'x('\n[[measures]]\nid = 'n'\nnumerator = 'age(on=PERIOD.end)'",
         ["syntax", "no_condition"]),
        (HEAD + "[[measures]]\nid = 'm'\nnumerater = 'True'\nexclusions = 3\nmatures = 15", ["file_shape"] * 3),
        (HEAD + "[[measures]]\nid = 'm'\nnumerator = 'True'\nmatures = { days = -1 }", ["file_shape"]),
        (HEAD + "[[measures]]\nid = 'm'\nnumerator = 'True'\nmatures = { weeks = 1, days = 'x' }", ["file_shape"] * 2),
        (HEAD + "[[measures]]\nid = 'm'\nnumerator = 'True'\nof = 3", ["file_shape"]),
        (HEAD + "[[measures]]\nid = 'm'\nnumerator = 'True'\nof = 'age(on=PERIOD.end)'", ["no_selection"]),
        (HEAD + "[[measures]]\nid = 'm'\n[[measures.rules]]\nname = 'a'\nnames = {zh='a', en='a'}\ngroup = {x = 1}",
         ["file_shape"]),
        (HEAD + "[[measures]]\nid = 'm'\nnumerator = 'True'\n" * 2, ["duplicate_id"]),
        (HEAD + "[[measures]]\nid = 'd'\nform = 'derived'\nvalue = 'rate('", ["syntax"]),
        (HEAD + "shared = 3", ["file_shape"]),
        (HEAD + "[shared]\na = 3\nname = 'x'\ndisease = 'y'", ["file_shape"] * 3),
        (HEAD + "[[measures]]\nid = 'm'\nnumerator = '{visits}.exists()'", ["not_allowed"]),
    ],
)  # fmt: skip
def test_everything_that_is_wrong_is_told_at_once(text, checks):
    """A file is refused with every fault of every measure, each with its line."""
    with pytest.raises(DefinitionError) as refused:
        read_measures_text(text, diseases(), "mine.toml")
    assert [fault.check for fault in refused.value.faults] == checks
    assert all("mine.toml" in str(fault) for fault in refused.value.faults if fault.check != "duplicate_id")


def test_a_file_that_cannot_be_opened_is_refused(tmp_path):
    """A file that is not there, and one that is not UTF-8, are refused in words."""
    with pytest.raises(DefinitionError, match="no_file"):
        read_measure_file(tmp_path / "none.toml")
    (tmp_path / "gb.toml").write_bytes("id = '指标'".encode("gb18030"))
    with pytest.raises(DefinitionError, match="not UTF-8"):
        read_measure_file(tmp_path / "gb.toml")


def test_groups_with_a_key_too_many_and_a_maturity_are_read():
    """An unknown key beside a policy is named; days and months of maturity are kept."""
    group = "group = { policy = 'l', default = 'a', options = { a = 'numerator' }, x = 1 }"
    rule = f"[[measures.rules]]\nname = 'a'\nnames = {{ zh = 'a', en = 'a' }}\n{group}"
    with pytest.raises(DefinitionError) as refused:
        read_measures_text(f"{HEAD}[[measures]]\nid = 'm'\n{rule}")
    assert [fault.check for fault in refused.value.faults] == ["file_shape"]
    made = read_measures_text(HEAD + "[[measures]]\nid = 'm'\nnumerator = 'True'\nmatures = { months = 1 }").measures
    assert made[0].matures == sd.Maturity(months=1)
    assert read_measures_text(write_measures(made, id="x")).measures == made


def test_measures_share_texts():
    """A text under ``shared`` takes the place of its name in braces, in any key and in the shared texts below it."""
    text = (
        HEAD
        + """
        [shared]
        visits = 'events("encounter").within(PERIOD)'
        home = '{visits}.where(mode == "home")'

        [[measures]]
        id = "{disease}.home"
        for_each = "disease"
        population = 'managed("{disease}", during=PERIOD)'
        exclusions = { unseen = 'not {visits}.exists()' }
        numerator = '{home}.exists()'
        """
    )
    (made, _) = read_measures_text(text, diseases()).measures[:2]
    visits = sd.events("encounter").within(sd.PERIOD)
    whole = sd.Measure(
        id="hypertension.home",
        version="2",
        citation="our rules, page 3",
        status="provisional",
        population=sd.managed("hypertension", during=sd.PERIOD),
        exclusions={"unseen": ~visits.exists()},
        numerator=visits.where(sd.column("mode") == "home").exists(),
    )
    assert made == whole


def test_a_head_with_a_fault_hides_nothing():
    """Faults of the head, of a measure's keys, of its expression, and two measures of one id are told together."""
    text = """
id = "mine"
version = "1"
names = { zh = "我" }
[[measures]]
id = "one"
numerator = 'events("followup").exist()'
[[measures]]
id = "one"
unknown_key = 3
numerator = 'age(on=PERIOD.end) > '
"""
    with pytest.raises(DefinitionError) as refused:
        read_measures_text(text)
    checks = [fault.check for fault in refused.value.faults]
    assert checks == ["file_shape", "file_shape", "unknown_name", "syntax", "duplicate_id"]


def test_shape_and_names_are_told_at_once(tmp_path):
    """A key that is not known in one measure does not hide a disease and a kind that are not known in another."""
    file = tmp_path / "mine.toml"
    file.write_text(FAULTY, "utf-8")
    with pytest.raises(DefinitionError) as caught:
        sd.measures(file)
    assert [fault.check for fault in caught.value.faults] == ["file_shape", "unknown_disease", "unknown_kind"]


FAULTY = """
id = "mine"
version = "1"
[[measures]]
id = "a"
names = { zh = "甲", en = "A" }
population = 'managed("hypertensin")'
numerator = 'events("followup").count() >= 1'
[[measures]]
id = "b"
names = { zh = "乙", en = "B" }
numerator = 'events("follow_up").exists()'
colour = "red"
[[measures]]
id = "c"
form = "derived"
names = { zh = "丙", en = "C" }
value = 'rate("a") - rate("b")'
"""
