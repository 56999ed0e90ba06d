"""The rules of a measure in their order, with the people each took."""

import pytest
from attrs import evolve
from cli_world import registry, run
from gout_world import DISEASES, MEASURES, gout_log

import singledisease as sd
from singledisease.dates import period, periods
from singledisease.errors import IdentityError, UsageError
from singledisease.explanation.attrition import HEADINGS, attrition
from singledisease.report import ordered_rules
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.counts import Block
from singledisease.scorecard.evaluate import evaluate

HYPERTENSION = sd.measures("cn-bphs-2017", diseases="hypertension")
YEAR = period("2024")
NUMBERS = ("rule", "group", "before", "taken", "undetermined", "left")
# Worked by hand from the registry of the command line: P3 was closed as misdiagnosed, P4 is lost, P1 and P2 have
# a reading face to face: 145/85 of somebody of 73 is at goal, 152/95 is not.
BY_HAND = [
    ("not_managed", "outside", 4, 0, 0, 4),
    ("misdiagnosed", "excluded:misdiagnosed", 4, 1, 0, 3),
    ("lost", "not_numerator", 3, 1, 0, 2),
    ("no_reading", "unknown", 2, 0, 0, 2),
    ("at_goal", "numerator", 2, 1, 0, 1),
    ("otherwise", "not_numerator", 1, 1, 0, 0),
]
BY_INSTITUTION = {
    "A": [(2, 0), (2, 0), (2, 0), (2, 0), (2, 1), (1, 1)],
    "B": [(1, 0), (1, 1), (0, 0), (0, 0), (0, 0), (0, 0)],
    "C": [(1, 0), (1, 0), (1, 1), (0, 0), (0, 0), (0, 0)],
}


@pytest.fixture(name="data", scope="module")
def _data(tmp_path_factory):
    return registry(tmp_path_factory.mktemp("world") / "data")


def score_of(data, **how):
    """Evaluate the three measures of hypertension in 2024."""
    return sd.evaluate(HYPERTENSION, sd.read(data), period="2024", **how)


@pytest.mark.parametrize("engine", ["columnar", "reference"])
def test_each_rule_takes_whom_it_takes_by_hand(data, engine):
    """Both engines take the people that the rules take by hand, also where two rules share a group."""
    found = attrition(score_of(data, engine=engine), "hypertension.control", engine=engine)
    assert [tuple(row[name] for name in NUMBERS) for row in found] == BY_HAND
    assert found["step"] == (1, 2, 3, 4, 5, 6)
    assert tuple(found.columns) == tuple(HEADINGS)


def test_each_stratum_has_its_own_way(data):
    """By institution the people asked are those of the institution, and so is everybody taken."""
    found = attrition(score_of(data, by=["institution"]), "hypertension.control")
    listed = {name: [(r["before"], r["taken"]) for r in found if r["by"] == {"institution": name}] for name in "ABC"}
    assert listed == BY_INSTITUTION


def test_rolled_up_institutions_have_the_sum_of_those_below(data):
    """The township above three villages has everybody, rule by rule."""
    found = attrition(sd.roll_up(score_of(data, by=["institution"])), "hypertension.control")
    whole = [tuple(row[name] for name in NUMBERS) for row in found if row["by"] == {"institution": "T"}]
    assert whole == BY_HAND


def test_undetermined_people_are_told_apart_from_those_taken():
    """Somebody of whom a rule is not known leaves there, under that rule, and is not asked again."""
    found = attrition(evaluate(MEASURES, gout_log(), YEAR, diseases=DISEASES), "gout.control")
    assert sum(found["undetermined"]) == 1
    assert [row["undetermined"] for row in found if row["rule"] == "at goal"] == [1]
    assert found["left"][-1] == 0


def test_every_measure_and_period_comes_once(data):
    """Without a name all measures come, in the order of the scorecard, and each period begins with everybody."""
    score = sd.evaluate(HYPERTENSION, sd.read(data), period=periods("2024/quarter"))
    found = attrition(score)
    assert list(dict.fromkeys(found["measure"])) == [one.measure.id for one in score.measures]
    assert [row["before"] for row in found if row["step"] == 1] == [4] * 12


def test_parts_add_up(data, tmp_path):
    """Of a registry in parts the rules are counted part by part, and give the same."""
    sd.partition(data, tmp_path / "parts", parts=3)
    measures = HYPERTENSION
    parts = sd.evaluate(measures, sd.parts(tmp_path / "parts"), period="2024")
    assert attrition(parts) == attrition(score_of(data))


def test_counts_alone_say_as_much_as_their_groups(data):
    """Where every rule has a group of its own counts alone are enough; where two share one they are refused."""
    score = score_of(data)
    alone = sd.scorecard_of(score.counts, HYPERTENSION)
    standard = "hypertension.standardized_management"
    assert attrition(alone, standard) == attrition(score, standard)
    with pytest.raises(UsageError, match="made of counts alone"):
        attrition(alone, "hypertension.control")


def test_rows_are_counted_too(data):
    """Of a measure of rows the rules take rows: of three follow-ups two were in the clinic."""
    visits = sd.Measure(
        id="face", of=sd.events("follow_up").within(sd.PERIOD), numerator=sd.column("mode").is_in("clinic")
    )
    found = attrition(sd.evaluate(visits, sd.read(data), period="2024"))
    assert [(row["before"], row["taken"], row["undetermined"]) for row in found] == [(3, 2, 0), (1, 1, 0)]


def test_an_unknown_measure_is_refused(data):
    """The message says what was meant."""
    with pytest.raises(UsageError, match=r"hypertension\.control"):
        attrition(score_of(data), "hypertension.contol")


def test_rules_that_do_not_add_up_are_refused(data, monkeypatch):
    """Counts that are not those of the people behind them end in an error, not in a table."""
    score = score_of(data)
    control = next(key for key in score.counts.blocks if key.measure == "hypertension.control")
    block = score.counts.blocks[control]
    turned = Block(block.periods, block.strata, block.array[:, :, ::-1])
    monkeypatch.setattr(Scorecard, "__attrs_post_init__", lambda self: None)
    damaged = evolve(score, counts=sd.Counts({**score.counts.blocks, control: turned}))
    with pytest.raises(IdentityError, match="do not add up"):
        attrition(damaged, "hypertension.control")


# ON THE COMMAND LINE AND IN THE REPORT


def test_the_command_shows_the_rules_in_order(data):
    """The table names the rules in the language asked for; JSON has every column."""
    done = run("attrition", data, "--period", "2024", "--measure", "hypertension.control", "--lang", "zh")
    assert done.exit_code == 0
    assert [line.split()[-4:] for line in done.stdout.splitlines()[2:]] == [
        [str(n) for n in row[2:]] for row in BY_HAND
    ]
    assert "失访" in done.stdout
    assert "lost to follow-up" not in done.stdout
    done = run("attrition", data, "--period", "2024", "--disease", "hypertension", "--format", "json")
    assert '"rule_en": "lost to follow-up"' in done.stdout


def test_the_report_shows_the_rules(data):
    """The section adds up the strata, and shows each stratum on its own where the page can hold them."""
    score = score_of(data, by=["institution"])
    found = ordered_rules.section(score)
    control = [row for row in found.whole.rows if "控制率" in row[0].text]
    assert [(row[5].text, row[6].text) for row in control] == [(str(n), str(taken)) for _, _, n, taken, *_ in BY_HAND]
    assert len(found.by_strata.rows) == 3 * len(found.whole.rows)
    assert not found.is_long


def test_the_report_leaves_long_lists_to_the_command(data, monkeypatch):
    """Too many strata are named as such and not shown."""
    monkeypatch.setattr(ordered_rules, "MOST_ROWS", 3)
    found = ordered_rules.section(score_of(data, by=["institution"]))
    assert (found.by_strata, found.is_long) == (None, True)


def test_the_report_reads_no_parts_again(data, tmp_path):
    """Of a registry in parts only what counts alone can say is shown."""
    sd.partition(data, tmp_path / "parts", parts=2)
    parts = sd.parts(tmp_path / "parts")
    control = [one for one in HYPERTENSION if one.id == "hypertension.control"]
    assert ordered_rules.section(sd.evaluate(control, parts, period="2024")) is None
    whole = ordered_rules.section(sd.evaluate(HYPERTENSION, parts, period="2024")).whole
    assert not [row for row in whole.rows if "控制率" in row[0].text]
