"""Finding customers who may be one person, and deciding whether they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.customer.domain import (
    AlreadyOnePerson,
    Customer,
    CustomerErased,
    Link,
    LinkEnded,
    TooManyMembers,
)
from services.customer.domain.duplicates import (
    Duplicate,
    Finding,
    Resemblance,
    Standing,
    id_of_pair,
    link_of_pair,
)
from services.customer.domain.links import NotConfirmedYet, PartedBefore
from services.customer.domain.matching import (
    Matcher,
    Score,
    Traits,
    Verdict,
    blocking_keys,
    traits_of,
)
from services.customer.ports import Customers, Duplicates, Neighbourhood
from services.customer.use_cases.links import (
    confirm_link,
    end_link,
    leader_of,
    link_customers,
    were_parted,
)
from shared.entity import Act
from shared.errors import ChangedMeanwhile
from shared.meanwhile import until_unchanged

ATTEMPTS = 5  # at what others are changing meanwhile
ROUNDS = 12  # of comparing somebody while others come into the same blocks
MOST_PAIRS = 7  # noted of one customer at a time, the likeliest: more have room in no transaction
ALONE = ("phone\0", "email\0", "tax_id\0")  # beginnings of keys of what is one home's or person's
BY_ITSELF = "they resemble each other in all that tells people apart"


@dataclass(frozen=True, kw_only=True)
class Dedupe:
    """What finding duplicates needs, and in whose name it is done."""

    customers: Customers
    duplicates: Duplicates
    matcher: Matcher


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What comparing somebody came to: pairs newly noted, and those linked by itself."""

    found: int = 0
    linked: int = 0

    @property
    def queued(self) -> int:
        """Pairs that now wait for somebody to decide."""
        return self.found - self.linked


def find_duplicates(
    dedupe: Dedupe, act: Act, customer_id: str, *, known: Customer | None = None
) -> Outcome:
    """Compare a customer with those who share something with them, and note who resembles them.

    Who stands in the blocks as they are now was compared with everybody there, and is not again,
    unless they are `known`, as from a walk through the books: then the weights may be new. Pairs
    that are alike enough are linked, unconfirmed. It may be repeated at any time.

    Raise ChangedMeanwhile where others keep changing the same blocks; the same again will do.
    """
    found = 0
    for _ in range(ROUNDS):
        customer = known or dedupe.customers.entry(customer_id)
        traits = traits_in_books(customer)
        document = traits.document()
        seen = dedupe.duplicates.neighbourhood(customer_id, blocking_keys(traits))
        if seen.version > customer.version:
            known = None
            continue  # they have changed since we read them
        stands = seen.holds(document)
        try:
            if known is None and stands:
                due = [one for one in dedupe.duplicates.waiting(customer_id) if one.is_due]
                return Outcome(found=found, linked=_link_all(dedupe, act, due))
            resembling = _resembling(dedupe.matcher, traits, seen)
            new, changed, unchanged = _pairs(dedupe, act, customer, seen, resembling)
            if not stands or new or changed:
                dedupe.duplicates.keep(customer, document, seen, found=new, changed=changed)
                found += len(new)
            noted = (*new, *(after for _, after in changed), *unchanged)
            due = [one for one in noted if one.is_due]
            return Outcome(found=found, linked=_link_all(dedupe, act, due))
        except ChangedMeanwhile:
            continue  # others came into the blocks, or told the pair meanwhile what became of it
    raise ChangedMeanwhile("those who resemble them kept changing; repeat it")


def settle_duplicates(dedupe: Dedupe, act: Act, customer_id: str) -> None:
    """Let what waits of a customer follow what was linked and parted elsewhere.

    Both of a pair are told of it, often at once. Raise ChangedMeanwhile where that never ends.
    """

    def settle() -> None:
        for duplicate in dedupe.duplicates.waiting(customer_id):
            settled = _settled(dedupe, act, duplicate)
            if settled is not duplicate:
                dedupe.duplicates.save(duplicate, settled)

    until_unchanged(settle, attempts=ATTEMPTS)


def decide_duplicate(
    dedupe: Dedupe, act: Act, duplicate_id: str, *, same: bool, reason: str, version: int | None
) -> Duplicate:
    """Somebody's word that two are one person, or not. The same word again changes nothing.

    One person: they are linked, or the link that was made by itself is confirmed. Two: such a
    link is ended, and they are never linked by itself, nor suggested, again.
    """
    standing = Standing.SAME if same else Standing.DIFFERENT

    def decide() -> Duplicate:
        duplicate = dedupe.duplicates.get(duplicate_id)
        if duplicate.standing is standing and duplicate.reason == reason:
            return duplicate
        duplicate.must_be_at(version)
        decided = duplicate.decided(act, standing, reason)
        if duplicate.standing.waits:
            link = _as_said(dedupe, act, duplicate, same=same, reason=reason)
            decided = replace(decided, link_id=link.link_id if link else decided.link_id)
        dedupe.duplicates.save(duplicate, decided)
        return decided

    return until_unchanged(decide, attempts=ATTEMPTS)


def traits_in_books(customer: Customer) -> Traits:
    """What a customer is compared by; birth date and tax number where the books have them."""
    return traits_of(
        customer,
        birth_date=customer.birth_date,
        tax_id=next((one.key for one in customer.tax_ids), None),
    )


def _resembling(
    matcher: Matcher, traits: Traits, seen: Neighbourhood
) -> Mapping[str, Resemblance]:
    """Those of a neighbourhood who may be this customer, the likeliest first."""
    common = {key for key in seen.common if key.startswith(ALONE)}
    scores = {
        other_id: matcher.compare(traits, Traits.from_document(dict(document)), common=common)
        for other_id, document in seen.others.items()
    }
    likely = sorted(
        (one for one in scores.items() if one[1].verdict is not Verdict.APART),
        key=lambda one: (-one[1].weight, one[0]),
    )
    return {other_id: _resemblance(score) for other_id, score in likely}


def _pairs(
    dedupe: Dedupe,
    act: Act,
    customer: Customer,
    seen: Neighbourhood,
    resembling: Mapping[str, Resemblance],
) -> tuple[list[Duplicate], list[tuple[Duplicate, Duplicate]], list[Duplicate]]:
    """The pairs to note, and those that were noted: that have changed, and that have not.

    Who was never kept before has none. Who is one person with somebody already is no pair.
    """
    customer_id = customer.customer_id
    if not seen.version:
        some = list(resembling.items())[:MOST_PAIRS]
        return [Duplicate.found(act, customer_id, one, it) for one, it in some], [], []
    waiting = {one.duplicate_id: one for one in dedupe.duplicates.waiting(customer_id)}
    ids = {id_of_pair(customer_id, one): one for one in resembling}
    there = {**waiting, **dedupe.duplicates.known(ids.keys() - waiting.keys())}
    is_linked = customer.link_version and resembling
    members = set(leader_of(dedupe.customers, customer).members) if is_linked else ()
    new = [
        Duplicate.found(act, customer_id, one, resembling[one])
        for pair, one in ids.items()
        if pair not in there and one not in members
    ]
    new = new[:MOST_PAIRS]
    compared = [
        (before, before.compared(act, resembling.get(before.beside(customer_id))))
        for before in there.values()
    ]
    changed = [(before, after) for before, after in compared if after is not before]
    unchanged = [before for before, after in compared if after is before]
    return new, changed[: MOST_PAIRS - len(new)], unchanged


def _link_all(dedupe: Dedupe, act: Act, due: Sequence[Duplicate]) -> int:
    """Link those pairs by itself that may be; return how many were."""
    linked = 0
    for duplicate in due:
        after = _linked(dedupe, act, duplicate)
        dedupe.duplicates.save(duplicate, after)
        linked += after.standing is Standing.JOINED
    return linked


def _linked(dedupe: Dedupe, act: Act, duplicate: Duplicate) -> Duplicate:
    """The pair once it was linked by itself, or is left to people."""
    both = _both(dedupe, duplicate)
    if both is None:
        return duplicate.compared(act, None)
    one, other = both
    elder, younger = sorted((one, other), key=lambda each: (each.since, each.customer_id))
    link_id = link_of_pair(*duplicate.pair)
    if why := _why_not(dedupe, elder, younger):
        return duplicate.left_to_people(act, why)
    try:
        link, _ = link_customers(
            dedupe.customers,
            act,
            elder.customer_id,
            younger.customer_id,
            link_id=link_id,
            fingerprint=duplicate.duplicate_id,
            reason=BY_ITSELF,
            confirmed=False,
        )
    except (NotConfirmedYet, TooManyMembers) as refused:
        return duplicate.left_to_people(act, _LEFT[type(refused)])
    except AlreadyOnePerson:
        return duplicate.follows(act, Standing.SAME, "they are one person already")
    except PartedBefore:
        is_parted = True
    else:
        is_parted = link.ended_at is not None
    if is_parted:
        return duplicate.follows(act, Standing.DIFFERENT, "they were parted before")
    return duplicate.joined(act, link_id)


_LEFT = {NotConfirmedYet: "not_confirmed_yet", TooManyMembers: "too_many_members"}


def _why_not(dedupe: Dedupe, elder: Customer, younger: Customer) -> str | None:
    """Why two are not to be linked by itself: others would be joined who do not resemble."""
    groups = [leader_of(dedupe.customers, one).members for one in (elder, younger)]
    crossed = {id_of_pair(one, other) for one in groups[0] for other in groups[1] if one != other}
    known = dedupe.duplicates.known(crossed) if len(crossed) > 1 else {}
    likely = {one for one, it in known.items() if it.standing.waits}
    return "others_differ" if len(crossed) > 1 and crossed - likely else None


def _both(dedupe: Dedupe, duplicate: Duplicate) -> tuple[Customer, Customer] | None:
    """The two of a pair; None where one of them was erased, so that there is no pair."""
    try:
        one, other = (dedupe.customers.get(each) for each in duplicate.pair)
    except CustomerErased:
        return None
    return one, other


def _settled(dedupe: Dedupe, act: Act, duplicate: Duplicate) -> Duplicate:
    both = _both(dedupe, duplicate)
    return (
        duplicate.compared(act, None) if both is None else _followed(dedupe, act, duplicate, both)
    )


def _followed(
    dedupe: Dedupe, act: Act, duplicate: Duplicate, both: tuple[Customer, Customer]
) -> Duplicate:
    one, other = both
    are_one = other.customer_id in leader_of(dedupe.customers, one).members
    by_itself = dedupe.customers.find_link(
        link_of_pair(*duplicate.pair), fingerprint=duplicate.duplicate_id
    )
    if are_one and by_itself is not None and by_itself.ended_at is None:
        if by_itself.confirmed:
            return duplicate.follows(act, Standing.SAME, "their link was confirmed")
        if duplicate.standing is Standing.OPEN:
            return duplicate.joined(act, by_itself.link_id)
        return duplicate
    if are_one:
        return duplicate.follows(act, Standing.SAME, "they were linked")
    if duplicate.standing is Standing.JOINED or were_parted(dedupe.customers, *duplicate.pair):
        return duplicate.follows(act, Standing.DIFFERENT, "they were parted")
    return duplicate


def _as_said(
    dedupe: Dedupe, act: Act, duplicate: Duplicate, *, same: bool, reason: str
) -> Link | None:
    """Link two, or part them, as somebody has said."""
    is_joined = duplicate.standing is Standing.JOINED and duplicate.link_id is not None
    one, other = duplicate.pair
    if not same:
        if is_joined:
            try:
                return end_link(dedupe.customers, act, one, str(duplicate.link_id), reason=reason)
            except LinkEnded:
                return None  # somebody has parted them with another reason
        return None
    if is_joined:
        return confirm_link(dedupe.customers, act, one, str(duplicate.link_id))
    try:
        link, _ = link_customers(
            dedupe.customers,
            act,
            one,
            other,
            link_id=f"{link_of_pair(one, other)}_s",
            fingerprint=duplicate.duplicate_id,
            reason=reason,
        )
    except AlreadyOnePerson:
        return None
    return link


def _resemblance(score: Score) -> Resemblance:
    return Resemblance(
        probability=round(score.probability, 6),
        weight=round(score.weight, 2),
        findings=tuple(
            Finding(field=one.field, level=one.level, weight=round(one.weight, 2))
            for one in score.fields
        ),
        is_enough=score.verdict is Verdict.LINK,
    )
