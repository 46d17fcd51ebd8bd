"""Who works at the company, its segments, and who of them owns whom."""

from datetime import date, timedelta
from typing import Any

Body = dict[str, Any]

OWNERS = ("Selin Karaca", "Kaan Aydemir", "Pelin Soylu")  # the first stands in for the others
OWN_EVERY = 40  # so many customers, one has an owner of their own


def people(today: date) -> list[tuple[str, Body]]:
    """Everybody, by name; whoever stands in for somebody comes before them.

    In the place of a staff id stands a name.
    """
    week = {"since": (today - timedelta(days=1)).isoformat()}
    week |= {"until": (today + timedelta(days=6)).isoformat(), "deputy": OWNERS[0]}
    owners = [
        _somebody(
            name,
            "customer_owner",
            departments=["customers"],
            languages=["tr", "en"],
            most_customers=50,
            absences=[week] if name == OWNERS[-1] else [],
        )
        for name in OWNERS
    ]
    others = [
        _somebody("Deniz Uslu", "service_agent", departments=["service"], languages=["tr"]),
        _somebody("Eda Kurtuluş", "brand_manager", departments=["marketing"]),
        _somebody("Mert Sezgin", "campaign_manager", departments=["marketing"]),
    ]
    return [(body["name"], body) for body in (*owners, *others)]


# The owner's name in the place of their staff id. The first is of all who belong to no other.
SEGMENTS: tuple[Body, ...] = (
    {
        "name": "Standart",
        "rank": 3,
        "queue": "standart",
        "owner": "Pelin Soylu",
        "is_default": True,
        "reason": "everybody has an owner",
    },
    {
        "name": "Sadık",
        "rank": 2,
        "queue": "oncelikli",
        "owner": "Kaan Aydemir",
        "group": "loyal",
        "reason": "who comes again is served first",
    },
    {
        "name": "Platin",
        "rank": 1,
        "queue": "platin",
        "owner": "Selin Karaca",
        "group": "profitable",
        "reason": "who keeps us is kept by us",
    },
)


def own_owner(number: str) -> str | None:
    """Who owns a customer by themselves, if anybody does, by the customer's number."""
    if not number.isdigit() or int(number) % OWN_EVERY != 1:
        return None
    return OWNERS[int(number) // OWN_EVERY % len(OWNERS)]


def _somebody(name: str, role: str, **fields: Any) -> Body:
    return {
        "subject": f"demo-{name.split(maxsplit=1)[0].lower()}",
        "name": name,
        "roles": [role],
        **fields,
    }
