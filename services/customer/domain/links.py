"""Which customers are one person: joined by links, and parted again without loss.

A link goes between two groups, so there is never a cycle, and nothing but the
state of the groups is touched: no order, no complaint, no profile. Who is one
person is what the live links say of those who were named in them. So ending a
link leaves everybody with just those whom another link still says they are,
whichever was made first.

A link that the system made by itself holds for us at once, and for the
customers themselves only when somebody has confirmed it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from services.customer.domain.customer import Customer, Edge, Parted
from shared.entity import Act, Entity, Happening
from shared.errors import ChangedMeanwhile, Conflict, Invalid, NotFound
from shared.profiles import Override

LONGEST_REQUEST = timedelta(seconds=30)  # API Gateway waits no longer
MOST_MEMBERS = 20  # a view reads all of them; more than this is a mistake, not a person


class LinkNotFound(NotFound):
    def __init__(self, link_id: str) -> None:
        super().__init__(f"link {link_id} does not exist")


class AlreadyOnePerson(Conflict):
    def __init__(self, customer_id: str, other_id: str) -> None:
        super().__init__(f"{customer_id} and {other_id} are one person already")


class LinkWithOneself(Invalid):
    def __init__(self) -> None:
        super().__init__("name another customer than the one in the path", field="other_id")


class NotConfirmedYet(Conflict):
    def __init__(self, link_ids: Iterable[str]) -> None:
        super().__init__(
            "they are newly joined already, which nobody has confirmed yet; "
            f"confirm or end {', '.join(sorted(link_ids))}"
        )


class PartedBefore(Conflict):
    def __init__(self, customer_id: str, other_id: str) -> None:
        super().__init__(
            f"somebody has said that {customer_id} and {other_id} are two persons; "
            "only somebody can link them again"
        )


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
    confirmed: bool = True  # False where the system has said it, and nobody else yet
    confirmed_at: datetime | None = None  # None where whoever linked them was sure
    confirmed_by: str | None = None
    confirm_reason: str | None = None  # None where none was asked for
    confirms: str | None = None  # of a request to link: the link there was, which it confirmed
    ended_at: datetime | None = None
    ended_by: str | None = None
    end_reason: str | None = None
    set_aside: tuple[Override, ...] = ()  # what had been decided of those who are parted
    parted: tuple[str, ...] = ()  # everybody who was seen as one person until its end

    @property
    def entity_id(self) -> str:
        return self.link_id

    @property
    def is_newly_joined(self) -> bool:
        """Whether it holds by the system's word alone."""
        return self.ended_at is None and not self.confirmed

    def meanwhile(self, now: datetime) -> tuple[datetime, datetime]:
        """Between when something may have been found by what both had, while they were one.

        A request has its time from its beginning, and may see what was written during it.
        """
        return self.linked_at - LONGEST_REQUEST, (self.ended_at or now) + LONGEST_REQUEST

    def confirm(self, act: Act, *, reason: str | None = None) -> "Link":
        """The link with somebody's word for it. Raise LinkEnded where it has ended."""
        if self.ended_at is not None:
            raise LinkEnded(self.link_id)
        return self.after(
            act,
            Happening(what="link_confirmed"),
            confirmed=True,
            confirmed_at=act.at,
            confirmed_by=act.by,
            confirm_reason=reason,
        )

    def confirm_as(
        self, act: Act, link_id: str, *, asked: tuple[str, str], reason: str
    ) -> tuple["Link", "Link"]:
        """The link with the word of somebody who asked to link; and what is kept of that request.

        By the latter the same request is known again, also once the link has ended.
        """
        request = replace(
            self, link_id=link_id, version=0, log=(), asked=asked, confirms=self.link_id
        )
        told = Happening(what="link_asked")
        return self.confirm(act, reason=reason), request.after(act, told, reason=reason)

    def end(
        self,
        act: Act,
        reason: str,
        *,
        parted: Iterable[str] = (),
        set_aside: tuple[Override, ...] = (),
    ) -> "Link":
        """The link with its end. Raise LinkEnded where it has one."""
        if self.ended_at is not None:
            raise LinkEnded(self.link_id)
        return self.after(
            act,
            Happening(what="link_ended"),
            ended_at=act.at,
            ended_by=act.by,
            end_reason=reason,
            parted=tuple(sorted(parted)),
            set_aside=set_aside,
        )


def surely(leader: Customer, customer_id: str) -> frozenset[str]:
    """Of a leader's group those who are confirmed to be one person with this customer."""
    return _reached(customer_id, [edge.pair for edge in leader.edges if edge.confirmed])


def between(leader: Customer, one: str, other: str) -> tuple[Edge, ...]:
    """The links of a group that lead from one of it to another."""
    known = {edge.link_id: edge for edge in leader.edges}
    for link_id in [*known]:
        edge = known.pop(link_id)
        if other in _reached(one, [left.pair for left in known.values()]):
            continue  # that was a branch
        known[link_id] = edge
    return tuple(known.values())


def join(
    act: Act,
    leader: Customer,
    newcomer: Customer,
    *,
    link_id: str,
    asked: tuple[str, str],
    reason: str,
    confirmed: bool = True,
    decided: tuple[Override, ...] = (),
) -> tuple[Link, Customer, Customer]:
    """Join two groups, given their leaders. Return the link, and both leaders one version on.

    `decided` is what was chosen by hand of the one profile that they become.

    What is not `confirmed` is the system's word, which does not stand against
    somebody's: raise PartedBefore where these were told apart.
    """
    if asked[0] == asked[1]:
        raise LinkWithOneself
    if leader.customer_id == newcomer.customer_id:
        if asked[1] in surely(leader, asked[0]):
            raise AlreadyOnePerson(*asked)
        path = between(leader, *asked)
        raise NotConfirmedYet(edge.link_id for edge in path if not edge.confirmed)
    parted = tuple(dict.fromkeys((*leader.parted, *newcomer.parted)))
    if not confirmed and any(one.tells_apart(leader.members, newcomer.members) for one in parted):
        raise PartedBefore(*asked)
    edge = Edge(
        link_id=link_id,
        into=leader.customer_id,
        joined=newcomer.customer_id,
        asked=asked,
        confirmed=confirmed,
    )
    edges = (*leader.edges, edge, *newcomer.edges)
    if len(edges) + 1 > MOST_MEMBERS:
        raise TooManyMembers
    version = max(leader.link_version, newcomer.link_version) + 1
    link = Link(
        customer_id=leader.customer_id,
        link_id=link_id,
        joined_id=newcomer.customer_id,
        asked=asked,
        reason=reason,
        linked_at=act.at,
        linked_by=act.by,
        confirmed=confirmed,
    ).after(act, Happening(what="linked"))
    overrides = with_overrides((*leader.overrides, *newcomer.overrides), decided)
    person = replace(leader, edges=edges, link_version=version, overrides=overrides)
    return (
        link,
        person.after(act, *_news(person, leader.members), parted=parted),
        newcomer.after(
            act,
            *_news(person, newcomer.members),
            merged_into=leader.customer_id,
            edges=(),
            link_version=version,
            overrides=(),
            parted=(),
        ),
    )


def confirm(
    act: Act, leader: Customer, link_id: str, *, decided: tuple[Override, ...] = ()
) -> Customer:
    """The leader of a group one of whose links is now sure.

    `decided` is what was chosen by hand of the one profile that they become.

    Raise ChangedMeanwhile where the group no longer has the link.
    """
    link = _edge(leader, link_id)
    edges = tuple(replace(edge, confirmed=True) if edge is link else edge for edge in leader.edges)
    version = leader.link_version + 1
    overrides = with_overrides(leader.overrides, decided)
    person = replace(leader, edges=edges, link_version=version, overrides=overrides)
    # To the others nothing is new: those two are still newly joined with them.
    return person.after(act, *_news(person, surely(person, link.pair[0])))


@dataclass(frozen=True, kw_only=True)
class Parting:
    """How a group comes apart at a link: who stays with the leader, and who leaves with whom."""

    staying: frozenset[str]
    leaving: frozenset[str]
    heir: str  # the leader of those who leave
    ours: tuple[Edge, ...]  # the links of those who stay, as they then stand
    theirs: tuple[Edge, ...]
    moved: tuple[str, ...]  # whoever else will stand under somebody else

    @classmethod
    def of(cls, leader: Customer, link: Link) -> "Parting":
        """Raise ChangedMeanwhile where the leader's group no longer has the link."""
        ended = _edge(leader, link.link_id)
        left = [edge for edge in leader.edges if edge is not ended]
        staying = _reached(leader.customer_id, [edge.pair for edge in left])
        leaving = frozenset(leader.members) - staying
        heir = next(one for one in (link.joined_id, *ended.pair) if one in leaving)
        ours = _under(leader.customer_id, staying, left)
        theirs = _under(heir, leaving, left)
        stood = {edge.joined: edge.into for edge in leader.edges}
        stands = {edge.joined: edge.into for edge in (*ours, *theirs)}
        moved = tuple(one for one in stands if stands[one] != stood.get(one))
        return cls(
            staying=staying, leaving=leaving, heir=heir, ours=ours, theirs=theirs, moved=moved
        )

    def set_aside(self, leader: Customer) -> tuple[Override, ...]:
        """What was decided of people who now are no longer one."""
        return tuple(
            one
            for one in leader.overrides
            if not (self.staying.issuperset(one.of) or self.leaving.issuperset(one.of))
        )

    @property
    def changed(self) -> tuple[str, ...]:
        """Whoever has another state after it, the leader apart."""
        return (self.heir, *self.moved)


def part(
    act: Act, leader: Customer, others: Mapping[str, Customer], parting: Parting
) -> tuple[Customer, ...]:
    """The next versions of all whom a parting changes: the leader, the heir, whoever moved."""
    version = leader.link_version + 1
    new = Parted(these=tuple(sorted(parting.staying)), those=tuple(sorted(parting.leaving)))
    known = tuple(dict.fromkeys((*leader.parted, new)))
    stays = replace(leader, edges=parting.ours, link_version=version)
    leaves = replace(others[parting.heir], edges=parting.theirs, link_version=version)
    ours = tuple(one for one in leader.overrides if parting.staying.issuperset(one.of))
    theirs = tuple(one for one in leader.overrides if parting.leaving.issuperset(one.of))
    stands = {edge.joined: edge.into for edge in (*parting.ours, *parting.theirs)}
    return (
        stays.after(
            act,
            *_news(stays, parting.staying),
            overrides=ours,
            parted=_concerning(known, parting.staying),
        ),
        leaves.after(
            act,
            *_news(leaves, parting.leaving),
            merged_into=None,
            overrides=theirs,
            parted=_concerning(known, parting.leaving),
        ),
        *(
            others[one].after(act, Happening(what="moved"), merged_into=stands[one])
            for one in parting.moved
        ),
    )


def with_overrides(known: Sequence[Override], new: Sequence[Override]) -> tuple[Override, ...]:
    """What was decided, with what is now; of the same field and the same people the last."""
    return tuple({(one.field, one.of): one for one in (*known, *new)}.values())


_CHANGED = "the group was changed meanwhile; read it again and repeat"


def _edge(leader: Customer, link_id: str) -> Edge:
    edge = next((edge for edge in leader.edges if edge.link_id == link_id), None)
    if edge is None:
        raise ChangedMeanwhile(_CHANGED)
    return edge


def _reached(customer_id: str, pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Everybody whom a chain of pairs leads to from a customer, who is one of them."""
    known = list(pairs)
    reached = {customer_id}
    while further := {
        one for pair in known if not reached.isdisjoint(pair) for one in pair if one not in reached
    }:
        reached |= further
    return frozenset(reached)


def _under(leader_id: str, members: frozenset[str], edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """The links of these members, with everybody under their leader.

    Everybody stands where they stood, if that is possible; else each under whom a link says
    they are, seen from the leader.
    """
    theirs = [edge for edge in edges if edge.pair[0] in members]
    stood = {edge.joined for edge in theirs}
    if stood == members - {leader_id} and {edge.into for edge in theirs} <= members:
        return tuple(theirs)
    standing: list[Edge] = []
    placed = {leader_id}
    while len(standing) < len(theirs):
        for edge in theirs:
            near, far = edge.pair if edge.pair[0] in placed else edge.pair[::-1]
            if near in placed and far not in placed:
                standing.append(replace(edge, into=near, joined=far, asked=edge.pair))
                placed.add(far)
    return tuple(standing)


def _concerning(known: Iterable[Parted], members: frozenset[str]) -> tuple[Parted, ...]:
    return tuple(one for one in known if not members.isdisjoint((*one.these, *one.those)))


def _news(leader: Customer, told: Iterable[str]) -> list[Happening]:
    """One piece of news for each member: how the leader's group stands, for that member."""
    news = []
    for member in sorted(told):
        sure = surely(leader, member)
        facts = {
            "member": member,
            "person_id": leader.customer_id,
            "members": sorted(sure),
            "link_version": leader.link_version,
        }
        if newly := sorted(frozenset(leader.members) - sure):
            facts["newly_joined"] = newly
        news.append(Happening(what="link_changed", facts=facts))
    return news
