"""E-mails by SES and texts by SNS. Neither knows a repeat, so their clients make one attempt."""

from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
)

from services.engagement.domain import GATEWAY_BUSY, GATEWAY_REFUSED, Text
from services.engagement.ports.messages import NotTaken, Silent, Taken
from shared.aws.logs import tell_failure
from shared.contracts.ses import TAG

_UNHEARD = (EndpointConnectionError, ConnectTimeoutError, NoCredentialsError)
_SERVER_ERROR = 500
# It is about this message, and would be said of it again. All else that is refused is about us.
_FOR_GOOD = frozenset(
    {
        *("MessageRejected", "BadRequestException"),
        *("InvalidParameter", "InvalidParameterException", "InvalidParameterValueException"),
        *("OptedOutException", "OptedOut"),
    }
)


class SesGateway:
    """Implements ports.messages.Gateway. `sender` is an address that SES has verified.

    `configuration_set` is by which it tells what became of them.
    """

    knows_repeats = False

    def __init__(self, client: Any, *, sender: str, configuration_set: str) -> None:
        self._client = client
        self._sender = sender
        self._configuration_set = configuration_set

    def send(self, message_id: str, text: Text, to: str) -> Taken | NotTaken:
        content = {
            "Subject": {"Data": text.subject or "", "Charset": "UTF-8"},
            "Body": {"Text": {"Data": text.body, "Charset": "UTF-8"}},
        }
        try:
            answer = self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [to]},
                Content={"Simple": content},
                # By which what SES tells of it later is known again.
                ConfigurationSetName=self._configuration_set,
                EmailTags=[{"Name": TAG, "Value": message_id}],
            )
        except (BotoCoreError, ClientError) as error:
            return _untaken(error)
        return Taken(gateway_id=answer["MessageId"])


class SnsGateway:
    """Implements ports.messages.Gateway. `sender` is what phones show; it may be empty."""

    knows_repeats = False

    def __init__(self, client: Any, *, sender: str) -> None:
        self._client = client
        # Transactional: it is not sent by the cheapest way. At which hours it goes, we decide.
        self._attributes = {"AWS.SNS.SMS.SMSType": _text("Transactional")}
        if sender:
            self._attributes["AWS.SNS.SMS.SenderID"] = _text(sender)

    def send(self, message_id: str, text: Text, to: str) -> Taken | NotTaken:
        try:
            answer = self._client.publish(
                PhoneNumber=to, Message=text.body, MessageAttributes=self._attributes
            )
        except (BotoCoreError, ClientError) as error:
            return _untaken(error)
        return Taken(gateway_id=answer["MessageId"])


def _text(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": value}


def _untaken(error: BotoCoreError | ClientError) -> NotTaken:
    """What a failure means. Raise Silent where it may have been taken."""
    tell_failure("a message was not taken", error)
    if isinstance(error, ClientError):
        status = error.response["ResponseMetadata"].get("HTTPStatusCode", _SERVER_ERROR)
        if status >= _SERVER_ERROR:
            raise Silent from error
        for_good = error.response["Error"]["Code"] in _FOR_GOOD
        return NotTaken(why=GATEWAY_REFUSED if for_good else GATEWAY_BUSY, for_good=for_good)
    if isinstance(error, _UNHEARD):
        return NotTaken(why=GATEWAY_BUSY)
    raise Silent from error
