"""Who has signed just this, just now, is believed; nobody else is."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from shared.aws.http.signatures import WINDOW, check_signature, sign
from shared.errors import NotProven

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECRETS = json.dumps({"webshop": "s3cret", "carrier": "another", "empty": ""})
BODY = '{"product": "çamaşır makinesi"}'.encode()


def check(
    *,
    partner: str = "webshop",
    key: str = "s3cret",
    body: bytes = BODY,
    seconds: int = 0,
    **headers: str,
) -> None:
    """Check a request that was signed so many seconds from now."""
    timestamp = str(int((NOW + timedelta(seconds=seconds)).timestamp()))
    signed = {
        "Webhook-Timestamp": timestamp,
        "Webhook-Signature": sign(key, timestamp, BODY),
    }
    sent = {**signed, **{name.replace("_", "-"): value for name, value in headers.items()}}
    check_signature(SECRETS, partner, sent, body, NOW)


def test_the_signature_is_what_anybody_can_work_out() -> None:
    assert sign("s3cret", "1795176000", b"{}") == (
        "v1=76c0f7c72951e9d29d947a0b84908d3c21b391f484370e3e2d65faf8e193926c"
    )


@pytest.mark.parametrize("seconds", [0, WINDOW, -WINDOW])
def test_what_is_signed_within_the_window_is_taken(seconds: int) -> None:
    check(seconds=seconds)


@pytest.mark.parametrize("seconds", [WINDOW + 1, -WINDOW - 1])
def test_what_is_signed_outside_of_it_is_late(seconds: int) -> None:
    with pytest.raises(NotProven, match="more than 300 seconds"):
        check(seconds=seconds)


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "a guess"},
        {"key": ""},
        {"partner": "carrier"},
        {"partner": "nobody"},
        {"partner": "empty", "key": ""},
        {"partner": "nobody", "key": "a secret that no partner has"},
        {"body": BODY + b" "},
        {"body": b""},
        {"Webhook_Signature": ""},
        {"Webhook_Signature": "v1="},
        {"Webhook_Signature": "v1=ş\ud800"},
        {"Webhook_Timestamp": ""},
        {"Webhook_Timestamp": "1795176001"},
    ],
)
def test_every_other_request_gets_one_and_the_same_answer(wrong: dict[str, str]) -> None:
    with pytest.raises(NotProven, match="the signature is not right"):
        check(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("timestamp", ["", "nan", "-1", "1e9", "9" * 13, "١٧٩٥"])
def test_a_time_that_is_none_is_refused_however_well_it_is_signed(timestamp: str) -> None:
    with pytest.raises(NotProven):
        check(Webhook_Timestamp=timestamp, Webhook_Signature=sign("s3cret", timestamp, BODY))
