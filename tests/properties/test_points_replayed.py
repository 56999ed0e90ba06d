"""The ledger of points is the same whether everybody is asked at once or one person after the other."""

from hypothesis import given, settings
from hypothesis import strategies as st

import singledisease as sd

RULES = (sd.point_rules("resident"), sd.point_rules("village-doctor"))
PEOPLE = [{"patient_id": name, "birth_date": born} for name, born in (("P1", "1950-03-01"), ("P2", ""), ("P3", ""))]
KINDS = "contract follow_up checkup measurement redemption referral encounter admission education test enrolment"
DAYS = [f"2024-03-{day:02}" for day in range(1, 9)]


def either(*values):
    """Give one of some texts, or none."""
    return st.sampled_from(("", *values))


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "patient_id": st.sampled_from(["P1", "P2", "P3"]),
            "date": st.sampled_from(DAYS),
            "kind": st.sampled_from(KINDS.split()),
            "mode": either("clinic", "home", "phone"),
            "status": either("submitted", "accepted", "withdrawn", "cancelled"),
            "direction": either("up", "down"),
            "level": either("county", "township"),
            "link": either("r1", "r2"),
            "team": either("A", "B"),
            "record": either("1", "2", "3"),
            "amount": either("5", "10", "2.5"),
            "sbp": either("150", "120"),
        }
    ),
    min_size=1,
    max_size=12,
)
LATER = st.lists(st.tuples(either("2024-03-09", "2024-03-20"), either("2024-03-12", "2024-03-25")), max_size=12)


@settings(max_examples=25, deadline=None)
@given(ROWS, LATER)
def test_both_engines_book_the_same(rows, later):
    """Entry by entry, with reasons and balances, late and withdrawn events among others; as of a day in between too."""
    known = [*later, *[("", "")] * len(rows)]
    events = [
        {**row, "recorded": recorded, "withdrawn": gone} for row, (recorded, gone) in zip(rows, known, strict=False)
    ]
    log = sd.read_frames(PEOPLE, events)
    for rules in RULES:
        for as_of in (None, "2024-03-10"):
            told = [
                sd.points_ledger(rules, log, until="2024-12-31", as_of=as_of, engine=engine).table().rows()
                for engine in ("columnar", "reference")
            ]
            assert told[0] == told[1]
