"""Services of the catalogue that are for some of the managed: nobody is listed for want of a record."""

import pytest

import singledisease as sd

PEOPLE = "patient_id,birth_date\nA,1955-05-01\nB,1955-05-01\n"
STROKE = """patient_id,date,kind,code,disease,item,carotid_stenosis
A,2024-01-02,admission,I63.9,,,
A,2024-01-12,discharge,I63.9,,,
A,2024-01-13,enrolment,,ischaemic-stroke,,
A,2024-01-20,test,,,,75
B,2024-01-02,admission,I63.9,,,
B,2024-01-12,discharge,I63.9,,,
B,2024-01-13,enrolment,,ischaemic-stroke,,
B,2024-01-14,medication,,,warfarin,
"""
MENTAL = """patient_id,date,kind,disease,mode,item,status,risk_grade,symptoms,insight,social_function
A,2024-01-02,enrolment,severe-mental-disorder,,,,,,,
A,2024-01-10,follow_up,,clinic,,,0,1,1,1
A,2024-01-10,medication,,,clozapine,started,,,,
B,2024-01-02,enrolment,severe-mental-disorder,,,,,,,
B,2024-01-10,follow_up,,clinic,,,0,1,1,1
"""
LUNGS = """patient_id,date,kind,disease,mode,spo2
A,2024-01-02,enrolment,copd,,
A,2024-01-10,follow_up,,clinic,86
B,2024-01-02,enrolment,copd,,
B,2024-01-10,follow_up,,clinic,
"""
LUPUS = """patient_id,date,kind,disease,mode,prednisone
A,2024-01-02,enrolment,systemic-lupus,,
A,2024-01-10,follow_up,,clinic,5
B,2024-01-02,enrolment,systemic-lupus,,
B,2024-01-10,follow_up,,clinic,
"""


@pytest.mark.parametrize(
    ("events", "disease", "words"),
    [
        (STROKE, "ischaemic-stroke", "carotid stenosis of 50 % or more"),
        (STROKE, "ischaemic-stroke", "from two antiplatelets to one"),
        (MENTAL, "severe-mental-disorder", "clozapine: weekly"),
        (LUNGS, "copd", "low oxygen at rest"),
        (LUPUS, "systemic-lupus", "yearly bone density"),
    ],
)
def test_only_whom_it_is_for_is_listed(tmp_path, events, disease, words):
    """The first person has what the service is for; of the second nothing says so, or a drug speaks against it."""
    (tmp_path / "patients.csv").write_text(PEOPLE)
    (tmp_path / "events.csv").write_text(events)
    listed = sd.worklist(sd.read(tmp_path), on="2024-01-25", diseases=disease, ahead=400).rows()
    assert [row["patient_id"] for row in listed if words in row["names"]] == ["A"]
