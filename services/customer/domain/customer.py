"""A customer: one entry in the books, and its place among those that are one person."""

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from services.customer.domain.address import Address
from services.customer.domain.birth_date import possible_birth_date
from services.customer.domain.care import Care
from services.customer.domain.contact import ContactPoint
from services.customer.domain.tax_id import NoSuchTaxId, RevealReason, Scheme, TaxId
from shared.entity import Act, Entity, Happening
from shared.errors import Gone, Invalid, NotFound
from shared.profiles import Override


def id_for(key: str) -> str:
    """The id of the customer who is created for what this key stands for, however often."""
    digest = base64.b32encode(hashlib.sha256(f"customer\0{key}".encode()).digest())
    return f"cus_{digest.decode().lower()[:26]}"


class CustomerNotFound(NotFound):
    def __init__(self, customer_id: str) -> None:
        super().__init__(f"customer {customer_id} does not exist")


class CustomerErased(Gone):
    def __init__(self, customer_id: str) -> None:
        super().__init__(f"what was known of customer {customer_id} was erased")


class Unrecognisable(Invalid):
    def __init__(self) -> None:
        super().__init__("give a name, a contact point or an external id to know them by")


class ErasureReason(StrEnum):
    """What for somebody's data goes."""

    REQUEST = "request"  # they have asked for it (KVKK art. 11)
    NO_PURPOSE = "no_purpose"  # nothing is left that it was kept for (KVKK art. 7)


@dataclass(frozen=True, kw_only=True)
class Edge:
    """One link of a group: `joined` stands under `into`, since two were said to be one person.

    Who was said to be whom is in `asked`; None where it was those two themselves.
    """

    link_id: str
    into: str
    joined: str
    asked: tuple[str, str] | None = None
    confirmed: bool = True  # False where no human has said so yet

    @property
    def pair(self) -> tuple[str, str]:
        """Whom the link takes for one."""
        return self.asked or (self.into, self.joined)


@dataclass(frozen=True)
class Parted:
    """Somebody's word that none of these is any of those."""

    these: tuple[str, ...]
    those: tuple[str, ...]

    def tells_apart(self, one: Collection[str], other: Collection[str]) -> bool:
        """Whether it says that two groups are two persons."""
        ways = ((self.these, self.those), (self.those, self.these))
        return any(
            not set(one).isdisjoint(near) and not set(other).isdisjoint(far) for near, far in ways
        )


@dataclass(frozen=True, kw_only=True)
class Customer(Entity):
    """What the company knows of a customer.

    Customers that are one person form a tree of edges. Its root, the leader,
    holds all edges; every other customer of it names, in `merged_into`, the
    one it joined. `link_version` only grows, for a customer and for all it
    was ever linked with, so that of two states of a group the newer is known.
    """

    kind: ClassVar[str] = "customer"

    name: str | None = None  # where nobody has told it yet
    since: datetime
    contact_points: tuple[ContactPoint, ...] = ()  # the preferred first
    external_ids: tuple[str, ...] = ()  # as `system:id`, each one customer's alone
    guessed_ids: tuple[str, ...] = ()  # of these, which any of one person's ids might have got
    addresses: tuple[Address, ...] = ()  # the one in use first
    heard_from: str | None = None  # what brought them to the company
    lost_to: str | None = None  # whom they went to, if they left
    language: str | None = None  # that they would rather be served in, as BCP 47 has it
    birth_date: date | None = None
    tax_ids: tuple[TaxId, ...] = ()  # one for each scheme, in the order of schemes
    care: Care | None = None  # None where nobody has said who cares for them
    merged_into: str | None = None
    edges: tuple[Edge, ...] = ()
    link_version: int = 0
    overrides: tuple[Override, ...] = ()  # of a leader: what was decided of its group
    parted: tuple[Parted, ...] = ()  # of a leader: whom its group was told apart from
    erased_at: datetime | None = None  # since when nothing is kept but which ids were one person

    @property
    def entity_id(self) -> str:
        return self.customer_id

    @property
    def members(self) -> tuple[str, ...]:
        """The ids that are one person under this leader, its own first."""
        return (self.customer_id, *(edge.joined for edge in self.edges))

    @property
    def names(self) -> tuple[str, ...]:
        """What they are called: as they told it, and as it was decided of the person they lead."""
        mine = (one for one in self.overrides if self.customer_id in one.of)
        decided = (one.value for one in mine if one.field == "name")
        return tuple(dict.fromkeys(name for name in (self.name, *decided) if name))

    @classmethod
    def create(
        cls,
        act: Act,
        *,
        customer_id: str,
        name: str | None,
        contact_points: tuple[ContactPoint, ...] = (),
        external_ids: tuple[str, ...] = (),
        addresses: tuple[Address, ...] = (),
        heard_from: str | None = None,
        since: datetime | None = None,
        language: str | None = None,
        birth_date: date | None = None,
        tax_ids: tuple[TaxId, ...] = (),
    ) -> "Customer":
        """A new customer, and the news of it.

        Raise Unrecognisable where there is nothing that they could be known by, and Invalid where
        nobody is born on such a day.
        """
        if not (name or contact_points or external_ids):
            raise Unrecognisable
        customer = cls(
            customer_id=customer_id,
            name=name,
            since=since or act.at,
            contact_points=contact_points,
            external_ids=external_ids,
            addresses=addresses,
            heard_from=heard_from,
            language=language,
            birth_date=birth_date and possible_birth_date(birth_date, act.at),
            tax_ids=tax_ids,
        )
        return customer.after(act, Happening(what="created", happened_at=since))

    def change(self, act: Act, **fields: Any) -> "Customer":
        """Change fields of the profile; the customer itself where nothing would be new.

        Raise Invalid where nobody is born on such a day.
        """
        new = {name: value for name, value in fields.items() if getattr(self, name) != value}
        if not new:
            return self
        if "birth_date" in new:
            possible_birth_date(new["birth_date"], act.at)
        return self.after(act, Happening(what="changed", facts={"fields": sorted(new)}), **new)

    def erase(self, act: Act, reason: ErasureReason) -> "Customer":
        """Nothing is left but who did what when, and which ids were one person.

        The customer itself where that is so already.
        """
        if self.erased_at is not None:
            return self
        bare = Customer(
            customer_id=self.customer_id,
            version=self.version,
            log=self.log,
            since=act.at,
            merged_into=self.merged_into,
            edges=self.edges,
            link_version=self.link_version,
            parted=self.parted,
            erased_at=act.at,
        )
        return bare.after(act, Happening(what="erased", facts={"reason": reason.value}))

    def tax_id(self, scheme: Scheme) -> TaxId:
        """What is kept of their number of this scheme. Raise NoSuchTaxId where there is none."""
        for one in self.tax_ids:
            if one.scheme is scheme:
                return one
        raise NoSuchTaxId(scheme)

    def note_reveal(self, act: Act, scheme: Scheme, reason: RevealReason) -> "Customer":
        """Somebody is shown a whole number, and says what for."""
        facts = {"scheme": scheme.value, "reason": reason.value}
        return self.after(act, Happening(what="tax_id_revealed", facts=facts))
