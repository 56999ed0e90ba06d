"""What a table is called that is a sheet: ``book.xlsx[sheet]``, of which one of the two says what it holds."""

from __future__ import annotations

import re

_SHEET = re.compile(r"(.*)\[([^\[\]]+)\]", re.DOTALL)
_UNNAMED = re.compile(r"(sheet|工作表|表)\s*\d*", re.IGNORECASE)
"""How programs call a sheet that nobody has named."""


def book_and_sheet(file: str) -> tuple[str, str]:
    """Give the names of a workbook and its sheet; of a file that is no sheet its name, and blank.

    >>> book_and_sheet("2024.xlsx[随访]"), book_and_sheet("随访.csv")
    (('2024.xlsx', '随访'), ('随访.csv', ''))
    """
    found = _SHEET.fullmatch(file)
    return (found[1], found[2]) if found else (file, "")


def telling_name(file: str) -> str:
    """Give the name that says what a table holds: the sheet's, or the file's where nobody has named the sheet.

    >>> telling_name("2024.xlsx[随访]"), telling_name("随访.xlsx[Sheet1]"), telling_name("随访.csv")
    ('随访', '随访.xlsx', '随访.csv')
    """
    book, sheet = book_and_sheet(file)
    return sheet if sheet and not _UNNAMED.fullmatch(sheet.strip()) else book


def without_suffix(file: str) -> str:
    """Give the telling name without what ends a file's name.

    >>> without_suffix("随访.xlsx[Sheet1]"), without_suffix("2024.xlsx[随访]")
    ('随访', '随访')
    """
    name = telling_name(file)
    return name.rpartition(".")[0] if name == book_and_sheet(file)[0] else name
