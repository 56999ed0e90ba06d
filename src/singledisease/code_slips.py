"""What cannot be an ICD-10 code, and which code was meant: a slip in one finds nobody, and says nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from attrs import frozen

ICD_10 = ("", "ICD-10")
"""What the system of an ICD-10 code is called: it may be left out."""
_CODE = re.compile(r"[A-Z](?:\d(?:[\dAB](?:\.?[\dA-Z]{1,8})?)?)?")
"""A code or the beginning of one, without its marks; of letters C4A and Z3A have one in the third place."""
_NAMED = re.compile(r"^\s*ICD[-_ ]?(?:10|9|11)?(?:[-_ ]?(?:CM|GM|CN))?\s*[:：|/#\s]\s*", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*[,，、;；|]\s*")
_RANGE = re.compile(r"\s*[-–—~～至到]\s*")
_ANY_END = re.compile(r"\.?(?:\.\*|%|\?|-)$")
_CORRECTED = re.compile(r"[A-Z](?:\d(?:[\dAB](?:\.?[\dX][\dA-Z]{0,7})?)?)?")
"""A code into which digits were put; stricter, so that no name made of letters is taken for one."""
_AS_DIGITS = str.maketrans("OIL", "011")


@frozen
class CodeSlip:
    """What was meant by a text that can be no ICD-10 code, in Chinese and English."""

    zh: str
    en: str


def wrong_codes(codes: Iterable[str], system: str = "") -> Iterator[tuple[str, str]]:
    """Give those of some codes that cannot be codes of their system, each with what was meant; only ICD-10 is known.

    >>> list(wrong_codes(["I10", "E1I"])), list(wrong_codes(["E1I"], "LOINC"))
    ([('E1I', 'did you mean E11?')], [])
    """
    if system.strip().upper() in ICD_10:
        for code in codes:
            slip = code_slip(code)
            if slip is not None:
                yield code, slip.en


def code_slip(code: str) -> CodeSlip | None:
    """Say what was meant by a text that cannot be an ICD-10 code, nor the beginning of one; ``None`` if it may be one.

    Told are letters in the place of digits, the name of the system before the code, several codes in one text,
    a range, signs for any ending, and wide letters.  A code of another system is none of these, so it passes.

    >>> [code_slip(text).en for text in ("I1O", "e1i", "icd10:I10", "E10-E14")]
    ['did you mean I10?', 'did you mean E11?', 'did you mean I10?', 'one code for each text: E10 … E14']
    >>> [code_slip(text).zh for text in ("E11,I10", "E11.*")]
    ['一处写一个编码：E11、I10', '是否为 E11？以此开头的用 prefixes']
    >>> code_slip("I10"), code_slip("E11.900x001"), code_slip("8480-6")
    (None, None, None)
    """
    plain = unicodedata.normalize("NFKC", code).strip()
    text = _NAMED.sub("", plain, count=1)
    ends = [_whole(part) for part in _RANGE.split(text)]
    if len(ends) == 2 and all(ends):
        return _each(" … ".join(ends), " … ".join(ends))
    several = [_whole(part) for part in _SEVERAL.split(text) if part]
    if len(several) > 1 and all(several):
        return _each("、".join(several), ", ".join(several))
    bare = _ANY_END.sub("", text)
    meant = _whole(bare)
    if bare != text and meant:
        return CodeSlip(
            f"是否为 {meant}？以此开头的用 prefixes", f"did you mean {meant}? what begins with it: prefixes"
        )
    if not meant or meant == code.strip().upper().rstrip("+*"):
        return None
    return CodeSlip(f"是否为 {meant}？", f"did you mean {meant}?")


def _each(zh: str, en: str) -> CodeSlip:
    return CodeSlip(f"一处写一个编码：{zh}", f"one code for each text: {en}")


def _whole(text: str) -> str:
    """Give the code that a text is, letters that stand for digits put right; blank if it is none."""
    upper = text.strip().upper().rstrip("+*")
    head, point, rest = upper.partition(".")
    if _CODE.fullmatch(upper):
        return head + point + rest.translate(_AS_DIGITS)
    put = head[:1] + head[1:3].translate(_AS_DIGITS) + head[3:] + point + rest.translate(_AS_DIGITS)
    return put if _CORRECTED.fullmatch(put) else ""
