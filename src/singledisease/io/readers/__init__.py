"""The table of readers: every format in which a registry may come, with its options."""

from singledisease.io.readers.choose import check_options, reader_for, reader_named
from singledisease.io.readers.model import Reader, ReaderOption
from singledisease.io.readers.table import READERS

__all__ = ["READERS", "Reader", "ReaderOption", "check_options", "reader_for", "reader_named"]
