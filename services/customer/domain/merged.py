"""What several customers who are one person are shown as, and what a change of that means.

The one profile is worked out from everybody's own, which stay what they are. Of a field of one
value a change is an override, kept by the leader for as long as all are one person. Entries of
a list are what somebody is found by, so they belong to somebody: what is added or taken away
under a customer id is that customer's own, and stays so when the link ends.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.customer.domain.address import Address
from services.customer.domain.contact import ContactPoint
from services.customer.domain.customer import Customer
from services.customer.domain.links import surely, with_overrides
from shared.entity import Act, Happening
from shared.errors import Conflict, Invalid
from shared.profiles import LISTS, Override, Profile, Won, key_of, settled

MOST_VERSIONS = 10**6  # of one customer: more are never written


class PreviewStale(Conflict):
    def __init__(self) -> None:
        super().__init__("something has changed since that preview; preview again and decide anew")


class KeptUnderAnother(Conflict):
    def __init__(self, field: str, customer_id: str) -> None:
        super().__init__(
            f"one of the {field.replace('_', ' ')} is told otherwise under {customer_id}, who is "
            "the same person; change it under that id"
        )


def profile_of(customer: Customer) -> Profile:
    """What a customer's own entry says of them."""
    return {
        "name": customer.name,
        "contact_points": [_point(one) for one in customer.contact_points],
        "addresses": [_address(one) for one in customer.addresses],
        "external_ids": list(customer.external_ids),
        "since": customer.since.isoformat(),
        "heard_from": customer.heard_from,
        "lost_to": customer.lost_to,
        "language": customer.language,
    }


@dataclass(frozen=True, kw_only=True)
class Person:
    """A customer with all who are confirmed to be one person with them.

    `entries` are by customer id, the leader's first where it is among them.
    """

    customer: Customer
    leader: Customer
    entries: Mapping[str, Customer]

    @classmethod
    def of(cls, customer: Customer, leader: Customer, others: Mapping[str, Customer]) -> "Person":
        """`others` are the entries of all whom `to_read` names."""
        read = {**others, leader.customer_id: leader, customer.customer_id: customer}
        sure = surely(leader, customer.customer_id)
        entries = {one: read[one] for one in leader.members if one in sure}
        return cls(customer=customer, leader=leader, entries=entries)

    @staticmethod
    def to_read(customer: Customer, leader: Customer) -> list[str]:
        """Whose entries are needed beside these two."""
        known = (customer.customer_id, leader.customer_id)
        return sorted(surely(leader, customer.customer_id).difference(known))

    @property
    def person_id(self) -> str:
        """Who stands for the person: the leader, or the first of those who are confirmed."""
        return next(iter(self.entries))

    @property
    def version(self) -> int:
        """What a change must name: it grows with whatever the change would overwrite."""
        if len(self.entries) == 1 or self.customer.customer_id == self.leader.customer_id:
            return self.customer.version
        return self.customer.version * MOST_VERSIONS + self.leader.version

    def shown(self) -> dict[str, Won]:
        """The one profile, by field."""
        profiles = {one: profile_of(entry) for one, entry in self.entries.items()}
        return settled(profiles, self.leader.overrides)

    def contact_points(self) -> tuple[ContactPoint, ...]:
        """Everybody's contact points, as they are shown."""
        theirs = {
            (one.kind.value, one.value, one.state.value): one
            for entry in self.entries.values()
            for one in entry.contact_points
        }
        shown = self.shown()["contact_points"].value
        return tuple(theirs[one["kind"], one["value"], one["state"]] for one in shown)

    def change(self, act: Act, fields: Mapping[str, Any]) -> list[tuple[Customer, Customer]]:
        """Change what is shown. Return whoever changes by it, before and after.

        Raise KeptUnderAnother where it would change another customer's entries.
        """
        if len(self.entries) == 1:
            changed = self.customer.change(act, **fields)
            return [] if changed is self.customer else [(self.customer, changed)]
        own = {name: self._own(name, new) for name, new in fields.items() if name in LISTS}
        decided = [self._override(act, name, new) for name, new in fields.items()]
        new = [one for one in decided if one is not None]
        if self.customer.customer_id == self.leader.customer_id:
            changes = [(self.leader, _changed(act, self.leader, own, new))]
        else:
            changes = [
                (self.leader, _changed(act, self.leader, {}, new)),
                (self.customer, _changed(act, self.customer, own, ())),
            ]
        return [(before, after) for before, after in changes if after is not before]

    def changed(self, changes: Iterable[tuple[Customer, Customer]]) -> "Person":
        """The person after these changes."""
        new = {after.customer_id: after for _, after in changes}
        return replace(
            self,
            customer=new.get(self.customer.customer_id, self.customer),
            leader=new.get(self.leader.customer_id, self.leader),
            entries={one: new.get(one, entry) for one, entry in self.entries.items()},
        )

    def _override(self, act: Act, name: str, new: Any) -> Override | None:
        shown = self.shown()[name].value
        of = tuple(sorted(self.entries))
        if name not in LISTS:
            if new == shown:
                return None
            return Override(field=name, value=new, of=of, by=act.by, at=act.at)
        wanted = [key_of(name, one) for one in _documents(name, new)]
        first = [key_of(name, one) for one in shown][:1]
        mine = [key_of(name, one) for one in _documents(name, self._own(name, new))]
        if wanted[:1] in ([], first) or wanted[0] not in mine:
            return None
        whose = self.customer.customer_id
        return Override(field=name, value=whose, of=of, by=act.by, at=act.at)

    def _own(self, name: str, new: Sequence[Any]) -> tuple[Any, ...]:
        """What of a list that is to be shown is the customer's own."""
        wanted = {key_of(name, one): (value, one) for value, one in _told(name, new)}
        shown = {key_of(name, one): one for one in self.shown()[name].value}
        mine = {
            key_of(name, one): value for value, one in _told(name, getattr(self.customer, name))
        }
        own = [
            mine[key] if key in mine and shown[key] == told else value
            for key, (value, told) in wanted.items()
            if key in mine or shown.get(key) != told
        ]
        fields: dict[str, Any] = {name: tuple(own)}
        changed = replace(self.customer, **fields)
        after = replace(self, entries={**self.entries, changed.customer_id: changed}).shown()[name]
        left = {key_of(name, one): one for one in after.value}
        if left != {key: told for key, (_, told) in wanted.items()}:
            raise KeptUnderAnother(name, self._other(name, wanted, left))
        return tuple(own)

    def _other(self, name: str, wanted: Mapping[Any, Any], left: Mapping[Any, Any]) -> str:
        """Whose entry stands against what is wanted."""
        odd = {key for key in left if key not in wanted or wanted[key][1] != left[key]}
        return next(
            one
            for one, entry in self.entries.items()
            if one != self.customer.customer_id
            and odd & {key_of(name, told) for _, told in _told(name, getattr(entry, name))}
        )


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What customers would be shown as, were they one person; the leader's entry first."""

    entries: Mapping[str, Customer]
    overrides: tuple[Override, ...]

    @property
    def version(self) -> str:
        """What tells this state of all entries from any other."""
        stand = sorted((one.customer_id, one.version) for one in self.entries.values())
        return hashlib.sha256(repr(stand).encode()).hexdigest()[:32]

    @property
    def profiles(self) -> Mapping[str, Profile]:
        """What each entry says."""
        return {one: profile_of(entry) for one, entry in self.entries.items()}

    def shown(self) -> dict[str, Won]:
        """The one profile, by field."""
        return settled(self.profiles, self.overrides)

    def choose(self, act: Act, choices: Mapping[str, str]) -> tuple[Override, ...]:
        """What is chosen by hand: whose value holds, by field.

        Raise Invalid where somebody is named who is none of them.
        """
        for name, whose in choices.items():
            if whose not in self.entries:
                raise Invalid("choose among the customers of the preview", field=f"choices.{name}")
        of = tuple(sorted(self.entries))
        return tuple(
            Override(
                field=name,
                value=whose if name in LISTS else self.profiles[whose][name],
                of=of,
                by=act.by,
                at=act.at,
            )
            for name, whose in choices.items()
        )


def _changed(
    act: Act, customer: Customer, own: Mapping[str, Any], decided: Sequence[Override]
) -> Customer:
    new = {name: value for name, value in own.items() if getattr(customer, name) != value}
    fields = sorted({*new, *(one.field for one in decided)})
    if not fields:
        return customer
    overrides = with_overrides(customer.overrides, decided)
    happening = Happening(what="changed", facts={"fields": fields})
    return customer.after(act, happening, **new, overrides=overrides)


def _told(name: str, values: Sequence[Any]) -> list[tuple[Any, Any]]:
    return list(zip(values, _documents(name, values), strict=True))


def _documents(name: str, values: Sequence[Any]) -> list[Any]:
    if name == "contact_points":
        return [_point(one) for one in values]
    return [_address(one) for one in values] if name == "addresses" else list(values)


def _point(point: ContactPoint) -> dict[str, Any]:
    since = point.state_since
    return {
        "kind": point.kind.value,
        "value": point.value,
        "state": point.state.value,
        "state_since": since.isoformat() if since else None,
    }


def _address(address: Address) -> dict[str, Any]:
    return {
        "lines": address.lines,
        "district": address.district,
        "city": address.city,
        "postal_code": address.postal_code,
        "country": address.country,
    }
