"""The content of a definition as one short text, which differs whenever anything in the definition does."""

from __future__ import annotations

import hashlib

from singledisease.definitions.disease import Disease
from singledisease.io.definitions.forms import write_disease


def content_hash(disease: Disease) -> str:
    """Give the SHA-256 of a disease as it is written with everything expanded: names, numbers, sources, pathway.

    Two diseases have one hash if, and only if, their expanded files are alike.

    >>> from singledisease.catalogue import disease
    >>> content_hash(disease("hypertension"))[:7]
    'sha256:'
    """
    text = write_disease(disease, expanded=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
