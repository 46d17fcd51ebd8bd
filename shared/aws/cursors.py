"""Cursors of lists: opaque, and good only for who got them and for what they asked."""

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any

from shared.errors import Invalid

_DIGEST = 16  # bytes


class Cursors:
    """Signs the place where a list goes on with the caller and the query it belongs to."""

    def __init__(self, secret: str, caller: str) -> None:
        self._secret = secret.encode()
        self._caller = caller

    def write(self, key: dict[str, Any], query: str) -> str:
        """The cursor of the place behind this key."""
        place = json.dumps(key, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._sign(place, query) + place).decode().rstrip("=")

    def read(self, cursor: str, query: str) -> dict[str, Any]:
        """The key in a cursor. Raise Invalid unless it was written here for this query."""
        try:
            signed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (binascii.Error, ValueError):
            signed = b""
        place = signed[_DIGEST:]
        if not hmac.compare_digest(signed[:_DIGEST], self._sign(place, query)):
            raise Invalid(
                "this cursor does not belong to this list; start again without one",
                field="cursor",
            )
        key: dict[str, Any] = json.loads(place)
        return key

    def _sign(self, place: bytes, query: str) -> bytes:
        message = "\0".join((self._caller, query)).encode() + b"\0" + place
        return hmac.new(self._secret, message, hashlib.sha256).digest()[:_DIGEST]
