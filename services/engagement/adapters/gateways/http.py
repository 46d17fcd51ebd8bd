"""Any gateway that takes a JSON body by HTTP: texts, WhatsApp, letters, e-mails.

    POST <url>
    Idempotency-Key: <message_id>
    Webhook-Timestamp, Webhook-Signature: as partners sign what they send us, with the same secret
    {"message_id": …, "channel": …, "to": …, "subject": …, "text": …}

2xx means that it has the message, and may name it: {"id": …}. 429 that it has it not yet; 401, 403
and 404 that we are set up wrongly; any other 4xx but 408, 409 and 425 that it will never have it.
Whatever else it says or does not say, it is asked again with the same key.
"""

import http.client
import json
import time
from urllib.parse import urlsplit

from services.engagement.domain import GATEWAY_BUSY, GATEWAY_REFUSED, Channel, Text
from services.engagement.ports.messages import NotTaken, Silent, Taken
from shared.aws.http.signatures import SIGNATURE, TIMESTAMP, sign
from shared.aws.logs import tell, tell_failure

MOST_BYTES = 64 * 1024  # of an answer that are read
MOST_ID = 120  # characters of a gateway's own id
_GOOD, _ERROR, _SERVER_ERROR = range(200, 300), 400, 500
_TOO_MANY = 429
_OURS = frozenset({401, 403, 404, 405})
_UNKNOWN = frozenset({408, 409, 425})


class HttpGateway:
    """Implements ports.messages.Gateway."""

    knows_repeats = True

    def __init__(self, url: str, channel: Channel, *, secret: str, deadline: float) -> None:
        """`secret` signs what is sent; `deadline` is in seconds, for each call."""
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        self._host, self._path = parts.netloc, f"{parts.path or '/'}{query}"
        self._channel = channel
        self._secret = secret
        self._deadline = deadline
        is_safe = parts.scheme == "https"
        self._connection = http.client.HTTPSConnection if is_safe else http.client.HTTPConnection

    def send(self, message_id: str, text: Text, to: str) -> Taken | NotTaken:
        body = {
            "message_id": message_id,
            "channel": self._channel.value,
            "to": to,
            "subject": text.subject,
            "text": text.body,
        }
        data = json.dumps(body, ensure_ascii=False).encode()
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message_id,
            TIMESTAMP: timestamp,
            SIGNATURE: sign(self._secret, timestamp, data),
        }
        connection = self._connection(self._host, timeout=self._deadline)
        try:
            connection.connect()
        except OSError as failure:  # nothing of it has left
            tell_failure("a gateway is not there", failure, channel=self._channel)
            return NotTaken(why=GATEWAY_BUSY)
        try:
            connection.request("POST", self._path, data, headers)
            answer = connection.getresponse()
            return self._meant(answer.status, answer.read(MOST_BYTES))
        except (OSError, http.client.HTTPException) as failure:
            tell_failure("a gateway did not answer", failure, channel=self._channel)
            raise Silent from failure
        finally:
            connection.close()

    def _meant(self, status: int, told: bytes) -> Taken | NotTaken:
        if status in _GOOD:
            return Taken(gateway_id=_id_in(told))
        tell("a gateway did not take a message", channel=self._channel, status=status)
        if status == _TOO_MANY or status in _OURS:
            return NotTaken(why=GATEWAY_BUSY)
        if _ERROR <= status < _SERVER_ERROR and status not in _UNKNOWN:
            return NotTaken(why=GATEWAY_REFUSED, for_good=True)
        raise Silent


def _id_in(told: bytes) -> str | None:
    try:
        body = json.loads(told)
    except ValueError:
        return None
    named = body.get("id") if isinstance(body, dict) else None
    return str(named)[:MOST_ID] if isinstance(named, str | int) else None
