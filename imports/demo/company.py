"""The company's customers, each with what happened to them; the same ones for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from imports.demo import words

SEED = 1923
PERSONS = 240
PROMISED_WITHIN = 10  # days
DUPLICATES = 12  # every twentieth person is in the books twice
ISTANBUL = ZoneInfo("Europe/Istanbul")

Body = dict[str, Any]


@dataclass(kw_only=True)
class Story:
    """One entry in the books and all that is told of it, as bodies of the public API.

    `number` names it for ever. A complaint is a pair: how it is opened, and the
    moves that follow; `order` in it is the place of an order in `orders`.
    """

    number: str
    customer: Body
    orders: list[Body] = field(default_factory=list)
    complaints: list[Body] = field(default_factory=list)
    conversations: list[Body] = field(default_factory=list)
    registrations: list[Body] = field(default_factory=list)


def stories(today: date, seed: int = SEED, persons: int = PERSONS) -> Iterator[Story]:
    """Everybody in the books, seen from a day; the past is counted back from it."""
    chance = random.Random(seed)  # noqa: S311 made-up people, no secret
    for number in range(1, persons + 1):
        story = _Person(chance, today, number).story()
        yield story
        if number % (persons // DUPLICATES or 1) == 0:
            yield _twin(chance, today, story)


class _Person:
    def __init__(self, chance: random.Random, today: date, number: int) -> None:
        self._chance = chance
        self._today = today
        self._number = number
        first = chance.choice(words.WOMEN + words.MEN)
        self._name = f"{first} {chance.choice(words.FAMILIES)}"
        digits = f"{chance.randrange(10**7):07}"
        self._phone = f"0{chance.choice(words.MOBILE_PREFIXES)}{digits}"

    def story(self) -> Story:
        story = Story(number=f"{self._number:04}", customer=self._customer())
        for place in range(self._chance.choice((1, 1, 1, 2, 2, 3, 5))):
            story.orders.append(self._order(place))
        if self._chance.random() < 0.2:  # noqa: PLR2004
            story.complaints.append(self._complaint(story))
        for _ in range(self._chance.choice((0, 0, 1, 1, 2, 4))):
            story.conversations.append(self._conversation())
        if self._chance.random() < 0.15:  # noqa: PLR2004
            story.registrations.append(self._registration())
        return story

    def _customer(self) -> Body:
        place = self._chance.choice(words.PLACES)
        points = [{"kind": "phone", "value": _spelt(self._chance, self._phone)}]
        if self._chance.random() < 0.7:  # noqa: PLR2004
            plain = self._name.lower().translate(_ASCII).replace(" ", ".")
            points.append({"kind": "email", "value": f"{plain}{self._number}@example.com"})
        street = self._chance.choice(words.STREETS)
        return {
            "name": self._name,
            "contact_points": points,
            "external_ids": [f"demo:{self._number:04}"],
            "addresses": [
                {
                    "lines": f"{street} No: {self._chance.randrange(1, 180)}",
                    "district": place.district,
                    "city": place.city,
                    "postal_code": f"{place.code:02}{self._chance.randrange(100, 999)}",
                }
            ],
            "heard_from": self._chance.choice(words.SOURCES),
            "since": self._past(900, 1000),
            **self._born(),
        }

    def _born(self) -> Body:
        """The birth date of those who told it. No TCKN: any that adds up may be somebody's."""
        chance = random.Random(self._number)  # noqa: S311 as above
        if chance.random() < 0.4:  # noqa: PLR2004
            return {}
        day = self._today - timedelta(days=chance.randrange(19 * 366, 80 * 365))
        return {"birth_date": day.isoformat()}

    def _order(self, place: int) -> Body:
        ago = self._chance.choice((2, 3, 5, 9, 30, 90, 200, 400, 700))
        ordered = self._moment(ago)
        lines: list[Body] = [
            {
                "product": product.code,
                "quantity": self._chance.choice((1, 1, 2)) if product.is_spare_part else 1,
                "unit_price": product.price,
                "kdv_class": "general",
                "freight": 0 if product.price > 500_000 else 4_990,  # noqa: PLR2004 kuruş
            }
            for product in self._chance.sample(words.PRODUCTS, self._chance.choice((1, 1, 2)))
        ]
        amount = sum(one["quantity"] * one["unit_price"] + one["freight"] for one in lines)
        method, instalments = self._chance.choice(words.METHODS)
        past: Body = {"ordered_at": ordered.isoformat(), "status": "placed", "payments": []}
        steps = ["approved", "processing", "shipped", "delivered"][: max(1, min(4, ago - 1))]
        if self._chance.random() < 0.06:  # noqa: PLR2004
            steps = ["cancelled"]
        for day, status in enumerate(steps):
            past["status"] = status
            past[f"{status}_at"] = (ordered + timedelta(hours=20 * (day + 1))).isoformat()
        if past["status"] != "cancelled" and self._chance.random() < 0.92:  # noqa: PLR2004
            past["payments"] = [
                {
                    "method": method,
                    "amount": amount,
                    "instalments": instalments,
                    "paid_at": ordered.isoformat(),
                }
            ]
        return {
            "external_id": f"demo-{self._number:04}-{place + 1}",
            "promised_at": (ordered + timedelta(days=5)).isoformat(),
            "lines": lines,
            "past": past,
        }

    def _complaint(self, story: Story) -> Body:
        kind, title, text = self._chance.choice(words.TROUBLE)
        return {
            "kind": kind,
            "title": title,
            "text": text,
            "channel": "phone",
            "opened_at": self._past(1, 6),
            "first_owner": self._chance.choice(words.AGENTS),
            "order": self._chance.randrange(len(story.orders)),
            "answered": self._chance.random() < 0.6,  # noqa: PLR2004
        }

    def _conversation(self) -> Body:
        channel, direction, kind, summary = self._chance.choice(words.TALKS)
        at = self._past(1, 300)
        return {
            "at": at,
            "channel": channel,
            "with": self._chance.choice(words.AGENTS),
            "direction": direction,
            "kind": kind,
            "summary": summary,
            **self._promise(summary, datetime.fromisoformat(at)),
        }

    def _promise(self, summary: str, at: datetime) -> Body:
        """What was promised, due three days later; nothing in talk that is long past."""
        if summary not in words.PROMISES or (self._today - at.date()).days > PROMISED_WITHIN:
            return {}
        what, by = words.PROMISES[summary]
        return {"promise": {"what": what, "by": by, "due": (at + timedelta(days=3)).isoformat()}}

    def _registration(self) -> Body:
        product = self._chance.choice(words.PRODUCTS[:8])
        ago = self._chance.choice((1, 3, 6, 20))  # days; the last is past the week
        return {
            "product": product.code,
            "serial": f"TR{self._number:04}{self._chance.randrange(10**6):06}",
            "bought_on": (self._today - timedelta(days=ago)).isoformat(),
            "bought_from": self._chance.choice(words.SHOPS),
            "name": self._name,
            "contact_point": {"kind": "phone", "value": self._phone},
        }

    def _past(self, least: int, most: int) -> str:
        return self._moment(self._chance.randint(least, most)).isoformat()

    def _moment(self, days_ago: int) -> datetime:
        opening = time(self._chance.randrange(9, 18), self._chance.randrange(60))
        return datetime.combine(self._today - timedelta(days=days_ago), opening, ISTANBUL)


def _twin(chance: random.Random, today: date, story: Story) -> Story:
    """The same person once more, as somebody in a hurry wrote them down."""
    name = str(story.customer["name"]).translate(_ASCII)
    phone = story.customer["contact_points"][0]["value"]
    number = f"{story.number}b"
    when = datetime.combine(today - timedelta(days=chance.randint(2, 60)), time(8), ISTANBUL)
    return Story(
        number=number,
        customer={
            "name": name.upper() if chance.random() < 0.5 else name,  # noqa: PLR2004
            "contact_points": [{"kind": "phone", "value": phone}],
            "external_ids": [f"demo:{number}"],
            "since": when.isoformat(),
        },
        conversations=[
            {
                "at": when.isoformat(),
                "channel": "store",
                "with": chance.choice(words.AGENTS),
                "direction": "in",
                "kind": "service",
                "summary": "came to the shop about an order, and was written down anew",
            }
        ],
    )


def _spelt(chance: random.Random, phone: str) -> str:
    """A number as people write numbers."""
    area, rest = phone[1:4], phone[4:]
    return chance.choice(
        (
            f"0{area} {rest[:3]} {rest[3:5]} {rest[5:]}",
            f"{area}{rest}",
            f"+90 {area} {rest}",
            f"({area}) {rest[:3]}-{rest[3:]}",
            f"0090{area}{rest}",
        )
    )


_ASCII = str.maketrans("ğĞıİöÖüÜşŞçÇ", "gGiIoOuUsScC")
