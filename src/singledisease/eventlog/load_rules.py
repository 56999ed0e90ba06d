"""What a registry is read by, beyond the contract: what definitions declare and know, and how strict to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from attrs import field, frozen

from singledisease.definitions.typed_column import TypedColumn
from singledisease.definitions.used_words import UsedWords
from singledisease.eventlog.event import disease_tag
from singledisease.eventlog.parse_cell import NORMAL_FORM, NormalForms
from singledisease.frozen_mapping import frozen_mapping
from singledisease.vocabulary import Quantity

Impossible = Literal["reading", "row"]


@frozen(kw_only=True)
class KnownWords:
    """The words that the definitions at hand know.

    Attributes
    ----------
    diseases
        Ids of diseases by id and names, folded (``spelling.folded``); a tag that is one of them becomes the id.
    aliases
        Ids of diseases by other usual names, folded: none is taken for the disease, but what it means is said.
    codes
        Ids of diseases by beginnings of ICD-10 codes: to say what a code in the place of a tag means.
    used
        Gives the words that definitions use; called only if a log holds one that has no built-in meaning.
    headings
        Gives the columns of a table by foreign headings, folded, such as 收缩压; called only if a table has a column
        that is not built in.
    """

    diseases: Mapping[str, str] = field(factory=dict, converter=frozen_mapping)
    aliases: Mapping[str, str] = field(factory=dict, converter=frozen_mapping)
    codes: Mapping[str, str] = field(factory=dict, converter=frozen_mapping)
    used: Callable[[], UsedWords] = field(default=UsedWords, eq=False)
    headings: Callable[[str], Mapping[str, str]] = field(default=lambda _: {}, eq=False)


@frozen(kw_only=True)
class LoadRules:
    """How tables are read.

    Attributes
    ----------
    quantities
        Further quantities that columns of events hold, beside the vocabulary's.
    attributes, institution_columns
        Further columns of patients and of institutions that hold something other than text.
    known
        The words that the definitions at hand know; ``None``: only the built-in ones can be judged.
    impossible
        What a number refuses that is none or impossible: the ``reading`` alone, or the whole ``row``.
    local_dates
        Whether a time stamp without a zone stands for its date, whatever the time of day.
    strict
        Whether likely slips are refused.
    """

    quantities: tuple[Quantity, ...] = ()
    attributes: tuple[TypedColumn, ...] = ()
    institution_columns: tuple[TypedColumn, ...] = ()
    known: KnownWords | None = None
    impossible: Impossible = "reading"
    local_dates: bool = False
    strict: bool = False

    def normal_forms(self) -> NormalForms:
        """Give how texts are brought into one form, the tags of diseases by their names too."""
        if self.known is None or not self.known.diseases:
            return NORMAL_FORM
        names = self.known.diseases
        return {**NORMAL_FORM, "disease": lambda text: disease_tag(text, names)}
