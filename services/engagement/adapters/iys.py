"""İYS behind its HTTP API, and beside it İYS as two files, for where there is none.

The API is as its clients describe it (paths, fields, codes, answers); we had no access to it. What
could not be verified is listed in the service's README.
"""

import fcntl
import hashlib
import http.client
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlencode, urlsplit

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from services.engagement.domain import (
    FROM_IYS,
    Address,
    Change,
    Changes,
    Consent,
    ConsentChannel,
    Outcome,
    Status,
    date_of,
    instant_of,
)
from services.engagement.ports import IysUnavailable
from shared.aws.logs import tell_failure
from shared.contracts.model import Model
from shared.errors import Invalid

MOST_CHANGES = 500  # in one answer
FIRST_IS_A_REFUSAL = "H175"  # İYS's code: a refusal where it has no consent
_EARLY = 60  # seconds before its end at which a token is not used any more
_UNAUTHORISED, _TOO_MANY, _ERROR = 401, 429, 400


class _ChangeBody(Model):
    """A change as İYS tells it."""

    model_config = ConfigDict(extra="ignore")

    consentDate: str  # noqa: N815 - İYS's own names
    source: str
    recipient: str
    recipientType: Literal["BIREYSEL", "TACIR"]  # noqa: N815
    status: Literal["ONAY", "RET"]
    type: Literal["ARAMA", "MESAJ", "EPOSTA"]
    transactionId: str | None = None  # noqa: N815


class _ErrorBody(Model):
    model_config = ConfigDict(extra="ignore")

    code: str = "unknown"


class _OutcomeBody(Model):
    """What became of one of a batch."""

    model_config = ConfigDict(extra="ignore")

    index: int
    status: str
    transactionId: str | None = None  # noqa: N815
    error: _ErrorBody | None = None


class _ChangesBody(Model):
    model_config = ConfigDict(extra="ignore")

    after: str | None = None
    entries: list[Any] = Field(default=[], alias="list")


class _TokenBody(Model):
    model_config = ConfigDict(extra="ignore")

    access_token: str
    expires_in: int


class _RequestBody(Model):
    model_config = ConfigDict(extra="ignore")

    requestId: str  # noqa: N815


_outcomes = TypeAdapter(list[_OutcomeBody])


def form_of(consent: Consent) -> dict[str, str]:
    """A word as İYS takes it."""
    return {
        "type": consent.channel.value,
        "source": consent.source,
        "recipient": consent.recipient or "",
        "status": consent.status.value,
        "consentDate": date_of(consent.said_at),
        "recipientType": consent.recipient_type.value,
    }


def changes_of(entries: Sequence[Any], after: str | None) -> Changes:
    """A page of changes; one that cannot be understood is named, and holds up no other."""
    read: list[Change] = []
    unreadable: list[str] = []
    for entry in entries:
        named = entry.get("transactionId") if isinstance(entry, dict) else None
        try:
            told = _ChangeBody.model_validate(entry)
            channel = ConsentChannel(told.type)
            read.append(
                Change(
                    change_id=told.transactionId or _digest(entry),
                    address=Address.of_iys(channel, told.recipient),
                    channel=channel,
                    recipient_type=told.recipientType,
                    status=told.status,
                    # What the citizen told İYS is known by it, whatever İYS calls the way.
                    source=told.source if told.source.startswith(FROM_IYS) else FROM_IYS,
                    said_at=instant_of(told.consentDate),
                )
            )
        except (ValidationError, ValueError, Invalid):
            unreadable.append(str(named or _digest(entry))[:80])
    return Changes(changes=tuple(read), after=after, unreadable=tuple(unreadable))


class HttpIys:
    """Implements ports.Iys on the API of İYS, or of a business partner that has the same."""

    def __init__(
        self,
        url: str,
        *,
        iys_code: str,
        brand_code: str,
        credentials: str,
        deadline: float,
    ) -> None:
        """`credentials`: JSON of username and password; `deadline`: seconds for each call."""
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        self._connection = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._host = parts.netloc
        self._root = parts.path.rstrip("/")
        self._brand = f"/sps/{quote(iys_code, safe='')}/brands/{quote(brand_code, safe='')}"
        self._credentials = credentials
        self._deadline = deadline
        self._token = ""
        self._token_ends = 0.0

    def hand_over(self, consents: Sequence[Consent]) -> str:
        forms = [form_of(one) for one in consents]
        told = self._ask("POST", f"{self._brand}/consents/request", json.dumps(forms))
        return str(self._understood(_RequestBody, told).requestId)

    def outcomes(self, request_id: str) -> Mapping[int, Outcome]:
        told = self._ask("GET", f"{self._brand}/consents/request/{quote(request_id, safe='')}")
        try:
            listed = _outcomes.validate_json(told)
        except ValidationError as flaw:
            raise self._nonsense(flaw) from flaw
        return {one.index: outcome for one in listed if (outcome := _outcome(one)) is not None}

    def changes(self, after: str | None) -> Changes:
        # Of what we have told ourselves there is nothing to be heard.
        query = {"source": FROM_IYS, "limit": str(MOST_CHANGES)}
        if after is not None:
            query["after"] = after
        told = self._ask("GET", f"{self._brand}/consents/changes?{urlencode(query)}")
        page = self._understood(_ChangesBody, told)
        return changes_of(page.entries, page.after)

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        """The answer's body. A token that is no longer taken is renewed once."""
        for is_last in (False, True):
            headers = {
                "Authorization": f"Bearer {self._valid_token(renewed=is_last)}",
                "Content-Type": "application/json",
            }
            status, told = self._call(method, path, body, headers)
            if status == _UNAUTHORISED and not is_last:
                continue
            self._must_be_good(status)
            return told
        raise AssertionError("unreachable")

    def _valid_token(self, *, renewed: bool) -> str:
        if renewed or time.monotonic() > self._token_ends - _EARLY:
            known = json.loads(self._credentials)
            form = {
                "grant_type": "password",
                "username": known["username"],
                "password": known["password"],
            }
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            status, told = self._call("POST", "/oauth2/token", urlencode(form), headers)
            self._must_be_good(status)
            token = self._understood(_TokenBody, told)
            self._token = token.access_token
            self._token_ends = time.monotonic() + token.expires_in
        return self._token

    def _call(
        self, method: str, path: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        connection = self._connection(self._host, timeout=self._deadline)
        try:
            data = None if body is None else body.encode()
            connection.request(method, f"{self._root}{path}", data, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as failure:
            tell_failure("İYS did not answer", failure)
            raise IysUnavailable("İYS does not answer") from failure
        finally:
            connection.close()

    @staticmethod
    def _must_be_good(status: int) -> None:
        if status == _TOO_MANY:
            raise IysUnavailable("İYS wants to be asked more slowly")
        if status >= _ERROR:
            raise IysUnavailable(f"İYS answered {status}")

    def _understood(self, model: type[Any], told: bytes) -> Any:
        try:
            return model.model_validate_json(told)
        except ValidationError as flaw:
            raise self._nonsense(flaw) from flaw

    @staticmethod
    def _nonsense(flaw: ValidationError) -> IysUnavailable:
        tell_failure("İYS answered nonsense", flaw)
        return IysUnavailable("the answer of İYS could not be understood")


class FileIys:
    """Implements ports.Iys on a folder: what we tell is in `out.jsonl`, a line for each word.

    What stands in `in.jsonl`, a line for each change in İYS's own form, is what people have told
    İYS. It knows the one rule of İYS that changes what becomes of a word: a refusal where there is
    no consent is not taken.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._out, self._in = folder / "out.jsonl", folder / "in.jsonl"

    def hand_over(self, consents: Sequence[Consent]) -> str:
        with self._held():
            request_id = _digest([one.consent_id for one in consents] + [self._size()])
            lines = [
                json.dumps(
                    {"requestId": request_id, "index": place, **form_of(one)}, ensure_ascii=False
                )
                for place, one in enumerate(consents)
            ]
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            with os.fdopen(os.open(self._out, flags, 0o600), "a", encoding="utf-8") as file:
                file.write("".join(f"{line}\n" for line in lines))
        return request_id

    def outcomes(self, request_id: str) -> Mapping[int, Outcome]:
        consented: set[tuple[str, str, str]] = set()
        found: dict[int, Outcome] = {}
        with self._held():
            for number, line in enumerate(_lines(self._out)):
                told = json.loads(line)
                of = told["recipient"], told["type"], told["recipientType"]
                is_known = of in consented
                if told["status"] == Status.GIVEN:
                    consented.add(of)
                if told["requestId"] == request_id:
                    is_taken = is_known or told["status"] == Status.GIVEN
                    found[told["index"]] = Outcome(
                        transaction_id=f"file-{number}" if is_taken else None,
                        refused=None if is_taken else FIRST_IS_A_REFUSAL,
                    )
        return found

    def changes(self, after: str | None) -> Changes:
        start = int(after or 0)
        lines = _lines(self._in)[start : start + MOST_CHANGES]
        entries = [_loaded(line) for line in lines]
        return changes_of(entries, str(start + len(lines)) if lines else after)

    def _size(self) -> int:
        return self._out.stat().st_size if self._out.exists() else 0

    @contextmanager
    def _held(self) -> Iterator[None]:
        """The folder to ourselves: functions run in several threads, or processes."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class NoIys:
    """Implements ports.Iys where none is set up: nothing is told, and what waits grows late."""

    def hand_over(self, consents: Sequence[Consent]) -> str:
        raise IysUnavailable("no İYS is set up; see docs/deploying.md")

    def outcomes(self, request_id: str) -> Mapping[int, Outcome]:
        raise IysUnavailable("no İYS is set up; see docs/deploying.md")

    def changes(self, after: str | None) -> Changes:
        return Changes(changes=(), after=after)


def _outcome(told: _OutcomeBody) -> Outcome | None:
    """None while it is being worked on."""
    if told.status == "success":
        return Outcome(transaction_id=told.transactionId)
    if told.status == "failure":
        return Outcome(refused=told.error.code if told.error else "unknown")
    return None


def _lines(file: Path) -> list[str]:
    """Those that are whole: of one that is just being written there is no end yet."""
    if not file.exists():
        return []
    text = file.read_text(encoding="utf-8")
    return text[: text.rfind("\n") + 1].splitlines()


def _loaded(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return {"transactionId": _digest(line)}


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
