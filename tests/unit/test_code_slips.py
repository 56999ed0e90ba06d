"""What cannot be an ICD-10 code is named wherever one is written, and what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

import singledisease as sd
from singledisease.code_slips import code_slip, wrong_codes
from singledisease.eventlog.build import build
from singledisease.eventlog.raw import raw_rows
from singledisease.scorecard.asked_codes import held_codes

CODE = sd.column("code")
DM = sd.CodeSet(name="dm", codes=["E11"])
PERIOD = sd.period("2024")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("I1O", "did you mean I10?"),
        ("i1o", "did you mean I10?"),
        ("E1l", "did you mean E11?"),
        ("E11.O", "did you mean E11.0?"),
        ("icd10:I10", "did you mean I10?"),
        ("ICD-10-CM: E11.9", "did you mean E11.9?"),
        ("Ｉ１０", "did you mean I10?"),
        ("E11.*", "did you mean E11? what begins with it: prefixes"),
        ("C50.-", "did you mean C50? what begins with it: prefixes"),
        ("E11%", "did you mean E11? what begins with it: prefixes"),
        ("E10-E14", "one code for each text: E10 … E14"),
        ("E11、I10", "one code for each text: E11, I10"),
    ],
)
def test_a_slip_says_what_was_meant(text, meant):
    """Letters for digits, the system before the code, wide letters, any ending, several in one."""
    slip = code_slip(text)
    assert slip is not None
    assert slip.en == meant


@pytest.mark.parametrize(
    "text",
    [
        *(
            "I10",
            "i10",
            "e11.9+",
            "E",
            "E1",
            "I10.x00x002",
            "E11.900x001",
            "F32.A",
            "C4A",
            "Z3A.08",
            "G63.2*",
            "E11200",
        ),
        *("8480-6", "385763009", "C09AA01", "M8140/3", "250.00", "HTN01", "LOINC", "高血压", ""),
    ],
)
def test_codes_of_every_edition_and_of_other_systems_pass(text):
    """Nothing that may be a code of ICD-10, of one of its editions, or of another system, is taken for a slip."""
    assert code_slip(text) is None


def test_only_codes_of_icd_10_are_known():
    """In another system the same text may be a code."""
    assert [code for code, _ in wrong_codes(["E1I", "I10"], "icd-10")] == ["E1I"]
    assert not list(wrong_codes(["E1I"], "LOCAL"))


# REFUSED WHERE IT CANNOT BE ONE


def test_a_code_set_with_a_slip_is_refused_where_it_is_used(tmp_path: Path):
    """In Python, in measures and in the codes of a disease, all of them at once; of another system it is none."""
    with pytest.raises(sd.DefinitionError) as refused:
        CODE.is_in(sd.CodeSet(name="dm", codes=["E1I", "I10", "I1O"]))
    assert [fault.hint for fault in refused.value.faults] == ["did you mean E11?", "did you mean I10?"]
    written = sd.write_measures(
        [sd.Measure(id="dm", numerator=sd.events("test").where(CODE.is_in(DM)).exists())], id="mine"
    )
    for name, text in {"mine.toml": written, "gout.toml": sd.write_disease("gout-hyperuricaemia")}.items():
        (tmp_path / name).write_text(text.replace("E11", "E1I").replace('"M10"', '"M1O"'), "utf-8")
        with pytest.raises(sd.DefinitionError, match=r"did you mean (E11|M10)\?"):
            sd.measures(tmp_path / name) if name == "mine.toml" else sd.disease(tmp_path / name)
    assert "LOCAL" in repr(CODE.is_in(sd.CodeSet(name="dm", codes=["E1I"], system="LOCAL")))


def test_an_event_with_a_slip_is_refused():
    """A code that leads to no disease is said where it is entered; of another system, or by its column, it stands."""
    with pytest.raises(sd.UsageError, match="did you mean I10"):
        sd.Event("diagnosis", "2024-01-01", code="I1O")
    assert sd.Event("diagnosis", "2024-01-01", code="I1O", system="LOCAL").get("code") == "I1O"
    assert sd.Event("diagnosis", "2024-01-01", values={"code": "I1O"}).get("code") == "I1O"


def test_the_diseases_of_a_slip_are_asked_for_in_vain():
    """Not in silence."""
    with pytest.raises(sd.UsageError, match="did you mean I10"):
        sd.diseases_of("icd10:I10")


# SAID WHERE IT MAY BE ONE


def log(*codes: tuple[str, str]) -> sd.EventLog:
    """Give a log of one diagnosis for each code and its system."""
    ids = [f"P{number}" for number in range(len(codes))]
    events = {"patient_id": ids, "date": ["2024-01-01"] * len(ids), "kind": ["diagnosis"] * len(ids)}
    events |= {"code": [code for code, _ in codes], "system": [system for _, system in codes]}
    return build(
        raw_rows("patients", {"patient_id": ids, "birth_date": ["1960-01-01"] * len(ids)}), raw_rows("events", events)
    )


def remarks(condition: sd.Expression, *codes: tuple[str, str]) -> list[str]:
    """Give what is said beside a measure of the diagnoses that meet a condition."""
    measure = sd.Measure(id="m", numerator=sd.events("diagnosis").where(condition).exists())
    return [one.en for one in sd.evaluate([measure], log(*codes), period=PERIOD).remarks]


WAY = (
    'whatever their case and point, and with what begins so: code.is_in(sd.CodeSet(name="…", codes=[…], prefixes=True))'
)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (CODE.starts_with("I1O"), ["I1O can be no ICD-10 code, and the log holds none; did you mean I10?"]),
        (CODE.is_in("E11.2", "E1I"), ["E1I can be no ICD-10 code, and the log holds none; did you mean E11?"]),
        (CODE == "e11.2", [f"the log holds no code e11.2; but it has E11.2; {WAY}"]),
        (CODE.starts_with("J4"), ["the log holds no code that begins with J4"]),
        (CODE.starts_with("E11"), []),
        (sd.column("item") == CODE, []),
        (
            CODE.is_in(sd.CodeSet(name="dm", codes=["E11"])),
            [
                "the log holds no code dm: E11; but it has E11.2, E11.9, which begin so; "
                "if they are meant: prefixes=True"
            ],
        ),
        (CODE.is_in(sd.CodeSet(name="dm", codes=["e11"], prefixes=True)), []),
        (
            CODE.is_in(sd.CodeSet(name="heart", codes=["I20", "I21"])),
            [
                "the codes of heart are whole codes: I20.0 of the log are not among them; "
                "if they should be: prefixes=True"
            ],
        ),
        (
            CODE.is_in(sd.CodeSet(name="heart", codes=["I20.0"], system="ICD10")),
            ["the log holds no code heart: I20.0; it has them of the system ICD-10"],
        ),
        (
            CODE.is_in(sd.CodeSet(name="lab", codes=["8480-6"]), system=None),
            [],
        ),
        (
            CODE.is_in(sd.CodeSet(name="J1,J2,J3,J4", codes=["J1", "J2", "J3", "J4"])),
            ["the log holds no code J1,J2,J3,J4: J1, J2, J3…"],
        ),
    ],
)
def test_codes_that_no_event_has_are_named(condition, said):
    """With the way out, where the log has what was probably meant."""
    found = remarks(condition, ("E11.2", ""), ("E11.9", "ICD-10"), ("I20", ""), ("I20.0", ""), ("8480-6", "LOINC"))
    assert found == [f"m: {one}" for one in said]


def test_a_log_without_codes_says_so():
    """Where the log has none at all, and not where it has no event."""
    assert remarks(CODE.starts_with("I10"), ("", "")) == ["m: the log holds no code that begins with I10"]
    assert "code" not in " ".join(remarks(CODE.starts_with("I10")))


def test_what_two_measures_ask_in_vain_is_said_once_of_both():
    """A set of codes that several measures ask for is looked up once; where codes are not known nothing is said."""
    listed = [sd.Measure(id=id, numerator=sd.events(id).where(CODE.is_in(DM)).exists()) for id in ("test", "diagnosis")]
    score = sd.evaluate(listed, log(("I10", "")), period=PERIOD)
    assert "test, diagnosis: the log holds no code dm: E11" in [one.en for one in score.remarks]
    (contents,) = score.contents
    assert held_codes([contents]) is not None
    assert held_codes([contents, evolve(contents, codes=None)]) is None


def test_a_registry_names_its_slips(tmp_path: Path):
    """A diagnosis whose code leads nowhere is kept as it stands, and told with file and line."""
    (tmp_path / "patients.csv").write_text("patient_id,birth_date\nP1,1950-01-01\nP2,1950-01-01\n", "utf-8")
    rows = ["P1,2024-01-02,enrolment,I1O,", "P2,2024-01-02,diagnosis,E11.2,", "P2,2024-03-02,diagnosis,E1I,LOCAL"]
    (tmp_path / "events.csv").write_text("\n".join(["patient_id,date,kind,code,system", *rows]), "utf-8")
    slips = [one for one in sd.read(tmp_path).report.slips if one.column == "code"]
    assert [(one.value, one.line, one.count) for one in slips] == [("I1O", 2, 1)]
    assert slips[0].meant == "不能是 ICD-10 编码，是否为 I10？ / did you mean I10?"
    with pytest.raises(sd.DataError, match="I1O"):
        sd.read(tmp_path, strict=True)


def test_parts_say_what_the_whole_says(tmp_path: Path):
    """Counted in parts, and from kept counts, the codes of all parts are looked at together."""
    sd.write(log(("E11.2", ""), ("I20", "")), tmp_path / "whole")
    parts = sd.partition(tmp_path / "whole", tmp_path / "parts", parts=2)
    conditions = {"lost": CODE.starts_with("I1O"), "found": CODE.starts_with("E11")}
    measures = [sd.Measure(id=id, numerator=sd.events().where(one).exists()) for id, one in conditions.items()]
    for _ in range(2):
        score = sd.evaluate(measures, parts, period=PERIOD, keep=tmp_path / "kept")
        assert [one.en for one in score.remarks] == [
            "lost: I1O can be no ICD-10 code, and the log holds none; did you mean I10?"
        ]
