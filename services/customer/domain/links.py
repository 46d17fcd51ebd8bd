"""Which customers are one person: joined by links, and parted again without loss.

A link goes between the leaders of two groups, so there is never a cycle, and
nothing but the leaders' group state is touched: no order, no complaint, no
profile. Ending a link gives each side back exactly what it was.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.customer.domain.customer import Customer, Edge
from shared.entity import Act, Entity, Happening
from shared.errors import ChangedMeanwhile, Conflict, NotFound

MOST_MEMBERS = 20  # a view reads all of them; more than this is a mistake, not a person


class LinkNotFound(NotFound):
    def __init__(self, link_id: str) -> None:
        super().__init__(f"link {link_id} does not exist")


class AlreadyOnePerson(Conflict):
    def __init__(self, customer_id: str, other_id: str) -> None:
        super().__init__(f"{customer_id} and {other_id} are one person already")


class TooManyMembers(Conflict):
    def __init__(self) -> None:
        super().__init__(f"more than {MOST_MEMBERS} customers cannot be one person")


class LinkEnded(Conflict):
    def __init__(self, link_id: str) -> None:
        super().__init__(f"link {link_id} was ended before", legal_moves=[])


@dataclass(frozen=True, kw_only=True)
class Link(Entity):
    """Somebody's word that two customers are one person, and perhaps that they are not.

    Kept for ever: it is the record of who joined whom, when and why.
    `customer_id` is the one whose group stays, `joined_id` the one that came.
    """

    kind: ClassVar[str] = "link"

    link_id: str
    joined_id: str
    asked: tuple[str, str]  # the two customers as they were named in the request
    reason: str
    linked_at: datetime
    linked_by: str
    ended_at: datetime | None = None
    ended_by: str | None = None
    end_reason: str | None = None

    @property
    def entity_id(self) -> str:
        return self.link_id

    def end(self, act: Act, reason: str) -> "Link":
        """The link with its end. Raise LinkEnded where it has one."""
        if self.ended_at is not None:
            raise LinkEnded(self.link_id)
        return self.after(
            act,
            Happening(what="link_ended"),
            ended_at=act.at,
            ended_by=act.by,
            end_reason=reason,
        )


def join(
    act: Act,
    leader: Customer,
    newcomer: Customer,
    *,
    link_id: str,
    asked: tuple[str, str],
    reason: str,
) -> tuple[Link, Customer, Customer]:
    """Join two groups, given their leaders. Return the link, and both leaders one version on."""
    if leader.customer_id == newcomer.customer_id:
        raise AlreadyOnePerson(*asked)
    edge = Edge(link_id=link_id, into=leader.customer_id, joined=newcomer.customer_id)
    edges = (*leader.edges, edge, *newcomer.edges)
    if len(edges) + 1 > MOST_MEMBERS:
        raise TooManyMembers
    version = max(leader.link_version, newcomer.link_version) + 1
    members = (*leader.members, *newcomer.members)
    link = Link(
        customer_id=leader.customer_id,
        link_id=link_id,
        joined_id=newcomer.customer_id,
        asked=asked,
        reason=reason,
        linked_at=act.at,
        linked_by=act.by,
    ).after(act, Happening(what="linked"))
    person = leader.customer_id
    return (
        link,
        leader.after(
            act,
            *_news(leader.members, person, members, version),
            edges=edges,
            link_version=version,
        ),
        newcomer.after(
            act,
            *_news(newcomer.members, person, members, version),
            merged_into=person,
            edges=(),
            link_version=version,
        ),
    )


def part(act: Act, leader: Customer, leaver: Customer, link_id: str) -> tuple[Customer, Customer]:
    """End a link of a group: `leaver`, and whoever had joined it, is a person again.

    Raise ChangedMeanwhile where the leader's group no longer has the link.
    """
    if all(edge.link_id != link_id for edge in leader.edges):
        raise ChangedMeanwhile("the group was changed meanwhile; read it again and repeat")
    theirs = tuple(_below(leader.edges, leaver.customer_id))
    ours = tuple(edge for edge in leader.edges if edge not in theirs and edge.link_id != link_id)
    version = leader.link_version + 1
    staying = (leader.customer_id, *(edge.joined for edge in ours))
    leaving = (leaver.customer_id, *(edge.joined for edge in theirs))
    return (
        leader.after(
            act,
            *_news(staying, leader.customer_id, staying, version),
            edges=ours,
            link_version=version,
        ),
        leaver.after(
            act,
            *_news(leaving, leaver.customer_id, leaving, version),
            merged_into=None,
            edges=theirs,
            link_version=version,
        ),
    )


def _below(edges: Iterable[Edge], customer_id: str) -> Iterable[Edge]:
    for edge in edges:
        if edge.into == customer_id:
            yield edge
            yield from _below(edges, edge.joined)


def _news(
    told: Iterable[str], person_id: str, members: Iterable[str], link_version: int
) -> Iterable[Happening]:
    """One piece of news for each member: how the group now stands, for that member."""
    facts = {
        "person_id": person_id,
        "members": sorted(members),
        "link_version": link_version,
    }
    return [Happening(what="link_changed", facts={"member": member, **facts}) for member in told]
