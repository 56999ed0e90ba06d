"""Which events concern a disease: its own, the untagged, and those whose code is one of its codes."""

from attrs import evolve
from pathways import CARE
from tables import lines

ALL_YEAR = "2024-12-31"


def test_a_tag_decides(engine):
    """Tagged with this disease, alone or among others: heard; with another: not; blank: heard."""
    events = """
        who date        kind       disease
        P1  2024-01-01  diagnosis  care
        P2  2024-01-01  diagnosis  other|care
        P3  2024-01-01  diagnosis  other
        P4  2024-01-01  diagnosis  .
        P5  2024-01-01  diagnosis  careful
    """
    assert engine.at_rows(CARE, events, until=ALL_YEAR) == lines("""
        who date        kind       state
        P1  2024-01-01  diagnosis  stable
        P2  2024-01-01  diagnosis  stable
        P3  2024-01-01  diagnosis  outside
        P4  2024-01-01  diagnosis  stable
        P5  2024-01-01  diagnosis  outside
    """)


def test_a_blank_tag_is_found_from_the_code(engine):
    """A diagnosis with a code and no tag concerns the disease whose prefix begins it, in whatever letters."""
    events = """
        who date        kind       code
        P1  2024-01-01  diagnosis  C1
        P2  2024-01-01  diagnosis  c1.9
        P3  2024-01-01  diagnosis  D1
        P4  2024-01-01  diagnosis  C
        P5  2024-01-01  diagnosis  .
    """
    assert engine.at_rows(CARE, events, until=ALL_YEAR) == lines("""
        who date        kind       state
        P1  2024-01-01  diagnosis  stable
        P2  2024-01-01  diagnosis  stable
        P3  2024-01-01  diagnosis  outside
        P4  2024-01-01  diagnosis  outside
        P5  2024-01-01  diagnosis  stable
    """)


def test_a_code_with_and_without_its_point_is_one_code(engine):
    """Editions of ICD-10 leave the point out, add digits of their own, and mark a code with a dagger or asterisk."""
    events = """
        who date        kind       code
        P1  2024-01-01  diagnosis  C1.2
        P2  2024-01-01  diagnosis  c12
        P3  2024-01-01  diagnosis  C1200x001
        P4  2024-01-01  diagnosis  C1.2+
        P5  2024-01-01  diagnosis  C1.3
        P6  2024-01-01  diagnosis  C1*
    """
    narrow = evolve(CARE, codes=("C1.2",))
    found = engine.at_rows(narrow, events, until=ALL_YEAR)
    assert [line.split()[-1] for line in found[1:]] == ["stable"] * 4 + ["outside"] * 2
    marked = [line.split()[-1] for line in engine.at_rows(CARE, events, until=ALL_YEAR)[1:]]
    assert marked == ["stable"] * 6


def test_a_tag_is_stronger_than_a_code(engine):
    """Tagged with this disease and coded as another: heard; tagged with another and coded as this one: not."""
    events = """
        who date        kind       disease  code
        P1  2024-01-01  diagnosis  care     D1
        P2  2024-01-01  diagnosis  other    C1
    """
    assert engine.at_rows(CARE, events, until=ALL_YEAR) == lines("""
        who date        kind       state
        P1  2024-01-01  diagnosis  stable
        P2  2024-01-01  diagnosis  outside
    """)


def test_a_code_says_nothing_on_other_kinds(engine):
    """On a follow-up a code of another disease is no tag: untagged, it concerns every disease."""
    events = """
        who date        kind       code  sbp
        P1  2024-01-01  diagnosis  C1    .
        P1  2024-02-01  follow_up  D1    150
    """
    assert engine.at_rows(CARE, events, until=ALL_YEAR) == lines("""
        who date        kind       state
        P1  2024-01-01  diagnosis  stable
        P1  2024-02-01  follow_up  high
    """)


def test_an_exit_of_another_disease_closes_nothing(engine):
    """A blank exit concerns every disease, a tagged one only its own."""
    events = """
        who date        kind       disease
        P1  2024-01-01  diagnosis  .
        P1  2024-02-01  exit       other
        P2  2024-01-01  diagnosis  .
        P2  2024-02-01  exit       .
    """
    assert engine.at_rows(CARE, events, until=ALL_YEAR) == lines("""
        who date        kind       state
        P1  2024-01-01  diagnosis  stable
        P1  2024-02-01  exit       stable
        P2  2024-01-01  diagnosis  stable
        P2  2024-02-01  exit       closed
    """)
