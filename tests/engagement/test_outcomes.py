"""What came of what we said, counted once each; and the rules of ours that were in the way."""

from datetime import timedelta
from typing import Any

import pytest

from services.engagement.adapters import EngagementProjector
from services.engagement.adapters.outcomes import DynamoOutcomes, frictions_place, responses_place
from services.engagement.adapters.silences import DynamoRapports
from services.engagement.domain.friction import Friction
from services.engagement.domain.response import Medium, Response, Result
from services.engagement.domain.silence import Silence
from shared.aws.clocks import Clocks
from shared.aws.cursors import Cursors
from shared.aws.items import entity_key, from_item
from shared.aws.rows import Rows, shown
from shared.aws.stream import Write
from shared.calendar import day_in_turkey
from shared.errors import Invalid, KeyReused
from tests.account import SECRET, AwsAccount
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
        self.outcomes = DynamoOutcomes(self.client, self.table, SECRET)
        clocks = Clocks(self.client, self.table, kind="iys")
        self._projector = EngagementProjector(self.client, self.table, clocks, self.rapports)

    def keep(self, *entities: Response | Friction) -> None:
        for one in entities:
            self.outcomes.add(one, fingerprint="f")
            self.project(one)

    def project(self, one: Response | Friction) -> None:
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
