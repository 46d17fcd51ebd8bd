"""What a published schema promises, and whether another one still keeps it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SNAPSHOTS = Path(__file__).parent / "snapshots"


def snapshots(folder: str) -> dict[str, Any]:
    """The schemas as they were published, by name."""
    paths = sorted((SNAPSHOTS / folder).glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def broken(promised: Mapping[str, Any], kept: Mapping[str, Any]) -> list[str]:
    """What of a promised schema another one does not keep, in words; empty where it keeps all.

    New optional fields are welcome, and so are other words of description.
    """
    return [
        *_broken_object("", promised, kept),
        *(
            f"{name} vanished"
            for name in promised.get("$defs", {})
            if name not in kept.get("$defs", {})
        ),
        *(
            flaw
            for name, part in promised.get("$defs", {}).items()
            if name in kept.get("$defs", {})
            for flaw in _broken_object(f"{name}.", part, kept["$defs"][name])
        ),
    ]


def _broken_object(
    where: str, promised: Mapping[str, Any], kept: Mapping[str, Any]
) -> Iterator[str]:
    if set(promised.get("required", [])) != set(kept.get("required", [])):
        yield f"{where}required is no longer {sorted(promised.get('required', []))}"
    for name, shape in promised.get("properties", {}).items():
        if name not in kept.get("properties", {}):
            yield f"{where}{name} vanished"
        elif _shape(kept["properties"][name]) != _shape(shape):
            yield f"{where}{name} has another shape"


def _shape(part: Any) -> Any:
    """A part of a schema without its words."""
    if isinstance(part, dict):
        words = {"description", "title"}
        return {name: _shape(one) for name, one in part.items() if name not in words}
    return [_shape(one) for one in part] if isinstance(part, list) else part
