"""Law 4: what a log was on a day is what was recorded and not withdrawn by then, for ever."""

from hypothesis import given
from hypothesis import strategies as st

from singledisease.dates import day_of, iso
from singledisease.scorecard.evaluate import evaluate
from singledisease.testing import days, diseases, log_of, logs, measures, periods, registries
from singledisease.testing.laws import as_of_is_what_was_known


@given(logs(), days())
def test_what_was_known(log, day):
    """``as_of`` keeps each row that was known, each death that was known, and nothing else."""
    as_of_is_what_was_known(log, day)


@given(
    registries(), days(), measures(), st.tuples(diseases("alpha"), diseases("beta")), st.lists(periods(), min_size=1)
)
def test_published_figures_stay(rows, day, measure, pair, spans):
    """A figure of a day is the same whatever is recorded, or taken back, after it."""
    known = {one.id: one for one in pair}
    earlier = [_before(row, day) for row in rows.events if day_of(row.get("recorded") or row["date"]) <= day]
    people = [_alive(row) if day_of(_told(row) or "1900-01-01") > day else row for row in rows.patients]
    then = evaluate(
        measure,
        log_of(type(rows)(tuple(people), tuple(earlier), rows.institutions, rows.activities)),
        spans,
        diseases=known,
        as_of=day,
    )
    now = evaluate(measure, log_of(rows), spans, diseases=known, as_of=day)
    assert then.counts == now.counts


def _before(row, day):
    late = row.get("withdrawn") and day_of(row["withdrawn"]) > day
    return {**row, "withdrawn": ""} if late else row


def _told(row):
    return row.get("death_recorded") or row.get("death_date")


def _alive(row):
    return {**row, "death_date": "", "death_recorded": ""}


@given(registries(), days())
def test_recorded_on_the_day_when_blank(rows, day):
    """A blank ``recorded`` is the day of the event itself."""
    filled = [{**row, "recorded": row.get("recorded") or row["date"]} for row in rows.events]
    one, other = log_of(rows).as_of(day), log_of(rows.with_events(filled)).as_of(day)
    assert one.date.tolist() == other.date.tolist()
    assert iso(one.known_until) == iso(day)
