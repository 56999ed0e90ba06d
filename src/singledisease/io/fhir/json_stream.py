"""A JSON file read piece by piece: the entries of a bundle one after the other, however large the file.

Numbers with a fraction come as ``Decimal``, so that they are converted as they were written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn, TextIO

CHUNK = 1 << 18
"""How many characters are read at first; twice as many each time a value does not fit."""
_NEAR_THE_END = 16
"""An error so close to the end of what was read may be one of what is missing, such as half of an escape."""
_BLANK = " \t\n\r"
_OF_NUMBERS = "0123456789+-.eE"


def no_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python would take and JSON does not have."""
    raise ValueError(f"{name} is no JSON")


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"the number {text[:20]}… is out of range") from None


DECODER = json.JSONDecoder(parse_float=_decimal, parse_constant=no_constant)


def decode(text: str) -> Any:
    """Read one JSON value that is all of a text.

    Raises
    ------
    ValueError
        If it is none, or too deep.
    """
    try:
        return DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


class JsonStream:
    """The top level of a JSON file: elements of one array of an object, or of a list, one at a time."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text = ""
        self._at = 0
        self._ended = False
        self.head: dict[str, Any] = {}
        """What the object says beside the array, as far as it has been read."""

    def elements(self, array: str) -> Iterator[Any]:
        """Give the elements of the array of this name, or of the list that the file is; the rest is in ``head``.

        Raises
        ------
        ValueError
            Where the text is no JSON, or ends too early.
        """
        opening = self._peek()
        if opening == "[":
            yield from self._list()
        elif opening == "{":
            yield from self._object(array)
        else:
            yield self._value()
        if self._peek() != "":
            raise ValueError("there is more after the end of the value")

    def _object(self, array: str) -> Iterator[Any]:
        self._at += 1
        more = self._peek() != "}"
        while more:
            key = self._value()
            if not isinstance(key, str):
                raise ValueError("a name is wanted here")
            self._expect(":")
            if key == array and self._peek() == "[" and self.head.get("resourceType", "Bundle") == "Bundle":
                yield from self._list()
            else:
                self.head[key] = self._value()
            more = self._peek() == ","
            self._at += more
        self._expect("}")

    def _list(self) -> Iterator[Any]:
        self._at += 1
        more = self._peek() != "]"
        while more:
            yield self._value()
            more = self._peek() == ","
            self._at += more
        self._expect("]")

    def _expect(self, mark: str) -> None:
        found = self._peek()
        if found != mark:
            what = f"{found!r} stands" if found else "the file ends"
            raise ValueError(f"{what} where {mark!r} is wanted")
        self._at += 1

    def _peek(self) -> str:
        """Give the next character that is not blank; at the end of the file, nothing."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANK:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Read on, keeping what has not been used; say whether there was anything."""
        if self._ended:
            return False
        rest = self._text[self._at :]
        new = self._stream.read(max(CHUNK, len(rest)))
        self._ended = not new
        self._text, self._at = rest + new, 0
        return bool(new)

    def _value(self) -> Any:
        self._peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise ValueError("nested too deeply") from None
            except json.JSONDecodeError as error:
                if not (self._unfinished(error) and self._more()):
                    raise ValueError(self._said(error)) from None
            else:
                if not (self._may_go_on(value, end) and self._more()):
                    self._at = end
                    return value

    def _may_go_on(self, value: Any, end: int) -> bool:
        """Tell whether a number may be longer than it seems, because what was read ends in it."""
        rest = self._text[end : end + _NEAR_THE_END]
        whole = end + len(rest) == len(self._text)
        return not isinstance(value, str | dict | list) and whole and not rest.strip(_OF_NUMBERS)

    def _unfinished(self, error: json.JSONDecodeError) -> bool:
        return "Unterminated string" in error.msg or error.pos > len(self._text) - _NEAR_THE_END

    def _said(self, error: json.JSONDecodeError) -> str:
        return "the file ends too early" if self._ended and self._unfinished(error) else error.msg
