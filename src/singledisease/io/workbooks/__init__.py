"""Spreadsheets (extra ``excel``): workbooks read sheet by sheet like text files, and results written as one."""

from singledisease.io.workbooks.read import read_workbook
from singledisease.io.workbooks.sheets import SUFFIXES, Sheets

__all__ = ["SUFFIXES", "Sheets", "read_workbook"]
