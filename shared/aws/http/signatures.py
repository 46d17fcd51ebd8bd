"""Webhooks prove their sender: a keyed hash over the time of sending and the body's very bytes.

Webhook-Timestamp: 1795170000
Webhook-Signature: v1=<hex of HMAC-SHA256 over "1795170000.<body>" with the partner's secret>
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime

from shared.errors import NotProven

TIMESTAMP, SIGNATURE = "Webhook-Timestamp", "Webhook-Signature"
WINDOW = 300  # seconds that a signature holds, before and after the time it names
_SECONDS = re.compile(r"[0-9]{1,12}")
_NOBODY = "a secret that no partner has"


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a body sent at a time, which is in seconds since 1970."""
    signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1={signed.hexdigest()}"


def check_signature(
    secrets: str, partner: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> None:
    """Raise NotProven unless the partner has signed just this, within the last five minutes.

    `secrets` is a JSON object of partners and their secrets. A partner nobody
    knows gets the same answer as a wrong signature, in the same time.
    """
    timestamp = headers.get(TIMESTAMP, "")
    given = headers.get(SIGNATURE, "")
    secret = json.loads(secrets).get(partner)
    right = hmac.compare_digest(
        sign(secret or _NOBODY, timestamp, body).encode(), given.encode(errors="replace")
    )
    if not (secret and right and _SECONDS.fullmatch(timestamp)):
        raise NotProven(
            f"the signature is not right; {SIGNATURE} is v1= and the hex HMAC-SHA256, with your "
            f"secret, of {TIMESTAMP} (seconds since 1970), a full stop and the body as it is sent"
        )
    if abs(now.timestamp() - int(timestamp)) > WINDOW:
        raise NotProven(
            f"it was signed more than {WINDOW} seconds from now; sign it anew when you send it "
            "again, and look at your clock"
        )
