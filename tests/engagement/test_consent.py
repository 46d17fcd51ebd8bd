"""What can be said, and what cannot."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.engagement.domain import (
    Address,
    AddressKind,
    AtIys,
    Channel,
    ConsentChannel,
    ConsentPurpose,
    RecipientType,
    date_of,
    instant_of,
)
from shared.errors import Invalid
from tests.engagement.examples import EMAIL, LANDLINE, NOON, PHONE, a_refusal, a_word


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"proof": None}, "proof"),
        ({"text_version": None}, "text_version"),
        ({"said_at": NOON + timedelta(seconds=1)}, "said_at"),
        ({"taken_at": NOON - timedelta(days=1)}, "iys_taken_at"),
        ({"taken_at": NOON + timedelta(days=1)}, "iys_taken_at"),
    ],
)
def test_a_consent_that_nothing_shows_or_that_is_to_come_is_refused(
    said: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        a_word(**said)

    assert refused.value.field == field


def test_a_refusal_needs_nothing_that_shows_it() -> None:
    assert a_refusal(proof=None, text_version=None).at_iys is AtIys.WAITING


def test_a_traders_consent_needs_nothing_that_shows_it() -> None:
    word = a_word(recipient_type=RecipientType.TRADER, proof=None, text_version=None)
    assert word.recipient_type is RecipientType.TRADER


@pytest.mark.parametrize(
    ("said_at", "last_day"),
    [
        ("2026-11-24T09:00:00Z", "2026-11-27"),  # a Tuesday: Friday
        ("2026-11-26T21:30:00Z", "2026-12-01"),  # Friday by now in Istanbul: Saturday counts
        ("2026-05-25T09:00:00Z", "2026-06-02"),  # before the feast of four and a half days
        ("2040-01-02T09:00:00Z", "2040-01-05"),  # of whose holidays nothing is known
        ("2014-01-02T09:00:00Z", "2015-05-05"),  # before there was a law
    ],
)
def test_iys_is_to_hear_of_it_within_three_business_days(said_at: str, last_day: str) -> None:
    moment = datetime.fromisoformat(said_at)
    word = a_word(said_at=moment, minutes=(moment - NOON).total_seconds() / 60)

    assert word.due_at is not None
    assert date_of(word.due_at) == f"{last_day} 23:59:59"


def test_times_are_told_to_iys_as_the_clock_in_turkey_shows_them() -> None:
    assert date_of(NOON) == "2026-11-24 12:00:00"
    assert instant_of("2026-11-24 12:00:00") == NOON
    assert instant_of("2015-07-01 12:00:00") == datetime(2015, 7, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("channel", "written"),
    [
        (ConsentChannel.MESSAGE, "0532 123 45 67"),
        (ConsentChannel.MESSAGE, None),
        (ConsentChannel.MESSAGE, "ayse@example.com"),
        (ConsentChannel.CALL, "+0532123"),
        (ConsentChannel.EMAIL, "Ayse@example.com"),
        (ConsentChannel.EMAIL, "ayse@localhost"),
        (ConsentChannel.EMAIL, None),
        (ConsentChannel.LETTER, "Kadıköy"),
    ],
)
def test_an_address_that_is_not_as_contact_points_are_is_refused(
    channel: ConsentChannel, written: str | None
) -> None:
    with pytest.raises(Invalid):
        Address.of(channel, written, "cus_1")


def test_what_iys_writes_in_another_spelling_is_the_same_address() -> None:
    assert Address.of_iys(ConsentChannel.MESSAGE, "90 532 123 45 67") == PHONE
    assert Address.of_iys(ConsentChannel.EMAIL, " AYSE@EXAMPLE.COM ") == EMAIL


def test_a_hint_shows_the_owner_which_and_nobody_what() -> None:
    letter = Address.of(ConsentChannel.LETTER, None, "cus_1")
    assert (PHONE.hint, EMAIL.hint, letter.hint) == ("…67", "a…", "")


@pytest.mark.parametrize("value", ["+905555555555", "+905321234567"[:6] + "1111111"])
def test_a_number_that_only_fills_a_field_is_nobodys(value: str) -> None:
    assert Address(kind=AddressKind.PHONE, value=value).is_filler
    assert not PHONE.is_filler


@pytest.mark.parametrize("value", ["yok@yok.com", "no.mail@example.com", "a@example.com"])
def test_an_email_that_only_fills_a_field_is_nobodys(value: str) -> None:
    assert Address(kind=AddressKind.EMAIL, value=value).is_filler
    assert not EMAIL.is_filler
    assert not Address(kind=AddressKind.EMAIL, value="info@example.com").is_filler


def test_a_landline_takes_calls_and_no_texts() -> None:
    foreign = Address(kind=AddressKind.PHONE, value="+442079460018")
    taking = {one for one in Channel if LANDLINE.takes(one)}

    assert taking == {Channel.CALL}
    assert foreign.takes(Channel.SMS)
    assert not EMAIL.takes(Channel.SMS)


def test_to_iys_whatsapp_is_a_message() -> None:
    assert Channel.WHATSAPP.consent is Channel.SMS.consent is ConsentChannel.MESSAGE


def test_what_was_taken_by_code_for_other_purposes_is_not_told_to_iys() -> None:
    for purpose in (ConsentPurpose.EXPLICIT_CONSENT, ConsentPurpose.MEMBERSHIP):
        assert a_word(purpose=purpose).at_iys is AtIys.NOT_NEEDED
