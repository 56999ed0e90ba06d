"""Unknown files looked at: what they seem to be, a mapping to correct, and how good the data is."""

from singledisease.io.inspect.inspection import Inspection, inspect, inspection_of

__all__ = ["Inspection", "inspect", "inspection_of"]
