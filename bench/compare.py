"""`./sahip bench compare`: one newcomer against all who are in the books, calls and CPU.

The blocks are what they would be with so many people: those that the newcomer comes to are filled
with whoever shares them. CPU is counted beside the calls, which are answered from memory.
"""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bench import report
from bench.report import most
from services.customer.adapters.blocks import MOST_MEMBERS, DynamoBlocks
from services.customer.domain import Address, ContactKind, ContactPoint, Customer
from services.customer.domain.matching import Matcher, Traits, blocking_keys
from services.customer.ports import Neighbourhood
from services.customer.use_cases.duplicates import Dedupe, find_duplicates, traits_in_books
from shared.aws.items import Values, from_item, to_item
from shared.entity import Act

PEOPLE, NEWCOMERS = 100_000, 200
GIVEN = (  # noqa: SIM905 names are easier to read so
    "Ahmet Mehmet Mustafa Ali Hüseyin Hasan İbrahim Osman Yusuf Murat Emre Can Cem Deniz "
    "Kerem Fatma Ayşe Emine Hatice Zeynep Elif Meryem Şerife Zehra Sultan Hanife Merve Özlem "
    "Gül Nur Işık Sevgi Ebru Esra Büşra Kübra Tuğba Derya Selin Ece Burak Onur Serkan Volkan "
    "Tolga Barış"
).split()
FAMILY = (  # noqa: SIM905
    "Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç "
    "Aslan Çetin Kara Koç Kurt Özkan Şimşek Polat Özcan Korkmaz Çakır Erdoğan Yavuz Can Acar "
    "Şen Aktaş Güler Yalçın Güneş Bozkurt Bulut Keskin Ünal Turan Gül Özer Işık Kaplan Avcı "
    "Sarı Tekin Taş"
).split()
DISTRICTS = [f"İlçe{n}" for n in range(970)]
ACT = Act(by="bench", at=datetime(2026, 3, 1, tzinfo=UTC), correlation_id="bench")


class Answering:
    """A DynamoDB that holds blocks, answers at once, and counts."""

    def __init__(self) -> None:
        self.items: dict[str, Any] = {}
        self.calls: list[str] = []

    def batch_get_item(self, *, RequestItems: Any) -> Any:  # noqa: N803 as AWS names it
        self.calls.append("BatchGetItem")
        [(table, asked)] = RequestItems.items()
        keys = (one["pk"]["S"] for one in asked["Keys"])
        return {"Responses": {table: [self.items[key] for key in keys if key in self.items]}}

    def transact_write_items(self, *, TransactItems: Any) -> Any:  # noqa: N803
        self.calls.append("TransactWriteItems")

    def put_item(self, **_: Any) -> Any:
        self.calls.append("PutItem")


class _One:
    """The books, in which a newcomer is read by one call."""

    def __init__(self, client: Answering, newcomer: Customer) -> None:
        self._client, self._newcomer = client, newcomer

    def get(self, _: str) -> Customer:
        self._client.calls.append("GetItem")
        return self._newcomer


def run() -> None:
    """Print the calls and the CPU of comparing one newcomer."""
    people = list(_people(PEOPLE + NEWCOMERS))
    blocks: dict[str, dict[str, Any]] = {}
    for one in people[:PEOPLE]:
        traits = traits_in_books(one)
        for key in blocking_keys(traits):
            blocks.setdefault(key, {})[one.customer_id] = traits.document()
    spent, calls, compared = [], [], []
    for newcomer in people[PEOPLE:]:
        client = _filled(traits_in_books(newcomer), blocks)
        dedupe = _dedupe(client, newcomer)
        seen = dedupe.duplicates.neighbourhood(
            newcomer.customer_id, blocking_keys(traits_in_books(newcomer))
        )
        client.calls.clear()
        began = time.process_time()
        find_duplicates(dedupe, ACT, newcomer.customer_id)
        spent.append((time.process_time() - began) * 1000)
        calls.append(len(client.calls))
        compared.append(len(seen.others))
    spent.sort()
    report.title(f"One newcomer against {PEOPLE:,} people")
    report.figure("calls, the most of any", max(calls), "", most(3))
    report.figure("people compared with, median", sorted(compared)[NEWCOMERS // 2])
    report.figure("people compared with, the most of any", max(compared))
    report.figure("CPU beside the calls, median", spent[NEWCOMERS // 2], "ms", most(5))
    report.figure("CPU beside the calls, 99 of 100", spent[NEWCOMERS * 99 // 100], "ms", most(5))


def _dedupe(client: Any, newcomer: Customer) -> Dedupe:
    from services.customer.adapters.duplicates import DynamoDuplicates

    customers: Any = _One(client, newcomer)
    return Dedupe(
        customers=customers,
        duplicates=DynamoDuplicates(client, "bench", "secret"),
        matcher=_MATCHER,
    )


_MATCHER = Matcher()


def _filled(traits: Traits, blocks: dict[str, dict[str, Any]]) -> Answering:
    """The blocks that somebody comes to."""
    client: Any = Answering()
    kept = DynamoBlocks(client, "bench", "secret")
    there: Neighbourhood = kept.read("cus_new", blocking_keys(traits))
    for block in there.blocks:
        members = blocks.get(block.key, {})
        common = members if len(members) <= MOST_MEMBERS else None
        if members:
            put: Any = kept._write(block, common)["Put"]["Item"]
            values: Values = from_item(put)
            client.items[block.place] = to_item(values)
    return client  # type: ignore[no-any-return]


def _people(count: int) -> Iterator[Customer]:
    chance = random.Random(7)  # noqa: S311 no secret
    for n in range(count):
        # As in Turkey, some names are far commoner than others.
        given = GIVEN[min(int(chance.expovariate(0.06)), len(GIVEN) - 1)]
        family = FAMILY[min(int(chance.expovariate(0.06)), len(FAMILY) - 1)]
        rare = "" if chance.random() < 0.7 else chance.choice(["oğlu", "er", "gil", "can"])
        phone = ContactPoint(kind=ContactKind.PHONE, value=f"+9053{chance.randrange(10**8):08}")
        mail = ContactPoint(
            kind=ContactKind.EMAIL, value=f"{chance.getrandbits(48):x}@example.com"
        )
        home = Address(
            lines=f"{chance.choice(FAMILY)} Sok. No {chance.randrange(1, 200)}",
            district=chance.choice(DISTRICTS),
            city=f"İl{chance.randrange(81)}",
        )
        yield Customer.create(
            ACT,
            customer_id=f"cus_{n:06}",
            name=f"{given} {family}{rare}",
            contact_points=(phone, mail),
            addresses=(home,),
        )
