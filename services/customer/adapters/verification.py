"""What verifying needs from AWS: sessions in DynamoDB, codes from a secret, SNS and SES."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from services.customer.adapters import sessions as _sessions
from services.customer.domain import (
    ContactKind,
    ContactPoint,
    Message,
    Session,
    SessionNotFound,
)
from shared.aws.entities import EntityStore
from shared.aws.items import ROW, Values, moment
from shared.aws.logs import tell, tell_failure
from shared.aws.writes import put_newer
from shared.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoSessions:
    """Implements ports.Sessions."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._store = EntityStore(client, table, secret, _sessions)

    def add(self, session: Session, *, fingerprint: str) -> tuple[Session, bool]:
        return self._store.create(session, fingerprint=fingerprint)

    def get(self, session_id: str) -> Session:
        session = self._store.get(session_id)
        if session is None:
            raise SessionNotFound(session_id)
        return session

    def save(self, session: Session) -> None:
        self._store.save(session)


def sessions_of(customer_id: str) -> str:
    """Where the sessions with a customer are listed, apart from what is told of them."""
    return f"S#{customer_id}"


def list_session(client: "DynamoDBClient", table: str, session: Session) -> None:
    """List a session as it now is, unless it is listed as a later version."""
    shown = {
        "session_id": session.session_id,
        "held_by": session.held_by,
        "channel": session.channel,
        "call_id": session.call_id,
        "recognised_by": list(session.recognised_by),
        "opened_at": session.opened_at.isoformat(),
        "until": session.until.isoformat(),
        "ended_at": session.ended_at.isoformat() if session.ended_at else None,
        "verified_at": session.verified_at.isoformat() if session.verified_at else None,
        "verified_by": list(session.verified_by),
        "codes": session.codes,
        "wrong": session.wrong,
    }
    at = moment(session.opened_at)
    item: Values = {
        "pk": sessions_of(session.customer_id),
        "sk": f"{ROW}{at}#{session.session_id}",
        "version": session.version,
        "shown": json.dumps(shown, separators=(",", ":")),
    }
    if not put_newer(client, table, item):
        tell("listing passed over", entity=session.session_id, version=session.version)


class SecretCodes:
    """Implements ports.Codes by keyed hashes: what is stored of a code is its id alone."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def code(self, session_id: str, code_id: str, *, digits: int) -> str:
        number = int.from_bytes(self._hash("code", session_id, code_id), "big")
        return f"{number % 10**digits:0{digits}}"

    def handle(self, session_id: str, point: ContactPoint) -> str:
        digest = base64.b32encode(self._hash("point", session_id, point.kind, point.value))
        return f"cp_{digest.decode().lower()[:16]}"

    def _hash(self, *words: str) -> bytes:
        message = "\0".join(("verification", *words)).encode()
        return hmac.new(self._secret, message, hashlib.sha256).digest()


class AwsMessenger:
    """Implements ports.Messenger: texts by SNS, e-mails by SES.

    `sender` is the address that e-mails come from, which SES must have verified; without one
    nobody is reached by e-mail.
    """

    def __init__(
        self,
        sns: Callable[[], Any],
        ses: Callable[[], Any],
        *,
        sender: str,
    ) -> None:
        self._sns = sns
        self._ses = ses
        self._sender = sender

    def can_reach(self, point: ContactPoint) -> bool:
        return point.kind is ContactKind.PHONE or bool(self._sender)

    def send(self, point: ContactPoint, message: Message) -> None:
        way = self._text if point.kind is ContactKind.PHONE else self._write
        try:
            way(point.value, message)
        except (BotoCoreError, ClientError) as error:
            tell_failure("a code was not sent", error, kind=point.kind)
            raise Unavailable(
                "the code could not be sent; send the same request again, take another contact "
                "point, or ask for facts that only they know"
            ) from error

    def _text(self, phone: str, message: Message) -> None:
        # Transactional: it is not held back at night and not sent by the cheapest way.
        kind = {"DataType": "String", "StringValue": "Transactional"}
        self._sns().publish(
            PhoneNumber=phone,
            Message=message.text,
            MessageAttributes={"AWS.SNS.SMS.SMSType": kind},
        )

    def _write(self, email: str, message: Message) -> None:
        self._ses().send_email(
            FromEmailAddress=self._sender,
            Destination={"ToAddresses": [email]},
            Content={
                "Simple": {
                    "Subject": {"Data": message.subject, "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": message.text, "Charset": "UTF-8"}},
                }
            },
        )
