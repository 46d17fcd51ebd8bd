"""Grants: a session as whoever holds it carries it from service to service, signed.

A service checks one without asking anybody. It is good for one subject and for a short time, and
says nothing but ids.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime

from shared.errors import Invalid, NotVerified
from shared.grounds import REASON_HEADER, SESSION_HEADER, Grounds, Reason, Session

_DIGEST = 32  # bytes
LONGEST = 4096  # characters


def write_grant(secret: str, session: Session, *, subject: str, until: datetime) -> str:
    """The grant of a session for one who holds it, until then."""
    content = json.dumps(
        {"by": subject, "until": int(until.timestamp()), **session.document()},
        separators=(",", ":"),
    ).encode()
    return base64.urlsafe_b64encode(_sign(secret, content) + content).decode().rstrip("=")


def read_grant(secret: str, grant: str, *, subject: str, now: datetime) -> Session:
    """The session that a grant is of. Raise NotVerified unless it is this subject's, and holds."""
    try:
        signed = base64.urlsafe_b64decode(grant[:LONGEST] + "=" * (-len(grant) % 4))
    except (binascii.Error, ValueError):
        signed = b""
    content = signed[_DIGEST:]
    if not hmac.compare_digest(signed[:_DIGEST], _sign(secret, content)):
        raise NotVerified(
            f"this is no grant of ours; give in {SESSION_HEADER} the whole grant of a session as "
            "you got it"
        )
    told = json.loads(content)
    if told["by"] != subject:
        raise NotVerified("this grant is somebody else's; open a session of your own")
    if told["until"] <= now.timestamp():
        raise NotVerified("this session is over; open another one")
    return Session(
        session_id=told["session"], customer_ids=tuple(told["of"]), is_verified=told["verified"]
    )


def grounds_in(
    headers: Mapping[str, str], secret: str, *, subject: str, now: datetime
) -> Grounds | None:
    """On what grounds somebody asks. Raise NotVerified or Invalid where headers are not right."""
    grant, reason = headers.get(SESSION_HEADER), headers.get(REASON_HEADER)
    if grant is not None and reason is not None:
        raise Invalid(
            f"give {SESSION_HEADER} in a call and {REASON_HEADER} outside of one, not both",
            field=REASON_HEADER,
        )
    if grant is not None:
        return read_grant(secret, grant, subject=subject, now=now)
    return None if reason is None else Reason.of(reason)


def _sign(secret: str, content: bytes) -> bytes:
    # A key of its own, so that nothing else that this secret signs can pass for a grant.
    key = hmac.new(secret.encode(), b"grants of sessions", hashlib.sha256).digest()
    return hmac.new(key, content, hashlib.sha256).digest()
