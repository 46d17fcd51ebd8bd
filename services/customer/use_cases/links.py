"""Who is one person: linking customers, and parting them again."""

from services.customer.domain import Customer, Link, LinkEnded, LinkNotFound, join, part
from services.customer.ports import Customers
from shared.entity import Act
from shared.errors import ChangedMeanwhile

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
) -> tuple[Link, bool]:
    """Make two customers one person; the first one's group stays, the other's joins it.

    Groups that change meanwhile are read again: it is the two customers that
    are meant, not the state of their groups.
    """
    known = customers.find_link(link_id, fingerprint=fingerprint)
    if known is not None:
        return known, True
    for tried in range(1, ATTEMPTS + 1):
        leader = leader_of(customers, customers.get(customer_id))
        newcomer = leader_of(customers, customers.get(other_id))
        link, leader, newcomer = join(
            act, leader, newcomer, link_id=link_id, asked=(customer_id, other_id), reason=reason
        )
        try:
            return customers.link(link, leader, newcomer, fingerprint=fingerprint)
        except ChangedMeanwhile:
            if tried == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def end_link(
    customers: Customers, act: Act, customer_id: str, link_id: str, *, reason: str
) -> Link:
    """Say that two customers are not one person after all. The same end again changes nothing."""
    for tried in range(1, ATTEMPTS + 1):
        link = customers.get_link(link_id)
        if customer_id not in link.asked:
            raise LinkNotFound(link_id)
        if link.ended_at is not None:
            if link.end_reason == reason:
                return link
            raise LinkEnded(link_id)
        ended = link.end(act, reason)
        try:
            leaver = customers.get(link.joined_id)
            leader = leader_of(customers, leaver)
            customers.end_link(ended, *part(act, leader, leaver, link_id))
        except ChangedMeanwhile:
            if tried == ATTEMPTS:
                raise
        else:
            return ended
    raise AssertionError("unreachable")
