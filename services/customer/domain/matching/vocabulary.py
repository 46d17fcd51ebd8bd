"""Words with a meaning of their own in names, addresses and filled-in fields: data, folded."""

import json
from functools import cache
from pathlib import Path


def words(kind: str) -> frozenset[str]:
    """The words of a kind, as vocabulary.json lists them."""
    return _all()[kind]


@cache
def _all() -> dict[str, frozenset[str]]:
    text = Path(__file__).with_name("vocabulary.json").read_text("utf-8")
    return {kind: frozenset(listed) for kind, listed in json.loads(text).items()}
