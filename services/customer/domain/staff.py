"""The people of the company: what they do in it, when they are away and who stands in for them.

Who owns customers sells nothing: an owner is no product, brand, channel, campaign or CRM manager.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from shared.calendar import day_in_turkey
from shared.entity import Act, Entity, Happening
from shared.errors import Conflict, Invalid, NotFound


class Trade(StrEnum):
    """What somebody does in the trade; one may do several things."""

    CUSTOMER_OWNER = "customer_owner"
    PRODUCT_MANAGER = "product_manager"
    BRAND_MANAGER = "brand_manager"
    CHANNEL_MANAGER = "channel_manager"
    CAMPAIGN_MANAGER = "campaign_manager"
    CRM_MANAGER = "crm_manager"
    SERVICE_AGENT = "service_agent"
    SALES_AGENT = "sales_agent"


# Who answers for what is to be sold. None of them owns a customer as well.
SELLING = frozenset(
    {
        Trade.PRODUCT_MANAGER,
        Trade.BRAND_MANAGER,
        Trade.CHANNEL_MANAGER,
        Trade.CAMPAIGN_MANAGER,
        Trade.CRM_MANAGER,
    }
)


class Presence(StrEnum):
    """Whether somebody is here today."""

    HERE = "here"
    AWAY = "away"
    LEFT = "left"


class StaffNotFound(NotFound):
    def __init__(self, staff_id: str) -> None:
        super().__init__(f"nobody of the staff is {staff_id}")


class HasLeft(Conflict):
    def __init__(self, staff_id: str) -> None:
        super().__init__(f"{staff_id} has left the company; choose somebody who is here")


class NoOwner(Conflict):
    def __init__(self, staff_id: str) -> None:
        super().__init__(
            f"{staff_id} owns no customers: choose somebody with the role customer_owner"
        )


class StillOwns(Conflict):
    def __init__(self, staff_id: str) -> None:
        super().__init__(
            f"{staff_id} still owns customers or segments, so stays a customer_owner; "
            "give those to others first"
        )


class OwnsTooMany(Conflict):
    def __init__(self, staff_id: str) -> None:
        super().__init__(
            f"{staff_id} has no room for another customer of their own; raise most_customers, "
            "or choose somebody else"
        )


@dataclass(frozen=True, kw_only=True)
class Absence:
    """Days on which somebody is not here, the last one included, and who stands in for them."""

    since: date
    until: date
    deputy: str | None = None  # a staff id

    def covers(self, day: date) -> bool:
        return self.since <= day <= self.until


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """Somebody who owns customers, as far as one must know them to say who cares for whom."""

    staff_id: str
    subject: str
    name: str
    languages: tuple[str, ...] = ()
    absences: tuple[Absence, ...] = ()
    left_at: datetime | None = None
    successor: str | None = None

    def presence(self, day: date) -> Presence:
        """Whether they are here on a day in Turkey."""
        if self.left_at is not None and day_in_turkey(self.left_at) <= day:
            return Presence.LEFT
        return Presence.AWAY if self._absence(day) else Presence.HERE

    def stand_in(self, day: date) -> str | None:
        """Who stands in for them on a day on which they are not here, as they said."""
        if self.presence(day) is Presence.LEFT:
            return self.successor
        absence = self._absence(day)
        return absence.deputy if absence else None

    def _absence(self, day: date) -> Absence | None:
        return next((one for one in self.absences if one.covers(day)), None)


@dataclass(frozen=True, kw_only=True)
class Staff(Entity):
    """Somebody of the company. `subject` is that of their tokens, so that no two have the same.

    An entity of nobody's, so `customer_id` is empty.
    """

    kind: ClassVar[str] = "staff"

    staff_id: str
    subject: str
    name: str
    departments: tuple[str, ...] = ()
    trades: tuple[Trade, ...] = ()
    languages: tuple[str, ...] = ()  # as BCP 47 has it
    most_customers: int = 0  # of their own, beside those of their segments
    absences: tuple[Absence, ...] = ()
    left_at: datetime | None = None
    successor: str | None = None  # who takes over what is theirs, once they have left

    @property
    def entity_id(self) -> str:
        return self.staff_id

    @property
    def owns(self) -> bool:
        """Whether they may own customers and segments."""
        return Trade.CUSTOMER_OWNER in self.trades

    @property
    def keeper(self) -> Keeper:
        return Keeper(
            staff_id=self.staff_id,
            subject=self.subject,
            name=self.name,
            languages=self.languages,
            absences=self.absences,
            left_at=self.left_at,
            successor=self.successor,
        )

    @classmethod
    def engage(cls, act: Act, *, staff_id: str, **fields: Any) -> "Staff":
        """Somebody new. Raise Invalid for roles or absences that cannot be."""
        staff = cls(customer_id="", staff_id=staff_id, **fields)
        _must_be_possible(staff)
        return staff.after(act, Happening(what="staff_engaged"))

    def change(self, act: Act, **fields: Any) -> "Staff":
        """Change what is known of them; itself where nothing would be new. Raise as `engage`."""
        new = {name: value for name, value in fields.items() if getattr(self, name) != value}
        if not new:
            return self
        changed = self.after(
            act, Happening(what="staff_changed", facts={"fields": sorted(new)}), **new
        )
        _must_be_possible(changed)
        return changed

    def leave(self, act: Act, *, left_at: datetime, successor: str | None) -> "Staff":
        """They leave the company, now or on a day to come. The same word again changes nothing.

        Raise Invalid where they would follow themselves.
        """
        if self.left_at is not None and self.successor == successor:
            return self
        if successor == self.staff_id:
            raise Invalid("nobody follows themselves; choose somebody else", field="successor")
        return self.after(
            act,
            Happening(what="staff_left", happened_at=left_at),
            left_at=self.left_at or left_at,
            successor=successor,
        )


def _must_be_possible(staff: Staff) -> None:
    selling = sorted(SELLING.intersection(staff.trades))
    if staff.owns and selling:
        raise Invalid(
            f"an owner of customers is no {selling[0].replace('_', ' ')}: the roles exclude "
            "each other, so that nobody approves what they sell",
            field="roles",
        )
    if staff.most_customers and not staff.owns:
        raise Invalid(
            "only a customer_owner takes customers of their own; add the role, or say 0",
            field="most_customers",
        )
    deputies = [n for n, one in enumerate(staff.absences) if one.deputy is not None]
    if deputies and not staff.owns:
        raise Invalid(
            "only an owner of customers has a deputy; leave it out",
            field=f"absences.{deputies[0]}.deputy",
        )
    _must_follow(staff.staff_id, staff.absences)


def _must_follow(staff_id: str, absences: Sequence[Absence]) -> None:
    for place, one in enumerate(absences):
        field = f"absences.{place}"
        if one.until < one.since:
            raise Invalid("an absence ends on its first day or later", field=f"{field}.until")
        if one.deputy == staff_id:
            raise Invalid("nobody stands in for themselves", field=f"{field}.deputy")
        if any(one.since <= other.until for other in absences[:place]):
            raise Invalid(
                "absences follow one another; put the earlier first and let none overlap",
                field=f"{field}.since",
            )
