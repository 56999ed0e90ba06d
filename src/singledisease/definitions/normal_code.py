"""The form in which codes are compared: editions of ICD-10 write one code with and without its point and its marks."""

from __future__ import annotations

from singledisease.code_slips import ICD_10


def normal_code(code: str, system: str = "") -> str:
    """Give a code in upper case without blanks around it; one of ICD-10 also without its point and ``+`` and ``*``.

    >>> normal_code(" e11.200+ "), normal_code("85354-9", "LOINC")
    ('E11200', '85354-9')
    """
    text = code.strip().upper()
    return text.replace(".", "").rstrip("+*") if system.strip().upper() in ICD_10 else text


def begins_with(code: str, prefixes: tuple[str, ...]) -> bool:
    """Say whether an ICD-10 code begins with one of some others.

    >>> begins_with("E1121", ("E11.2",)), begins_with("E10", ("E11.2",))
    (True, False)
    """
    return normal_code(code).startswith(tuple(map(normal_code, prefixes)))
