"""What every Consents, Contacts and Places must do, the fakes as well as DynamoDB."""

from datetime import timedelta
from typing import Any

import pytest

from services.engagement.adapters import (
    MESSAGES,
    DynamoConsents,
    DynamoContacts,
    DynamoPlaces,
    EngagementProjector,
)
from services.engagement.domain import (
    NOBODY,
    CodeUsedOtherwise,
    Consent,
    ConsentChannel,
    ConsentNotFound,
    ConsentPurpose,
    Status,
)
from services.engagement.ports import Consents, Contacts, Places
from shared.aws.clocks import Clocks
from shared.aws.items import entity_key, from_item
from shared.aws.rows import Rows, shown
from shared.aws.stream import Write
from shared.calendar import ISTANBUL
from shared.errors import ChangedMeanwhile, KeyReused
from tests.account import SECRET, AwsAccount, contents
from tests.engagement.examples import (
    CODE,
    EMAIL,
    NOON,
    PHONE,
    a_refusal,
    a_word,
    an_act,
    taken,
)
from tests.engagement.fakes import InMemoryConsents, InMemoryContacts, InMemoryPlaces

ROWS = "P#cus_1"


class Books:
    """The table, with what its stream would have made of its entities."""

    def __init__(self, account: AwsAccount) -> None:
        self.client, self.table = account.dynamodb, account.table("engagement")
        self.clocks = Clocks(self.client, self.table, kind="iys")
        self.consents = DynamoConsents(self.client, self.table, SECRET, self.clocks)
        outbox = Clocks(self.client, self.table, kind=MESSAGES)
        self._projector = EngagementProjector(self.client, self.table, self.clocks, outbox)

    def project(self, consent: Consent) -> None:
        found = self.client.get_item(TableName=self.table, Key=entity_key(consent.consent_id))
        after = from_item(found["Item"])
        self._projector.project(
            Write(entity_id=consent.consent_id, before=None, after=after, sequence="1")
        )

    def keep(self, *consents: Consent) -> None:
        for one in consents:
            self.consents.add(one, fingerprint="f")
            self.project(one)

    def change(self, consent: Consent) -> None:
        self.consents.save(consent)
        self.project(consent)


@pytest.fixture
def books(account: AwsAccount) -> Books:
    return Books(account)


@pytest.fixture(params=["in memory", "dynamodb"])
def consents(request: pytest.FixtureRequest) -> Consents:
    if request.param == "in memory":
        return InMemoryConsents()
    books: Books = request.getfixturevalue("books")
    return books.consents


@pytest.fixture(params=["in memory", "dynamodb"])
def contacts(request: pytest.FixtureRequest) -> Contacts:
    if request.param == "in memory":
        return InMemoryContacts()
    account: AwsAccount = request.getfixturevalue("account")
    return DynamoContacts(account.dynamodb, account.table("engagement"))


@pytest.fixture(params=["in memory", "dynamodb"])
def places(request: pytest.FixtureRequest) -> Places:
    if request.param == "in memory":
        return InMemoryPlaces()
    account: AwsAccount = request.getfixturevalue("account")
    return DynamoPlaces(account.dynamodb, account.table("engagement"))


def test_a_word_comes_back_as_it_went_in(consents: Consents) -> None:
    eventful = taken(a_word(members=("cus_1", "cus_2"), proof=CODE))

    assert consents.add(eventful, fingerprint="f") == (eventful, False)
    assert consents.get("con_1") == eventful


def test_the_same_request_adds_once_and_another_with_its_id_is_refused(
    consents: Consents,
) -> None:
    first = a_word()
    consents.add(first, fingerprint="f")

    assert consents.add(a_word(minutes=1), fingerprint="f") == (first, True)
    with pytest.raises(KeyReused):
        consents.add(a_refusal(), fingerprint="g")
    assert consents.said_of("key") == ([first], True)


def test_of_two_who_save_the_slower_is_told_and_the_very_same_save_is_none(
    consents: Consents,
) -> None:
    consents.add(a_word(), fingerprint="f")
    handed = consents.get("con_1").handed_over(an_act(1), request_id="r", place=0)
    consents.save(handed)
    consents.save(handed)

    with pytest.raises(ChangedMeanwhile):
        consents.save(a_word().handed_over(an_act(2), request_id="s", place=0))


def test_a_word_that_nobody_said_is_not_found(consents: Consents) -> None:
    with pytest.raises(ConsentNotFound, match="consent nobody does not exist"):
        consents.get("nobody")


def test_what_was_said_of_an_address_comes_the_newest_first_and_a_refusal_before_a_consent(
    consents: Consents,
) -> None:
    words = [a_word(3), a_refusal(1), a_word(2, minutes=1), a_word(4, address_key="another")]
    for one in words:
        consents.add(one, fingerprint="f")

    said, is_all = consents.said_of("key")

    assert [one.consent_id for one in said] == ["con_2", "con_1", "con_3"]
    assert is_all


def test_words_are_in_order_whatever_zone_their_times_came_in(consents: Consents) -> None:
    in_istanbul = (NOON - timedelta(minutes=30)).astimezone(ISTANBUL)
    consents.add(a_word(1, said_at=in_istanbul), fingerprint="f")
    consents.add(a_refusal(2, minutes=1, said_at=NOON), fingerprint="f")

    said, _ = consents.said_of("key")

    assert [one.consent_id for one in said] == ["con_2", "con_1"]


def test_of_more_than_a_hundred_words_it_is_said_that_these_are_not_all(
    consents: Consents,
) -> None:
    for number in range(101):
        consents.add(a_word(number, minutes=number), fingerprint="f")

    said, is_all = consents.said_of("key")

    assert (len(said), said[-1].consent_id, is_all) == (100, "con_1", False)


def test_addresses_channels_and_purposes_are_kept_apart(consents: Consents) -> None:
    keys = {
        consents.key_of(address, channel, purpose)
        for address in (PHONE, EMAIL)
        for channel in (ConsentChannel.CALL, ConsentChannel.MESSAGE)
        for purpose in ConsentPurpose
    }

    assert len(keys) == 16


def test_a_code_proves_one_purpose_on_as_many_channels_as_they_like(consents: Consents) -> None:
    consents.add(a_word(1, proof=CODE), fingerprint="f")
    consents.add(a_word(2, proof=CODE, channel=ConsentChannel.CALL), fingerprint="f")

    for number, purpose in enumerate(
        (ConsentPurpose.MEMBERSHIP, ConsentPurpose.EXPLICIT_CONSENT, ConsentPurpose.SURVEY), 3
    ):
        with pytest.raises(CodeUsedOtherwise, match="one by one"):
            consents.add(a_word(number, proof=CODE, purpose=purpose), fingerprint="f")
        with pytest.raises(ConsentNotFound):
            consents.get(f"con_{number}")


def test_contacts_of_a_person_are_counted_once_each_and_by_what_counts_together(
    contacts: Contacts,
) -> None:
    def at(days: float) -> Any:
        return NOON - timedelta(days=days)

    for customer_id, counted_as, days, contact_id in (
        ("cus_1", "offers", 1, "a"),
        ("cus_1", "offers", 1, "a"),
        ("cus_1", "offers", 3, "b"),
        ("cus_1", "offers", 9, "c"),
        ("cus_1", "surveys", 2, "d"),
        ("cus_2", "offers", 2, "e"),
        ("cus_3", "offers", 2, "f"),
    ):
        contacts.put(customer_id, counted_as, at(days).astimezone(ISTANBUL), contact_id)

    found = contacts.since(["cus_1", "cus_2"], "offers", at(7), NOON, 10)
    assert list(found) == [at(1), at(2), at(3)]
    assert list(contacts.since(["cus_1"], "offers", at(30), NOON, 2)) == [at(1), at(3)]
    assert list(contacts.since(["cus_1"], "offers", at(30), at(2), 5)) == [at(3), at(9)]
    assert list(contacts.since(["cus_1"], "offers", at(30), NOON, 0)) == []


def test_the_place_moves_on_from_where_it_was_read_and_of_two_readers_one_is_told(
    places: Places,
) -> None:
    assert places.get() is None
    places.move(None, "1")
    places.move(None, "1")  # the answer to the first was lost
    places.move("1", "2")

    with pytest.raises(ChangedMeanwhile):
        places.move("1", "3")
    assert places.get() == "2"


def test_what_iys_has_to_hear_waits_by_its_term_until_it_has_heard(books: Books) -> None:
    late = a_word(1, minutes=0)
    later = a_word(2, minutes=60 * 24)
    books.keep(later, late, a_word(3, purpose=ConsentPurpose.SURVEY), a_word(4, source="IYS"))
    waiting = [one.consent_id for one in books.consents.waiting()]
    handed = late.handed_over(an_act(1), request_id="r", place=0)
    books.change(handed)
    meanwhile = [one.consent_id for one in books.consents.waiting()]
    books.change(taken(late))

    assert waiting == ["con_1", "con_2"]
    assert meanwhile == ["con_1", "con_2"]
    assert [one.consent_id for one in books.consents.waiting()] == ["con_2"]
    books.project(a_word(1))  # what came late from the stream
    assert [one.consent_id for one in books.consents.waiting()] == ["con_2"]


def test_words_show_in_their_customers_list_without_the_address(books: Books) -> None:
    books.keep(a_word(1), a_refusal(2, minutes=1), a_word(3, customer_id=NOBODY, source="IYS"))

    rows = Rows(books.client, books.table).head("cus_1", newest=5).rows

    assert [shown(row)["status"] for row in rows] == [Status.REFUSED, Status.GIVEN]
    assert "1234567" not in str(rows)


def test_once_iys_has_it_the_number_stands_nowhere(books: Books) -> None:
    books.keep(a_word())
    before = str(contents(books.client, books.table))
    handed = a_word().handed_over(an_act(60), request_id="req", place=0)
    books.change(handed)
    books.change(taken(a_word()))

    assert "5321234567" in before
    assert "5321234567" not in str(contents(books.client, books.table))
