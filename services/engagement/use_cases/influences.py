"""Saying who brought whom, and what those are worth who came."""

from collections import Counter

from services.engagement.domain import CustomerUnknown
from services.engagement.domain.influence import Influence, InfluenceKind, Line
from services.engagement.ports.forgotten import Keepers
from services.engagement.ports.influences import Influences
from shared.entity import Act


def say_influence(
    influences: Influences,
    keepers: Keepers,
    act: Act,
    *,
    influence_id: str,
    fingerprint: str,
    of: InfluenceKind,
    customer_id: str,
    other_id: str,
    reason: str,
) -> tuple[Influence, bool]:
    """Say that one brought or influences the other. Raise CustomerUnknown of a stranger."""
    known = keepers.care([customer_id, other_id], act.correlation_id)
    for one in (customer_id, other_id):
        if one not in known:
            raise CustomerUnknown(one)
    members = known[customer_id].members
    influence = Influence.make(
        act,
        influence_id=influence_id,
        of=of,
        customer_id=customer_id,
        other_id=other_id,
        reason=reason,
        members=members,
    )
    return influences.add(influence, fingerprint=fingerprint, sources=members)


def end_influence(
    influences: Influences, act: Act, influence_id: str, *, reason: str
) -> Influence:
    """Say that it holds no more, or never did. The same end again changes nothing."""
    influence = influences.get(influence_id)
    if influence.ended_at is not None and influence.end_reason == reason:
        return influence
    ended = influence.end(act, reason)
    influences.end(ended)
    return ended


def line_of(
    influences: Influences,
    keepers: Keepers,
    kind: InfluenceKind,
    customer_id: str,
    *,
    correlation_id: str,
) -> Line:
    """What is known around a customer. Raise Unavailable where nobody tells their worth."""
    below, is_all = influences.below(kind, customer_id)
    keepers_of = keepers.care([one.customer_id for one in below], correlation_id) if below else {}
    value: Counter[str] = Counter()
    for keeper in {one.members[0]: one for one in keepers_of.values()}.values():
        value.update(keeper.value)
    return Line(
        above=influences.above(kind, customer_id),
        below=below,
        is_all=is_all,
        value=dict(sorted(value.items())),
    )
