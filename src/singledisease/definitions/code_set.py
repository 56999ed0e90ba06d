"""Code sets: named codes of one system, so that no condition repeats a list of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import Factory, field, frozen

from singledisease.definitions.citation import Names
from singledisease.definitions.normal_code import normal_code
from singledisease.errors import DefinitionError, Fault
from singledisease.language.nodes import Codes


def _listed(codes: Iterable[str]) -> tuple[str, ...]:
    if isinstance(codes, str):
        fault = Fault("no_list", "codes", f"expected a list of codes, got the string {codes!r}", f"codes=[{codes!r}]")
        raise DefinitionError("this code set cannot be made", [fault])
    return tuple(codes)


def _own_name(code_set: Any) -> Names:
    return Names(code_set.name, code_set.name)


@frozen(kw_only=True)
class CodeSet:
    """Named codes of a coding system, with their source.

    Attributes
    ----------
    name
        By which conditions name it: ``code.is_in(codes("pregnancy"))``.
    system
        Of the codes, as events give it in their column ``system``; blank: ICD-10.
    codes
        The codes.
    prefixes
        Whether they are beginnings of codes (``O1`` has O10.0 and O14) rather than whole codes.
    citation
        Id of a citation of the disease; of a set of one's own, the source in words.

    Raises
    ------
    DefinitionError
        If ``codes`` is a string, not a list of them.

    Examples
    --------
    >>> pregnancy = CodeSet(name="pregnancy", codes=("O", "Z33"), prefixes=True)
    >>> pregnancy.holds("O14.1"), pregnancy.holds("I10")
    (True, False)
    """

    name: str
    names: Names = field(default=Factory(_own_name, takes_self=True))
    system: str = ""
    codes: tuple[str, ...] = field(converter=_listed)
    prefixes: bool = False
    citation: str = ""

    @property
    def node(self) -> Codes:
        """What stands for it in an expression: ``column("code").is_in(pregnancy)``."""
        return Codes(self.name, self.names.zh, self.names.en, self.system, self.codes, self.prefixes)

    def holds(self, code: str) -> bool:
        """Say whether a code of this system belongs to the set."""
        wanted = tuple(normal_code(each, self.system) for each in self.codes)
        text = normal_code(code, self.system)
        return text.startswith(wanted) if self.prefixes else text in wanted
