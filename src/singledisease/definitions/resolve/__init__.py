"""Resolving a definition: every choice made and everything named written out, before an engine sees it.

Parameters become their values (of several by date, the one in force on the day that is looked at), code sets their
codes, and tiers the level that the last assessment gave.
"""

from singledisease.definitions.resolve.diseases import resolve_disease
from singledisease.definitions.resolve.measures import Resolved, chosen, resolve, resolve_value
from singledisease.definitions.resolve.named import diseases_in, named_diseases
from singledisease.definitions.resolve.policies import Policy, check_policy, policies_of

__all__ = [
    "Policy",
    "Resolved",
    "check_policy",
    "chosen",
    "diseases_in",
    "named_diseases",
    "policies_of",
    "resolve",
    "resolve_disease",
    "resolve_value",
]
