"""Overlays: what a county changes in a shipped disease, taken away, refused, signed and told in words."""

import datetime as dt

import pytest

import singledisease as sd
from singledisease.io.definitions.content_hash import content_hash

OVERLAY = """\
overlay_of = "hypertension"
version = "county-1"
remove = ["services.checkup"]

[citations.county]
title = { zh = "县级方案", en = "County plan" }

[parameters]
follow_up_months = { value = 2, citation = "county", status = "confirmed" }

[parameters.ward_round_days]
value = 10
unit = "days"
names = { zh = "巡诊间隔", en = "ward round" }
citation = "county"
status = "confirmed"

[roles]
village_doctor = { zh = "乡村医生", en = "doctor of the village" }

[[services]]
id = "follow_up"
role = "public_health_doctor"

[[services]]
id = "round"
zh = "专家巡诊"
en = "expert round"
states = ["@in_care"]
after = { days = "ward_round_days" }
met_by_kinds = ["encounter"]
repeats = true
breach = false
role = "specialist"
levels = ["county"]
citation = "county"
"""


@pytest.fixture
def county(tmp_path):
    """Write an overlay and give its path; the text may be changed before."""

    def write(*changes):
        text = OVERLAY
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        path = tmp_path / "county.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def test_an_overlay_changes_adds_and_takes_away(county):
    """A part keeps the keys that the overlay does not give; everything else of the disease stays as it is."""
    shipped, changed = sd.disease("hypertension"), sd.disease(county())
    assert (changed.id, changed.version) == ("hypertension", "2017.1+county-1")
    interval = changed.parameter("follow_up_months")
    assert (interval.values[0].value, interval.unit, interval.citation) == (2, "months", "county")
    services = {service.id: service for service in changed.services}
    assert services["follow_up"].role == "public_health_doctor"
    assert services["follow_up"].levels == next(one.levels for one in shipped.services if one.id == "follow_up")
    assert set(services) == {service.id for service in shipped.services} - {"checkup"} | {"round"}
    assert changed.pathway == shipped.pathway
    assert changed.targets == shipped.targets


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (
            ('remove = ["services.checkup"]', 'remove = ["services.chekup", "visits"]'),
            ["did you mean checkup", "section"],
        ),
        ((', citation = "county", status = "confirmed" }', " }"), ["without citation and status"]),
        (('status = "confirmed" }', 'status = "confirmed", valu = 3 }'), ["'valu' is not known"]),
        (('role = "specialist"', 'role = "spezialist"'), ["unknown_role"]),
        (("value = 2", 'value = "two"'), ["follow_up_months"]),
    ],
)
def test_a_bad_overlay_is_refused_by_its_own_lines(county, change, faults):
    """The message names the fault, and where it stands in the overlay."""
    path = county(change)
    with pytest.raises(sd.DefinitionError) as refused:
        sd.disease(path)
    for fault in faults:
        assert fault in str(refused.value)
    assert "county.toml:" in str(refused.value)


def test_an_overlay_of_no_disease_is_refused(county):
    """The message says what there is."""
    with pytest.raises(sd.UsageError, match="hypertension"):
        sd.disease(county(('"hypertension"', '"hypertensoin"')))


def test_the_difference_is_told_in_words(county):
    """Part by part, before and after; what is alike is not told."""
    found = {row["part"]: row for row in sd.definition_difference("hypertension", county()).rows()}
    changed = found["parameters.follow_up_months"]
    assert "3 months [bphs2017, unverified]" in changed["before"]
    assert "2 months [county, confirmed]" in changed["after"]
    assert (found["services.checkup"]["change"], found["services.round"]["change"]) == ("removed", "added")
    assert not any(part.startswith("pathway.") for part in found)
    in_chinese = sd.definition_difference("hypertension", county(), language="zh").rows()
    assert any("2 个月" in row["after"] or "2个月" in row["after"] for row in in_chinese)


def test_two_measures_differ_by_their_clauses():
    """A rule is told before and after; a disease cannot be compared with a measure."""
    one, *_, other = sd.measures("cn-bphs-2017", diseases="hypertension")
    parts = sd.definition_difference(one, other).columns["part"]
    assert "rules.at_goal" in parts
    with pytest.raises(sd.UsageError, match="cannot be compared"):
        sd.definition_difference("hypertension", one)


def test_a_signature_holds_until_the_definition_changes(county):
    """It is bound to the content; another value makes it void, another remark beside it does not."""
    path = county()
    sd.sign_definition(path, by="Team A", on="2024-05-01", remark="as agreed", parameters=["follow_up_months"])
    sd.sign_definition(path, of="hypertension", by="Team B", on=dt.date(2024, 6, 1))
    signed = dict(zip(*(sd.review_catalogue(path).columns[name] for name in ("parameter", "signed")), strict=True))
    assert signed["follow_up_months"] == "Team A 2024-05-01 (as agreed); Team B 2024-06-01"
    assert signed["sbp"] == "Team B 2024-06-01"
    assert sd.review_catalogue(path, signed=False).rows() == []
    path.write_text(path.read_text("utf-8").replace("value = 2,", "value = 1,"), "utf-8")
    assert set(sd.review_catalogue(path).columns["signed"]) == {""}


def test_a_signature_without_a_name_or_of_another_disease_is_refused(county):
    """So is one of a parameter that is not there, and one in a new file of no disease."""
    path = county()
    for given, message in (
        ({"by": " ", "on": "2024-05-01"}, "needs a name"),
        ({"by": "A", "on": "2024-05-01", "parameters": ["sbpp"]}, "did you mean sbp"),
        ({"by": "A", "on": "2024-05-01", "of": "type2-diabetes"}, "is an overlay of hypertension"),
    ):
        with pytest.raises(sd.UsageError, match=message):
            sd.sign_definition(path, **given)
    with pytest.raises(sd.UsageError, match="say of which disease"):
        sd.sign_definition(path.with_name("new.toml"), by="A", on="2024-05-01")
    assert path.read_text("utf-8") == OVERLAY


def test_a_number_is_listed_with_what_depends_on_it():
    """The least sure stand first; a status that there is not is refused."""
    table = sd.review_catalogue("hypertension")
    rows = {row["parameter"]: row for row in table.rows()}
    assert "targets.control.goal" in rows["sbp"]["used_in"]
    statuses = table.columns["status"]
    assert list(statuses) == sorted(statuses, key=["proposal", "provisional", "unverified", "confirmed"].index)
    with pytest.raises(sd.UsageError, match="there is no status"):
        sd.review_catalogue("hypertension", statuses=["sure"])


def test_the_content_hash_changes_with_anything(county):
    """A name alone makes another content; reading twice does not."""
    shipped = sd.disease("hypertension")
    assert content_hash(shipped) == content_hash(sd.disease("hypertension"))
    renamed = county(('zh = "专家巡诊"', 'zh = "巡诊"'))
    assert content_hash(sd.disease(renamed)) != content_hash(sd.disease(county()))
