"""How good the data of a registry is: what is there, what is missing, what repeats, what looks rounded."""

from singledisease.questions.quality.page import Quality, page_text, quality

__all__ = ["Quality", "page_text", "quality"]
