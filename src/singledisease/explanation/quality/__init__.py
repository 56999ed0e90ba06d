"""How good the data of a registry is: what is there, what is missing, what repeats, what looks rounded."""

from singledisease.explanation.quality.page import Quality, page_text, quality, title_of

__all__ = ["Quality", "page_text", "quality", "title_of"]
