"""Who is one person: linking customers, and parting them again."""

from collections.abc import Mapping
from datetime import datetime

from services.customer.domain import (
    Conversation,
    ConversationNotFound,
    Customer,
    Link,
    LinkEnded,
    LinkNotFound,
    Merged,
    Parting,
    Person,
    PreviewStale,
    between,
    confirm,
    join,
    part,
    surely,
    with_overrides,
)
from services.customer.ports import Customers
from shared.entity import Act
from shared.errors import ChangedMeanwhile
from shared.meanwhile import until_unchanged
from shared.profiles import Override

ATTEMPTS = 3  # of linking groups that others are changing meanwhile


def leader_of(customers: Customers, customer: Customer) -> Customer:
    """The customer that stands for the person this one is.

    Where the group is parted while we read our way up, we may end at a leader
    that is not ours; then we go again. Raise ChangedMeanwhile if that never ends.
    """
    for _ in range(ATTEMPTS):
        leader = customer
        while leader.merged_into is not None:
            leader = customers.get(leader.merged_into)
        if customer.customer_id in leader.members:
            return leader
        customer = customers.get(customer.customer_id)
    raise ChangedMeanwhile("it was changed meanwhile; read it again and repeat")


def link_customers(
    customers: Customers,
    act: Act,
    customer_id: str,
    other_id: str,
    *,
    link_id: str,
    fingerprint: str,
    reason: str,
    confirmed: bool = True,
    preview: str | None = None,
    choices: Mapping[str, str] | None = None,
) -> tuple[Link, bool]:
    """Make two customers one person; the first one's group stays, the other's joins it.

    Groups that change meanwhile are read again: it is the two customers that
    are meant, not the state of their groups. What is not `confirmed` is the
    system's own word: nothing of one is told to the other until somebody
    confirms it. Raise PartedBefore where somebody has told them apart.

    Whoever links two whom the system has linked already confirms that link,
    which is returned. Raise NotConfirmedYet where several links stand between
    them that nobody has confirmed.

    `choices` say whose value holds in the one profile, by field, and `preview`
    is what they were made upon: raise PreviewStale where something has changed
    since.
    """
    known = customers.find_link(link_id, fingerprint=fingerprint)
    if known is not None:
        return _meant(customers, known), True

    def link() -> tuple[Link, bool]:
        leader = leader_of(customers, customers.get(customer_id))
        newcomer = leader_of(customers, customers.get(other_id))
        asked = customer_id, other_id
        one_group = leader.customer_id == newcomer.customer_id
        path = between(leader, *asked) if confirmed and one_group else ()
        decided: tuple[Override, ...] = ()
        if preview is not None or choices:
            merged = _merged(customers, leader, newcomer, asked)
            if preview not in (None, merged.version):
                raise PreviewStale
            decided = merged.choose(act, choices or {})
        unsure = [edge for edge in path if not edge.confirmed]
        if len(unsure) == 1:
            there = customers.get_link(unsure[0].link_id)
            sure, asking = there.confirm_as(act, link_id, asked=asked, reason=reason)
            change = leader, confirm(act, leader, there.link_id, decided=decided)
            stored, replayed = customers.link(
                asking, change, fingerprint=fingerprint, confirmed=sure
            )
            return _meant(customers, stored) if replayed else sure, replayed
        made, leading, joining = join(
            act,
            leader,
            newcomer,
            link_id=link_id,
            asked=asked,
            reason=reason,
            confirmed=confirmed,
            decided=decided,
        )
        changes = (leader, leading), (newcomer, joining)
        return customers.link(made, *changes, fingerprint=fingerprint)

    return until_unchanged(link, attempts=ATTEMPTS)


def preview_link(customers: Customers, act: Act, customer_id: str, other_id: str) -> Merged:
    """What two customers would be shown as, were they linked. Refuses what linking refuses."""
    asked = customer_id, other_id
    leader = leader_of(customers, customers.get(customer_id))
    newcomer = leader_of(customers, customers.get(other_id))
    one_group = leader.customer_id == newcomer.customer_id
    unsure = [edge for edge in between(leader, *asked) if not edge.confirmed] if one_group else []
    if len(unsure) != 1:
        join(act, leader, newcomer, link_id="", asked=asked, reason="")
    return _merged(customers, leader, newcomer, asked)


def _merged(
    customers: Customers, leader: Customer, newcomer: Customer, asked: tuple[str, str]
) -> Merged:
    read = {one.customer_id: one for one in (leader, newcomer)}
    entries = {
        one: read.get(one) or customers.get(one)
        for group, named in ((leader, asked[0]), (newcomer, asked[1]))
        for one in group.members
        if one in surely(group, named)
    }
    overrides = with_overrides(leader.overrides, newcomer.overrides)
    return Merged(entries=entries, overrides=overrides)


def person_of(customers: Customers, customer: Customer) -> Person:
    """A customer with the entries of all who are confirmed to be one person with them."""
    leader = leader_of(customers, customer)
    others = {one: customers.get(one) for one in Person.to_read(customer, leader)}
    return Person.of(customer, leader, others)


def were_parted(customers: Customers, customer_id: str, other_id: str) -> bool:
    """Whether somebody has ended a link between these two, or between whom they are."""
    one = leader_of(customers, customers.get(customer_id))
    other = leader_of(customers, customers.get(other_id))
    told = (*one.parted, *other.parted)
    return any(parted.tells_apart(one.members, other.members) for parted in told)


def confirm_link(customers: Customers, act: Act, customer_id: str, link_id: str) -> Link:
    """Say that two whom the system has linked are one person. Once more changes nothing."""

    def confirm_it() -> Link:
        link = _link(customers, customer_id, link_id)
        if link.confirmed and link.ended_at is None:
            return link
        confirmed = link.confirm(act)
        leader = leader_of(customers, customers.get(link.asked[0]))
        customers.save_link(confirmed, (leader, confirm(act, leader, link_id)))
        return confirmed

    return until_unchanged(confirm_it, attempts=ATTEMPTS)


def end_link(
    customers: Customers, act: Act, customer_id: str, link_id: str, *, reason: str
) -> Link:
    """Say that two customers are not one person after all. The same end again changes nothing."""

    def end() -> Link:
        link = _link(customers, customer_id, link_id)
        if link.ended_at is not None:
            if link.end_reason == reason:
                return link
            raise LinkEnded(link_id)
        leader = leader_of(customers, customers.get(link.asked[0]))
        parting = Parting.of(leader, link)
        others = {one: customers.get(one) for one in parting.changed}
        set_aside = parting.set_aside(leader)
        ended = link.end(act, reason, parted=leader.members, set_aside=set_aside)
        after = part(act, leader, others, parting)
        before = (leader, *others.values())
        customers.save_link(ended, *zip(before, after, strict=True))
        return ended

    return until_unchanged(end, attempts=ATTEMPTS)


def list_links(customers: Customers, customer_id: str) -> list[Link]:
    """The links by which a customer is one person with others: 19 of them at most."""
    leader = leader_of(customers, customers.get(customer_id))
    return [customers.get_link(edge.link_id) for edge in leader.edges]


def read_link(customers: Customers, customer_id: str, link_id: str) -> Link:
    """A link of this customer's, also one that has ended."""
    return _link(customers, customer_id, link_id)


def attribute_conversation(
    customers: Customers, act: Act, conversation_id: str, customer_id: str, *, told_of: str
) -> Conversation:
    """Say whose a conversation was. It is kept where it was written, and shows under them.

    The same word again changes nothing. Raise ConversationNotFound where it never was one of
    whom it is `told_of`, and CustomerNotFound for nobody.
    """
    conversation = customers.get_conversation(conversation_id)
    if told_of not in (conversation.customer_id, *(conversation.shown_under or ())):
        raise ConversationNotFound(conversation_id)
    customers.get(customer_id)
    attributed = conversation.attributed(act, customer_id)
    if attributed is not conversation:
        customers.save_conversation(attributed)
    return attributed


def keep_promise(
    customers: Customers, act: Act, conversation_id: str, *, told_of: str, kept_at: datetime
) -> Conversation:
    """Say that what was promised in a conversation was kept. The same word again changes nothing.

    Raise ConversationNotFound where it was with nobody who is the person it is `told_of`, and
    NothingPromised.
    """

    def keep() -> Conversation:
        conversation = customers.get_conversation(conversation_id)
        person = leader_of(customers, customers.get(told_of))
        if conversation.holder not in person.members:
            raise ConversationNotFound(conversation_id)
        kept = conversation.keep_promise(act, kept_at)
        if kept is not conversation:
            customers.save_conversation(kept)
        return kept

    return until_unchanged(keep, attempts=ATTEMPTS)


def _link(customers: Customers, customer_id: str, link_id: str) -> Link:
    """The link, if it was made between this customer and somebody."""
    link = customers.get_link(link_id)
    if customer_id not in link.asked:
        raise LinkNotFound(link_id)
    return _meant(customers, link)


def _meant(customers: Customers, link: Link) -> Link:
    """The link itself, where this is but the request that confirmed it."""
    return link if link.confirms is None else customers.get_link(link.confirms)
