"""Where messages to people end up on this machine: nobody is written to, and all can be read."""

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Any

import boto3

from infra.local.problems import Refused
from infra.local.proxy import HttpRequest, HttpResponse

SENDER = "codes@sahip.example"  # which AWS would want to be verified by hand
PARAMETER = "CodesFrom"  # of the template of the service that sends
FILE = "messages.jsonl"
REACH, REFUSE = "0850 000 00 00", "0850 000 00 01"  # numbers that nobody has
PATH = "/mailbox"
SHOWN = 100  # messages on the page
OURSELVES = ("127.0.0.1", "localhost")
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Mailbox</title>
<h1>What people were sent</h1>
<p>Nothing has left this machine. The newest come first.</p>
{messages}</html>
"""
_KEY = "sahip_message"
_OK = 300


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A message as it left."""

    to: str
    text: str
    subject: str | None = None
    channel: str | None = None
    message_id: str | None = None


def by_files(directory: Path) -> dict[str, str]:
    """Settings by which the messages of all channels come into the same file as the codes."""
    url = directory.resolve().as_uri()
    channels = dict.fromkeys(("SmsUrl", "WhatsappUrl", "EmailUrl", "LetterUrl"), url)
    return channels | {"ReachLine": REACH, "RefuseLine": REFUSE}


class Mailbox:
    """Notes what our own clients hand to SNS for a phone and to SES, once the engine took it.

    It stands in a file, one message a line, which only this user may read.
    """

    def __init__(self, directory: Path) -> None:
        self.file = directory / FILE
        self._lock = threading.Lock()

    def install(self, sender: str | None) -> None:
        """Listen to boto3's default session, and have the engine take e-mails of this sender."""
        session = boto3.DEFAULT_SESSION
        if session is None:
            raise RuntimeError("boto3 has no default session")
        for operation, note in (("sns.Publish", _text), ("sesv2.SendEmail", _email)):
            session.events.register(f"before-parameter-build.{operation}", note)
            session.events.register(f"after-call.{operation}", self._note)
        if sender is None:
            return
        emails: Any = boto3.client("sesv2")
        known = emails.list_email_identities().get("EmailIdentities", [])
        if sender not in [one["IdentityName"] for one in known]:
            emails.create_email_identity(EmailIdentity=sender)

    def sent_to(self, address: str) -> list[Sent]:
        """What was sent to a phone, an e-mail or a letterbox, the oldest first."""
        return [one for one in self.all() if one.to == address]

    def all(self) -> list[Sent]:
        """All that was sent, the oldest first; a line that is just being written is left out."""
        if not self.file.exists():
            return []
        text = self.file.read_text(encoding="utf-8")
        lines = text[: text.rfind("\n") + 1].splitlines()
        return [Sent(**json.loads(line)) for line in lines]

    def answers(self, path: str) -> bool:
        """Whether it is the page of the mailbox that is asked."""
        return path == PATH

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The newest hundred messages as a page. Raise Refused for all but looking.

        Whoever reaches this machine's own address sees it, and nobody by another name for it: no
        page from elsewhere gets at it.
        """
        if request.method not in ("GET", "HEAD"):
            allowed = {"Allow": "GET, HEAD"}
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "The mailbox is only read.", allowed)
        if request.headers.get("Host", "").partition(":")[0] not in OURSELVES:
            raise Refused(HTTPStatus.FORBIDDEN, "Ask for it at 127.0.0.1.")
        newest = reversed(self.all()[-SHOWN:])
        body = _PAGE.format(messages="".join(map(_shown, newest)) or "<p>Nothing yet.</p>")
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "no-store"),
            *PAGE_HEADERS.items(),
        ]
        return HttpResponse(status=HTTPStatus.OK, headers=headers, body=body.encode())

    def _note(self, http_response: Any, context: Mapping[str, Any], **_: Any) -> None:
        sent = context.get(_KEY)
        if sent is None or http_response.status_code >= _OK:
            return
        with self._lock:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            with os.fdopen(os.open(self.file, flags, 0o600), "a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(sent), ensure_ascii=False) + "\n")


def _shown(sent: Sent) -> str:
    told = [sent.channel or ("email" if sent.subject else "sms"), sent.to, sent.message_id]
    head = " · ".join(escape(one) for one in told if one)
    subject = f"<h2>{escape(sent.subject)}</h2>" if sent.subject else ""
    return f"<article><p>{head}</p>{subject}<pre>{escape(sent.text)}</pre></article>\n"


def _text(params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
    if "PhoneNumber" in params:
        context[_KEY] = Sent(to=params["PhoneNumber"], text=params["Message"])


def _email(params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
    simple = params["Content"]["Simple"]
    [to] = params["Destination"]["ToAddresses"]
    context[_KEY] = Sent(
        to=to, text=simple["Body"]["Text"]["Data"], subject=simple["Subject"]["Data"]
    )
