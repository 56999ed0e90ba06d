"""Mapping files in their short form: foreign columns and codes under the names used here."""

from __future__ import annotations

import pytest
from cli_world import registry

import singledisease as sd
from singledisease.events.raw import raw_rows
from singledisease.io.mapping import apply, read_mapping


@pytest.fixture(name="mapping")
def _mapping(tmp_path):
    """Give a function that reads a mapping of this text."""

    def read(text):
        file = tmp_path / "mapping.toml"
        file.write_text(text, "utf-8")
        return read_mapping(file)

    return read


def test_columns_and_codes_are_renamed(mapping):
    """A foreign column gets its name here, and codes are found under that name only."""
    system = mapping('[events.columns]\n"高压" = "sbp"\n"方式" = "mode"\n[events.codes.mode]\n"门诊" = "clinic"\n')
    table = apply(system, raw_rows("events", {"高压": ["152", None], "方式": ["门诊", "home"], "item": ["门诊", ""]}))
    assert set(table.columns) == {"sbp", "mode", "item"}
    assert [table.columns["mode"].text(i) for i in range(2)] == ["clinic", "home"]
    assert table.columns["item"].text(0) == "门诊"


def test_two_foreign_codes_of_one_meaning(mapping):
    """Two foreign codes that mean the same become one category."""
    system = mapping('[events.codes.mode]\n"门诊" = "clinic"\n"诊室" = "clinic"\n')
    column = apply(system, raw_rows("events", {"mode": ["门诊", "诊室", "phone"]})).columns["mode"]
    assert [column.text(i) for i in range(3)] == ["clinic", "clinic", "phone"]
    assert len(set(column.categories)) == len(column.categories)


def test_other_tables_stay_as_they_are(mapping):
    """A table that the mapping does not name keeps its columns."""
    raw = raw_rows("patients", {"高压": ["P1"]})
    assert list(apply(mapping('[events.columns]\n"高压" = "sbp"\n'), raw).columns) == ["高压"]


@pytest.mark.parametrize("text", ['收缩压 = "sbp"', "[events.columns]\na = 1\n", '[visits.columns]\na = "b"\n'])
def test_what_a_mapping_cannot_say_is_refused(mapping, text):
    """Text that is no TOML, a name that is no text, a table that does not exist: documented errors."""
    with pytest.raises(sd.SingleDiseaseError):
        mapping(text)


def test_a_missing_file_is_refused(tmp_path):
    """A mapping that is not there is a documented error that names it."""
    with pytest.raises(sd.SingleDiseaseError, match="nowhere"):
        read_mapping(tmp_path / "nowhere.toml")


def test_read_takes_a_mapping(tmp_path):
    """``sd.read`` gives the same log for renamed columns."""
    data = registry(tmp_path / "data")
    wanted = sd.read(data)
    text = (data / "events.csv").read_text("utf-8").replace("sbp,dbp", "高压,dbp")
    (data / "events.csv").write_text(text, "utf-8")
    (data / "mapping.toml").write_text('[events.columns]\n"高压" = "sbp"\n', "utf-8")
    log = sd.read(data, mapping=data / "mapping.toml")
    assert log.columns["sbp"].values.tolist() == pytest.approx(wanted.columns["sbp"].values.tolist(), nan_ok=True)
