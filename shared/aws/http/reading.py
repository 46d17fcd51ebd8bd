"""Reading what a request carries, strictly: whatever is unclear is refused, not guessed."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.access import Caller
from shared.aws.http.problems import Flawed
from shared.errors import Invalid, NotFound, PreconditionMissing, TooLarge

Model = TypeVar("Model", bound=BaseModel)

MOST_BYTES = 256 * 1024  # of a body
_NUL = re.compile(r"(?<!\\)(\\\\)*\\u0000")  # the escape, not an escaped backslash before u0000
_BROKEN = "\ufffd"  # what API Gateway puts where it found no UTF-8
_NOT_UTF_8 = "the body is not UTF-8; send it in that encoding"
_MOST_DIGITS = 300
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_ETAG = re.compile(r'"(\d{1,15})"')
_TAG = re.compile(r'"([0-9a-f]{1,64})"')
_CORRELATION = re.compile(r"[A-Za-z0-9._-]{8,64}")
LANGUAGES = ("tr", "en")  # that we speak; the first where none of them is asked for
_LANGUAGE = re.compile(
    r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*"
)
_MOST_LANGUAGES = 20


def check_size(raw: bytes) -> None:
    """Raise TooLarge where a body is longer than is read."""
    if len(raw) > MOST_BYTES:
        raise TooLarge(f"the body has {len(raw)} bytes; at most {MOST_BYTES} are taken")


def read_body(raw: bytes, model: type[Model]) -> Model:
    """The body as a model. Raise Invalid or TooLarge."""
    check_size(raw)
    if not raw:
        if any(field.is_required() for field in model.model_fields.values()):
            raise Invalid("the body is empty; send a JSON object")
        raw = b"{}"
    try:
        text = raw.decode("utf-8")
        json.loads(
            text, object_pairs_hook=_once_each, parse_constant=_no_constant, parse_int=_short
        )
    except UnicodeDecodeError as error:
        raise Invalid(_NOT_UTF_8) from error
    except RecursionError as error:
        raise Invalid("the body is nested too deeply") from error
    except ValueError as error:
        raise Invalid(f"the body is not JSON: {_place(error)}") from error
    if _BROKEN in text:
        raise Invalid(_NOT_UTF_8)
    if _NUL.search(text):
        raise Invalid("the body holds a NUL character; leave it out")
    try:
        return model.model_validate_json(text, strict=True)
    except ValidationError as flaws:
        raise Flawed(flaws) from flaws


def read_query(query: dict[str, list[str]], model: type[Model]) -> Model:
    """The query as a model; a parameter that comes twice is refused."""
    for name, values in query.items():
        if len(values) > 1:
            raise Invalid("give this parameter once", field=name[:60])
    try:
        return model.model_validate({name: values[0] for name, values in query.items()})
    except ValidationError as flaws:
        raise Flawed(flaws) from flaws


def check_path(parameters: Mapping[str, str]) -> None:
    """Raise NotFound where something in the path cannot be an id: then nothing has it."""
    if not all(_ID.fullmatch(value) for value in parameters.values()):
        raise NotFound("nothing has this id; ids are letters, digits, _ and -, at most 64")


def idempotency_key(value: str | None) -> str:
    """The key of a creating request. Raise Invalid without one."""
    if value is None:
        raise Invalid(
            "a creating request needs an Idempotency-Key header, new for each thing created "
            "and the same when the request is repeated",
            field="Idempotency-Key",
        )
    if not _KEY.fullmatch(value):
        raise Invalid(
            "an Idempotency-Key has 1 to 200 printable ASCII characters without spaces",
            field="Idempotency-Key",
        )
    return value


def tags_named(header: str | None) -> frozenset[str]:
    """What an If-None-Match header names, weak or not; nothing where it names no tag at all."""
    return frozenset(_TAG.findall(header or ""))


def version_named(value: str | None, *, required: bool) -> int | None:
    """The version that If-Match names. Raise PreconditionMissing where one must be named."""
    if value is None:
        if required:
            raise PreconditionMissing(
                "a change needs an If-Match header with the ETag of what you read"
            )
        return None
    match = _ETAG.fullmatch(value.strip())
    if match is None:
        raise Invalid('If-Match takes one ETag as it was given, such as "3"', field="If-Match")
    return int(match[1])


def correlation_id(header: str | None, request_id: str) -> str:
    """The caller's own correlation id where it is a decent one, else the gateway's request id."""
    return header if header and _CORRELATION.fullmatch(header) else request_id


def language(header: str | None) -> str:
    """That of our languages which Accept-Language likes best (RFC 9110, 12.5.4).

    What cannot be read in it is passed over: it is a wish and no condition.
    """
    liked: dict[str, float] = {}
    for part in (header or "").split(",")[:_MOST_LANGUAGES]:
        wish = _LANGUAGE.fullmatch(part)
        if wish is not None:
            liked.setdefault(wish[1].lower(), float(wish[2] or 1))
    others = liked.get("*", 0.0)
    best = max(LANGUAGES, key=lambda one: liked.get(one, others))
    return best if liked.get(best, others) else LANGUAGES[0]


def new_id(prefix: str, caller: Caller, key: str) -> str:
    """The id that this key of this caller always leads to: 130 bits, not to be guessed."""
    message = json.dumps([prefix, caller.client_id, caller.subject, key]).encode()
    digest = base64.b32encode(hashlib.sha256(message).digest()).decode().lower()
    return f"{prefix}_{digest[:26]}"


def veiled(secret: str, key: str) -> str:
    """The key as nobody without the secret can work it out."""
    return hmac.new(secret.encode(), f"key\0{key}".encode(), hashlib.sha256).hexdigest()


def fingerprint(secret: str, operation: str, path: Mapping[str, str], body: BaseModel) -> str:
    """A keyed hash of what was asked, whatever the spelling of its JSON was.

    Of 128 bits: it only has to tell the requests that came with one key.
    """
    message = "\0".join((operation, *path.values(), body.model_dump_json())).encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()[:32]


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a field stands twice in one object")
    return fields


def _short(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"a number has more than {_MOST_DIGITS} digits")
    return int(digits)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _place(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.lower()} at line {error.lineno}, column {error.colno}"
    return str(error)[:100]
