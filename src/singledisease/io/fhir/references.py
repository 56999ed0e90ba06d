"""What a reference points at: literal, of a bundle, to a server, by an identifier, contained.

Every way to refer to one resource becomes one key: its id where the reference has it, ``?system|value`` where it has
an identifier only.  Which key of which kind is the same resource is settled when all of them have been read.
"""

from __future__ import annotations

from typing import Any

from attrs import frozen

from singledisease.io.fhir.elements import element, listed, text

BY_IDENTIFIER = "?"
NOBODY = ""


@frozen
class ReferenceTarget:
    """What a reference points at: the type, blank where it does not say, and the key."""

    type: str
    key: str


NOWHERE = ReferenceTarget("", NOBODY)


def target_of(reference: Any, resource: Any) -> ReferenceTarget:
    """Read a reference, which may be to what the resource contains.

    >>> target_of({"reference": "http://here/fhir/Patient/7/_history/2"}, {})
    ReferenceTarget(type='Patient', key='7')
    >>> target_of({"reference": "Organization?identifier=urn:x|9"}, {})
    ReferenceTarget(type='Organization', key='?urn:x|9')
    """
    where = text(reference, "reference")
    if where.startswith("#"):
        return _contained(where[1:], resource)
    if not where:
        identifier = by_identifier(element(reference, "identifier"))
        return ReferenceTarget(text(reference, "type"), identifier) if identifier else NOWHERE
    if where.startswith(("urn:uuid:", "urn:oid:")):
        return ReferenceTarget(text(reference, "type"), where.rpartition(":")[2])
    path, _, query = where.partition("?")
    if query:
        named = dict(part.partition("=")[::2] for part in query.split("&"))
        key = f"{BY_IDENTIFIER}{named['identifier']}" if named.get("identifier") else NOBODY
        return ReferenceTarget(path.rpartition("/")[2], key)
    parts = path.partition("/_history/")[0].split("/")
    return (
        ReferenceTarget(parts[-2], parts[-1]) if len(parts) > 1 else ReferenceTarget(text(reference, "type"), parts[0])
    )


def _contained(key: str, resource: Any) -> ReferenceTarget:
    """Give what a contained resource is called elsewhere: it has no id of its own, but may have an identifier."""
    for inner in listed(resource, "contained"):
        if text(inner, "id") == key:
            identifiers = (by_identifier(one) for one in listed(inner, "identifier"))
            return ReferenceTarget(text(inner, "resourceType"), next((one for one in identifiers if one), NOBODY))
    return NOWHERE


def contained(reference: Any, resource: Any) -> dict[str, Any] | None:
    """Give the contained resource that a reference points at, ``None`` if it points elsewhere."""
    where = text(reference, "reference")
    inside = listed(resource, "contained") if where.startswith("#") else iter(())
    return next((inner for inner in inside if text(inner, "id") == where[1:]), None)


def by_identifier(identifier: Any) -> str:
    """Write an identifier as a key, blank if it has no value."""
    value = text(identifier, "value")
    return f"{BY_IDENTIFIER}{text(identifier, 'system')}|{value}" if value else NOBODY


def own_key(body: Any, full_url: str) -> str:
    """Give the key of a resource: its id, or where it has none what its bundle calls it; blank if neither."""
    return text(body, "id") or url_key(full_url)


def url_key(full_url: str) -> str:
    """Give the key by which a bundle's other entries reach a resource.

    >>> url_key("urn:uuid:1f3c"), url_key("http://here/fhir/Patient/7"), url_key("")
    ('1f3c', '7', '')
    """
    return full_url.rpartition(":" if full_url.startswith("urn:") else "/")[2]
