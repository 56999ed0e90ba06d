"""What of a sound definition is perhaps a slip is said by ``check``: it would go unheard in silence."""

from __future__ import annotations

import pytest
from cli_world import run

import singledisease as sd
from singledisease.definitions.checks import loose_ends
from singledisease.definitions.used_words import UsedWords
from singledisease.language.parse import parse

SHIPPED = sd.write_disease(sd.disease("hypertension"))
USED = UsedWords(items={"fundus"}, statuses={"closed"}, roles={"village_doctor"})


@pytest.mark.parametrize(
    ("written", "slip", "said"),
    [
        ('attribute("sex")', 'attribute("sexx")', "did you mean sex?"),
        ('attribute("sex")', 'attribute("gender")', "did you mean sex?"),
        ('attribute("sex")', 'attribute("smoker")', "no built-in column of people: smoker"),
        ("parameters.visits_per_year]", "parameters.visits_per_yearr]", "did you mean visits_per_year?"),
        ('group = "cardiovascular"', 'group = "cardiovasculr"', "did you mean cardiovascular?"),
    ],
)
def test_check_says_what_of_a_disease_is_perhaps_a_slip(tmp_path, written, slip, said):
    """The definition is sound, and the line below says what may not be meant so."""
    assert written in SHIPPED
    file = tmp_path / "mine.toml"
    file.write_text(SHIPPED.replace(written, slip), encoding="utf-8")
    done = run("check", str(file))
    assert done.exit_code == 0, done.stderr
    assert said in done.stdout


@pytest.mark.parametrize(
    ("numerator", "said"),
    [
        ('attribute("birthdate") < PERIOD.end', "did you mean birth_date?"),
        ('events("exit").where(reason == "dead").exists()', "did you mean died?"),
        ('events("exit").where(reason.is_in("death", "died")).exists()', "did you mean died?"),
        ('events("test").where(item == "fundis").exists()', "did you mean fundus?"),
        ('events("referral").where(status == "close").exists()', "did you mean closed?"),
        ('events("follow_up").where(role == "vilage_doctor").exists()', "did you mean village_doctor?"),
        ('events("diagnosis").where(code.starts_with("I10", "E1I")).exists()', "E1I can be no ICD-10 code"),
        ('events("diagnosis").where(code == "ICD10:I10").exists()', "did you mean I10?"),
        ('events("diagnosis").where(code.is_in("I10", "8480-6")).exists()', ""),
        ('events("exit").where(reason == "died").exists()', ""),
        ('events("exit").where(reason == "zz_local_word").exists()', ""),
        ('events("test").where(item == "grip_strength").exists()', ""),
    ],
)
def test_what_of_a_measure_is_perhaps_a_slip(numerator, said):
    """Words that come near one that is used elsewhere are told, words of one's own are not."""
    if "birthdate" in numerator:
        numerator = 'attribute("birthdate") == "1950"'
    found = list(loose_ends(sd.Measure(id="m", population=True, numerator=parse(numerator, "hypertension")), USED))
    assert [said in one.en and bool(one.zh) for one in found] == ([True] if said else [])


MEASURES = """
id = "mine"
version = "1"
names = { zh = "我的", en = "mine" }

[[measures]]
id = "seen"
names = { zh = "面访", en = "seen" }
population = 'managed("hypertension", during=PERIOD)'
numerator = 'events("follow_up").where(reason == "dead").exists()'
"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_check_reads_files_of_measures(tmp_path, lang):
    """They are checked like diseases, with all faults at once and what may be a slip."""
    file = tmp_path / "measures.toml"
    file.write_text(MEASURES, encoding="utf-8")
    done = run("check", str(file), "--lang", lang)
    assert done.exit_code == 0, done.stderr
    assert "died" in done.stdout
    slips = MEASURES.replace("follow_up", "folow_up").replace('"hypertension"', '"hypertention"')
    file.write_text(slips, encoding="utf-8")
    refused = run("check", str(file), "--lang", lang)
    assert refused.exit_code == 1
    assert "[unknown_kind]" in refused.stderr
    assert "[unknown_disease]" in refused.stderr
