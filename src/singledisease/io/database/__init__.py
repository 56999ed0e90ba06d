"""Databases in and out: a registry read by queries, and results written back as tables.

Any connection of Python's database interface (DB-API 2.0) will do, SQLAlchemy's, and those that hand over Arrow
(DuckDB, ADBC).  No driver is imported here: what a connection is, is seen from the connection itself.
"""

from singledisease.io.database.read import read_database
from singledisease.io.database.write import Columns, write_tables

__all__ = ["Columns", "read_database", "write_tables"]
