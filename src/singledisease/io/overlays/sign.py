"""Signing a definition: a signature is written into the overlay file beside it, which stays as it is otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from singledisease.definitions.disease import Disease
from singledisease.errors import UsageError, did_you_mean
from singledisease.io.definitions.content_hash import content_hash
from singledisease.io.definitions.kinds import Writer
from singledisease.io.definitions.layout import write_table
from singledisease.io.definitions.toml_text import table_lines
from singledisease.io.overlays.layouts import SIGNATURE, SignOff


def signed_text(
    text: str, disease: Disease, *, by: str, on: dt.date, remark: str = "", parameters: Sequence[str] = ()
) -> str:
    """Give the text of an overlay with a further signature, bound to the content of the disease as it stands with it.

    Parameters
    ----------
    text
        The overlay as it is; blank: a new one.
    disease
        The disease with the overlay on it.
    by, on, remark
        Who signs, when, and what they have to say.
    parameters
        The numbers that were looked at; none named: the whole definition.

    Raises
    ------
    UsageError
        If nobody signs, or the disease has no such parameter.
    """
    if not by.strip():
        raise UsageError("签名须有姓名 / a signature needs a name: by=…")
    known = [parameter.name for parameter in disease.parameters]
    for name in parameters:
        if name not in known:
            raise UsageError(f"{disease.id} 没有参数 / has no parameter {name!r}; {did_you_mean(name, known)}")
    signature = SignOff(by=by, on=on, definition=content_hash(disease), remark=remark, parameters=tuple(parameters))
    begun = text if text.strip() else f'overlay_of = "{disease.id}"\n'
    added = table_lines("signatures", write_table(SIGNATURE, Writer(disease.id), signature), many=True)
    return "\n".join([begun.rstrip("\n"), *added]) + "\n"
