"""Where the parts of a definition come from: the fragments it uses, and the line of each part."""

from __future__ import annotations

from typing import NamedTuple

from attrs import frozen

from singledisease.definitions.citation import Names
from singledisease.definitions.pathway import Transition

Given = str | bool | tuple[str, ...] | Names
"""What a disease gives a fragment: a text, yes or no, a list of texts, or names."""


@frozen
class FragmentUse:
    """A fragment that a disease uses, and what the disease gives it.

    Attributes
    ----------
    fragment
        As the disease names it: an id of the catalogue, or the path of a file beside the disease's own.
    given
        What the fragment needs, by name.
    without
        Parts of the fragment that the disease does not want: ``services.recall``, ``transitions.lost``.
    text
        The fragment's own TOML, so that a definition can be written and read again wherever it is.
    """

    fragment: str
    given: tuple[tuple[str, Given], ...] = ()
    without: tuple[str, ...] = ()
    text: str = ""


class SharedText(NamedTuple):
    """A text that stands once in a disease's file, under ``[shared]``.

    Attributes
    ----------
    name
        By which the file puts it in: ``{name}``.
    text
        The text itself, with what it names of those above it put in.
    line
        The line on which it stands; 0 if it is not known.
    """

    name: str
    text: str
    line: int = 0


class Origin(NamedTuple):
    """Where a part of a definition was written.

    Attributes
    ----------
    place
        The part: ``pathway.signals.exit``, ``parameters.lost_after``.
    source
        The file, or ``fragment registry``.
    written_as
        Where it stands there: ``pathway.signals[1]``.
    line
        The line on which it begins there; 0 if it is not known.
    fragment
        The fragment it comes from; blank: the disease's own.
    replaces
        The fragment whose part of the same id it replaces, if any.
    shared
        The texts of the disease's ``[shared]`` that were put into it, or given to its fragment for it.
    """

    place: str
    source: str
    written_as: str
    line: int = 0
    fragment: str = ""
    replaces: str = ""
    shared: tuple[SharedText, ...] = ()


def transition_place(transition: Transition) -> str:
    """Give the place of a transition among origins: it has no id, but leads from each state on a signal alone.

    >>> transition_place(Transition(sources=("lost",), signal="contact", target="enrolled"))
    'pathway.transitions.contact.enrolled.lost'
    """
    first = transition.sources[0] if transition.sources else ""
    return f"pathway.transitions.{transition.signal}.{transition.target}.{first}"
