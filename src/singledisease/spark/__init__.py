"""A registry on a Spark cluster: the same figures as in one process, people and worklists as dataframes.

``from singledisease import spark``; needs the extra ``spark`` and Java 17 or later.  Each person is sent whole to one
part, each part is read, walked and counted where it is by the same function that counts a part on one machine, and
counts are added.
"""

from singledisease.spark.evaluate import evaluate
from singledisease.spark.lists import people, worklist
from singledisease.spark.shuffle import Tables

__all__ = ["Tables", "evaluate", "people", "worklist"]
