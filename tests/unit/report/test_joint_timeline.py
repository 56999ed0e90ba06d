"""Several diseases of one person drawn along one line of time."""

import singledisease as sd
from singledisease.report.joint_timeline import joint_timeline

BOTH = [sd.disease("hypertension"), sd.disease("type2-diabetes")]


def test_it_draws_each_disease_and_each_event_once():
    """States of both diseases, four marks for four events, one line for each quantity, and what is due."""
    person = sd.start_joint(BOTH, "P<1", birth_date="1960-01-01")
    for event in (
        sd.Event("enrolment", "2024-01-10", disease="hypertension|type2-diabetes"),
        sd.Event("follow_up", "2024-02-10", mode="clinic", sbp=150, dbp=90, fpg=7.5),
        sd.Event("follow_up", "2024-02-20", mode="clinic", sbp=130, dbp=80, fpg=6.5),
        sd.Event("measurement", "2024-03-01", sbp=128, dbp=78),
    ):
        person = person.after(event)
    drawn = joint_timeline(person)
    assert "P&lt;1 · 2024-03-01" in drawn
    assert drawn.count("sd-way") == 4
    assert drawn.count("<polyline") == 3
    assert "首次控制不满意" in drawn
    assert "高血压 / Hypertension: 控制满意 / satisfactory" in drawn
    assert "2024-05-20" in drawn
    assert "收缩压 &lt; 140 mmHg" in drawn
    assert "红黄绿（本人最重）：绿（高血压绿；2型糖尿病绿）" in drawn
    assert (
        drawn.count('class="sd-band"') == drawn.count("#4c9f50") + drawn.count("#f2c230") + drawn.count("#c9352b") > 0
    )
    assert "在管 / managed" in drawn


def test_up_to_an_earlier_day():
    """What stands and what is due is that of the day; before anything happened there is nothing to draw."""
    person = sd.start_joint(BOTH, "P1", birth_date="1960-01-01")
    assert "nothing has happened yet" in joint_timeline(person)
    person = person.after(sd.Event("enrolment", "2024-01-10", disease="hypertension"))
    drawn = joint_timeline(person, "2024-02-01")
    assert "P1 · 2024-02-01" in drawn
    assert "Hypertension" in drawn
