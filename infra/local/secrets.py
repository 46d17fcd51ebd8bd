"""Secrets of this machine: made once at random, and kept where only this user may read."""

import json
import os
import secrets
from pathlib import Path

LENGTH = 64


class LocalSecrets:
    """Stands in for Secrets Manager, behind `{{resolve:secretsmanager:NAME}}` in templates."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "secrets.json"

    def value(self, name: str) -> str:
        """The secret of that name, always the same on one state directory."""
        known: dict[str, str] = {}
        if self._path.exists():
            known = json.loads(self._path.read_text(encoding="utf-8"))
        if name not in known:
            known[name] = secrets.token_hex(LENGTH // 2)
            self._path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = self._path.with_suffix(".new")
            unfinished.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(unfinished, flags, 0o600), "w", encoding="utf-8") as file:
                json.dump(known, file)
            unfinished.replace(self._path)
        return known[name]
