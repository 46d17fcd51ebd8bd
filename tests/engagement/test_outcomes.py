"""What came of what we said, counted once each; and the rules of ours that were in the way."""

from datetime import date, timedelta
from functools import partial
from operator import add
from typing import Any

import pytest

from services.engagement.adapters import EngagementProjector
from services.engagement.adapters.acquisition import DynamoAcquisition
from services.engagement.adapters.outcomes import DynamoOutcomes, frictions_place, responses_place
from services.engagement.adapters.silences import DynamoRapports
from services.engagement.adapters.summaries import EngagementSummaries
from services.engagement.domain.acquisition import Spend
from services.engagement.domain.friction import Friction
from services.engagement.domain.rapport import Heard
from services.engagement.domain.response import Medium, Response, Result
from services.engagement.domain.silence import Silence, Word
from services.engagement.schemas.acquisition import AcquisitionView
from services.engagement.use_cases.silences import hear
from shared.acquisition import source_of, told_source
from shared.aws.clocks import Clocks
from shared.aws.cursors import Cursors
from shared.aws.items import entity_key, from_item
from shared.aws.rows import Rows, shown
from shared.aws.stream import Write
from shared.calendar import day_in_turkey
from shared.contracts.summary import EngagementPart, Money
from shared.errors import Invalid, KeyReused
from tests.account import SECRET, AwsAccount, contents
from tests.engagement.examples import NOON, an_act


def a_response(number: int = 1, **said: Any) -> Response:
    told: dict[str, Any] = {
        "customer_id": "cus_1",
        "medium": Medium.EMAIL,
        "result": Result.CLICKED,
        "offer_id": "off_1",
    }
    return Response.record(an_act(number), response_id=f"res_{number}", **told | said)


def a_friction(number: int = 1, rule: str = "returns.14-days", **said: Any) -> Friction:
    told: dict[str, Any] = {"customer_id": "cus_1", "words": "wanted to give it back"}
    return Friction.record(an_act(number), friction_id=f"fri_{number}", rule=rule, **told | said)


class Books:
    """The table, with what its stream would have made of its entities."""

    def __init__(self, account: AwsAccount) -> None:
        self.client, self.table = account.dynamodb, account.table("engagement")
        self.rapports = DynamoRapports(self.client, self.table)
        self.acquisition = DynamoAcquisition(self.client, self.table, SECRET)
        self.outcomes = DynamoOutcomes(self.client, self.table, SECRET)
        clocks = Clocks(self.client, self.table, kind="iys")
        outbox = Clocks(self.client, self.table, kind="messages")
        self._projector = EngagementProjector(self.client, self.table, clocks, outbox)

    def keep(self, *entities: Response | Friction) -> None:
        for one in entities:
            self.outcomes.add(one, fingerprint="f")
            self.project(one)

    def project(self, one: Response | Friction | Spend) -> None:
        found = self.client.get_item(TableName=self.table, Key=entity_key(one.entity_id))
        after = from_item(found["Item"])
        written = Write(entity_id=one.entity_id, before=None, after=after, sequence="1")
        self._projector.project(written)

    def listed(self, place: str) -> list[Any]:
        page = Rows(self.client, self.table).page_at(
            place, size=9, cursor=None, cursors=Cursors(SECRET, "agent"), query=place
        )
        return [shown(row) for row in page.rows]


@pytest.fixture
def books(account: AwsAccount) -> Books:
    return Books(account)


def test_what_came_of_an_offer_is_counted_by_medium_and_result_once_each(books: Books) -> None:
    told = [a_response(number) for number in range(12)]
    told += [a_response(20, medium=Medium.STORE, result=Result.BOUGHT, customer_id="cus_2")]
    told += [a_response(21, offer_id="off_2"), a_response(22, offer_id=None, message_id="msg_1")]
    books.keep(*told)
    for one in told[:5]:
        books.project(one)

    assert books.outcomes.of_offer("off_1") == {("email", "clicked"): 12, ("store", "bought"): 1}
    assert books.outcomes.of_offer("off_2") == {("email", "clicked"): 1}
    assert books.outcomes.of_offer("off_3") == {}
    assert [one["response_id"] for one in books.listed(responses_place("cus_2"))] == ["res_20"]


def test_a_click_ends_no_silence_and_an_answer_does(books: Books) -> None:
    books.keep(a_response(1), a_response(2, result=Result.OPENED))
    assert books.rapports.of(["cus_1"]) == {}

    books.keep(a_response(3, result=Result.THANKED, offer_id=None, at=NOON - timedelta(days=3)))

    day = day_in_turkey(NOON - timedelta(days=3))
    assert books.rapports.of(["cus_1"]) == {"cus_1": Silence(since=day, theirs=day)}


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 3, 1)])
def test_who_thanks_or_recommends_us_is_an_advocate_for_two_years(
    books: Books, order: tuple[int, int, int]
) -> None:
    told = {
        1: a_response(1, result=Result.THANKED, offer_id=None, at=NOON - timedelta(days=400)),
        2: a_response(2, result=Result.RECOMMENDED, offer_id=None, at=NOON - timedelta(days=90)),
        3: a_response(3, result=Result.BOUGHT),
    }
    books.keep(*(told[one] for one in order))
    books.project(told[1])

    last = day_in_turkey(NOON - timedelta(days=90))
    for days, is_one in ((0, True), (730, True), (731, False)):
        summaries = EngagementSummaries(
            books.client, books.table, partial(add, last, timedelta(days=days))
        )
        part = EngagementPart.model_validate(summaries.summarise("cus_1").parts["engagement"])
        assert (part.advocate, part.praised) == (is_one, last)


def test_frictions_are_counted_by_rule_and_year_and_their_words_are_listed(books: Books) -> None:
    old = a_friction(2, at=NOON - timedelta(days=400))
    books.keep(a_friction(1), old, a_friction(3, rule="proof.original", customer_id=None))
    books.project(old)

    assert books.outcomes.frictions() == [
        ("returns.14-days", 2, {"2025": 1, "2026": 1}),
        ("proof.original", 1, {"2026": 1}),
    ]
    [newest, oldest] = books.listed(frictions_place("returns.14-days"))
    assert (newest["words"], oldest["friction_id"]) == ("wanted to give it back", "fri_2")
    assert books.rapports.of(["cus_1"]) == {}  # nobody is known by a friction alone


def test_the_same_request_again_adds_nothing_and_another_with_its_id_is_refused(
    books: Books,
) -> None:
    first, _ = books.outcomes.add(a_response(), fingerprint="f")

    assert books.outcomes.add(a_response(), fingerprint="f") == (first, True)
    with pytest.raises(KeyReused):
        books.outcomes.add(a_response(result=Result.BOUGHT), fingerprint="g")


def test_of_who_is_erased_no_words_are_kept_and_nothing_is_heard_any_more(books: Books) -> None:
    first, later = a_friction(1), a_friction(2)
    books.keep(first, a_friction(3, customer_id="cus_2", words="another"))
    books.outcomes.add(later, fingerprint="f")  # and the stream has not told of it yet
    hear(books.rapports, [Heard(customer_id="cus_1", word=Word.THEIRS, at=NOON)])

    for _ in range(2):
        books.outcomes.forget(an_act(5), "cus_1")
        books.rapports.forget("cus_1", NOON)
    for one in (first, later):
        books.project(one)
    hear(books.rapports, [Heard(customer_id="cus_1", word=Word.THEIRS, at=NOON)])
    books.rapports.look_later("cus_1", day_in_turkey(NOON))

    assert [one["words"] for one in books.listed(frictions_place("returns.14-days"))] == [
        "another",
        "",
        "",
    ]
    assert "give it back" not in str(contents(books.client, books.table))
    assert books.outcomes.frictions()[0][1] == 3
    assert books.rapports.of(["cus_1"]) == {}


@pytest.mark.parametrize(
    ("said", "field"),
    [({"offer_id": None}, "offer_id"), ({"at": NOON + timedelta(hours=1)}, "at")],
)
def test_what_came_of_nothing_or_is_still_to_come_is_refused(
    said: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        a_response(**said)
    assert refused.value.field == field


def a_spend(number: int = 1, **said: Any) -> Spend:
    told: dict[str, Any] = {
        "channel": "instagram",
        "campaign": "autumn",
        "day": day_in_turkey(NOON),
        "amount": 10_001,
        "currency": "TRY",
    }
    return Spend.record(an_act(number), spend_id=f"spd_{number}", **told | said)


def test_a_new_customer_costs_what_was_spent_by_how_many_came_and_nothing_is_made_up(
    books: Books,
) -> None:
    spent = [a_spend(1), a_spend(2, amount=-1), a_spend(3, campaign="empty", currency="EUR")]
    for one in [*spent, a_spend(4, day=day_in_turkey(NOON - timedelta(days=40)))]:
        books.acquisition.add(one, fingerprint="f")
        books.project(one)
        books.project(one)
    for customer, channel, campaign in (
        ("cus_1", "instagram", "autumn"),
        ("cus_2", "instagram", "autumn"),
        ("cus_3", "instagram", "autumn"),
        ("cus_4", "friend", None),
        ("cus_4", "friend", None),
    ):
        books.acquisition.came(customer, "2026-11", channel, campaign)

    found, is_all = books.acquisition.of("2026-11")

    assert is_all
    assert {source: (one.customers, one.cost_of_one) for source, one in found.items()} == {
        ("instagram", "autumn"): (3, {"TRY": 3334}),
        ("instagram", "empty"): (0, {}),
        ("friend", None): (1, {}),
    }
    told = AcquisitionView.of("2026-11", found, is_all=is_all)
    assert [(one.channel, one.total.new_customers) for one in told.channels] == [
        ("friend", 1),
        ("instagram", 3),
    ]
    assert told.total.spent == [
        Money(amount=10_001, currency="EUR"),
        Money(amount=10_000, currency="TRY"),
    ]


@pytest.mark.parametrize(
    ("said", "field"), [({"amount": 0}, "amount"), ({"day": date(2026, 12, 1)}, "day")]
)
def test_what_was_not_spent_is_refused(said: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        a_spend(**said)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("heard_from", "told", "source"),
    [
        (None, None, ("unknown", None)),
        ("Instagram", "instagram", ("instagram", None)),
        (" instagram:autumn-2026 ", "instagram:autumn-2026", ("instagram", "autumn-2026")),
        ("my friend Mehmet", "other", ("other", None)),
        ("friend:", "other", ("other", None)),
        ("instagramme", "other", ("other", None)),
    ],
)
def test_of_what_brought_somebody_only_channels_and_campaigns_are_told(
    heard_from: str | None, told: str | None, source: tuple[str, str | None]
) -> None:
    assert told_source(heard_from) == told
    assert source_of(told) == source
