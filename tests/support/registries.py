"""Registries of sources."""

import json


def source_entry(name: str, homepage: str, **fields: object) -> str:
    """A source in a registry, in English; fields such as `feeds` and `max_pages` come on top."""
    known: dict[str, object] = {
        "id": name,
        "name": name.title(),
        "homepage": homepage,
        "country": "FR",
        "languages": ["en"],
        "timezone": "UTC",
        "kind": "online",
    }
    lines = (f"{field} = {json.dumps(value)}" for field, value in (known | fields).items())
    return "\n".join(["[[source]]", *lines, ""])
