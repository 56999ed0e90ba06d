"""Texts that are digits behind one prefix, coded by the numbers that they hold."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from singledisease.eventlog.columns import Coded
from singledisease.io.dictionary_encode import numbered
from singledisease.io.digit_texts import DigitPattern, coded_digits, form_of, numbers_in

ODD = st.sampled_from([None, "", "P1", "P00000012x", "P/0000012", "Q00000012", "P0000001:", "患00000012", "000000012"])


def texts_of(column: Coded) -> list[str | None]:
    """Give the texts of a column, ``None`` where missing."""
    return [column.text(i) for i in range(len(column))]


@given(st.lists(st.integers(0, 99_999_999), min_size=1, max_size=40), st.lists(ODD, max_size=5), st.integers(1, 20))
def test_codes_give_the_texts_back(numbers: list[int], odd: list[str | None], size: int) -> None:
    """Those of another form too, in whatever parts they come; too many of them are left to others."""
    texts = [*(f"P{number:08d}" for number in numbers), *odd]
    texts = [texts[i] for i in np.random.default_rng(len(texts)).permutation(len(texts))]
    parts = [pa.array(texts[at : at + size], pa.string()) for at in range(0, len(texts), size)]
    column = coded_digits(parts, len(texts))
    if column is not None:
        assert texts_of(column) == [text or None for text in texts]
        assert len(set(column.categories)) == len(column.categories)
        return
    assert odd


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
@pytest.mark.parametrize(
    "texts",
    [
        ["7", "3", "7"],
        ["患者007", "患者003"],
        ["110105194912310021", "999999999999999999", "000000000000000000"],
        ["A-1234567890123456789", "A-1234567890123456780"],
        ["P12345678", "P02345678", "P12345678"],
        *([f"11010519491231{i:04d}" for i in range(16)] + [other] for other in ("11010519491231002X", None, "")),
    ],
)
def test_numbers_of_any_length_are_read(texts: list[str | None], kind: pa.DataType) -> None:
    """From one digit to more than a number holds; prefixes that are no ASCII; the X of an identity number."""
    column = coded_digits([pa.array(["x", *texts], kind)[1:]], len(texts))
    assert column is not None
    assert texts_of(column) == [text or None for text in texts]


@pytest.mark.parametrize("texts", [["ward", "home"], ["A1", "B1", "C1", "D1", "E1"], [None, ""], ["P1", "P12", "P123"]])
def test_other_texts_are_left_to_hashing(texts: list[str | None]) -> None:
    """Without digits at the end, or with a prefix or a length of their own, they gain nothing."""
    assert coded_digits([pa.array(texts, pa.string())], len(texts)) is None


def test_no_text_is_left_to_hashing() -> None:
    """A column without rows has no form."""
    assert coded_digits([], 0) is None


def test_the_form_is_that_of_most_texts() -> None:
    """One of another form at the beginning does not decide it."""
    texts = pa.array(["x9", *(f"P{i:03d}" for i in range(30))])
    assert form_of(texts) == DigitPattern(b"P", 3)
    assert numbers_in(texts, DigitPattern(b"P", 3)).tolist() == [-1, *range(30)]


@given(st.lists(st.integers(0, 9_999), min_size=1, max_size=40), st.lists(ODD, max_size=2))
def test_codes_are_those_of_hashing(numbers: list[int], odd: list[str | None]) -> None:
    """In the order of first appearance, or of the text where places alone code it: the way shows nowhere."""
    texts = pa.array([*(f"P{number:08d}" for number in numbers), *odd], pa.string())
    column = coded_digits([texts], len(texts))
    by_place = numbered(pa.chunked_array([texts]))
    hashed = ["", *(text for text in texts.dictionary_encode().dictionary.to_pylist() if text)]
    if column is not None:
        assert list(column.categories) == (hashed if by_place is None else list(by_place.categories))
