"""Clinic software: one person at a time, immutable, with the same answers as the batch."""

from singledisease.clinic.course import Course
from singledisease.clinic.due import Due
from singledisease.clinic.joint_courses import JointCourses, start_joint
from singledisease.clinic.start_course import start
from singledisease.clinic.status import Obligation, Stay, Step

__all__ = ["Course", "Due", "JointCourses", "Obligation", "Stay", "Step", "start", "start_joint"]
