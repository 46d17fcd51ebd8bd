"""Several profiles of one person as one: which value wins, and why. Plain Python.

A profile is the document of `shared.contracts.summary.CustomerPart`. The service
that links people and the view that shows them go by the same rules, so that a
person is one and the same wherever they are looked at. Nothing is rewritten:
take a profile away, and the others are as if it had never been there.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.names import folded_name

Profile = Mapping[str, Any]

PLAIN = ("name", "since", "heard_from", "lost_to", "language")  # fields of one value
LISTS = ("contact_points", "addresses", "external_ids")
FIELDS = (*PLAIN, *LISTS)
IN_USE = "in_use"  # of a contact point that is neither lost nor stolen
_TURKISH = frozenset("çğıöşüÇĞİÖŞÜ")


@dataclass(frozen=True, kw_only=True)
class Override:
    """What somebody has decided of a person, for as long as all of these are one.

    `value` is the field's own; of a list it is the customer id whose entries stand first.
    """

    field: str
    value: str | None
    of: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Won:
    """A value of the one profile, whose it is if it is one's, and why it is that."""

    value: Any
    customer_id: str | None
    why: str


def of_cards(cards: Mapping[str, Profile]) -> tuple[dict[str, Profile], list[Override]]:
    """One person's cards in the order in which they are united, and what was decided of them.

    They stand by customer id: the leader's first, who names the links, then as the others joined.
    """
    leader = next((one for one, card in cards.items() if card.get("links")), next(iter(cards)))
    links = cards[leader].get("links", ())
    ranks = {link["joined"]: place for place, link in enumerate(links, start=1)} | {leader: 0}
    ordered = sorted(cards, key=lambda one: ranks.get(one, len(cards)))
    decided = [
        Override(**{**one, "of": tuple(one["of"]), "at": datetime.fromisoformat(one["at"])})
        for one in cards[leader].get("overrides", ())
    ]
    return {one: cards[one] for one in ordered}, decided


def settled(profiles: Mapping[str, Profile], overrides: Iterable[Override] = ()) -> dict[str, Won]:
    """The one profile of several, by field. They stand by customer id, the leader's first."""
    decided: dict[str, Override] = {}
    for one in sorted(overrides, key=lambda one: one.at):
        if profiles.keys() >= set(one.of):
            decided[one.field] = one
    won = {name: _plain(name, profiles, decided.get(name)) for name in PLAIN}
    return won | {name: _list(name, profiles, decided.get(name)) for name in LISTS}


def united(profiles: Mapping[str, Profile], overrides: Iterable[Override] = ()) -> dict[str, Any]:
    """The values of the one profile of several."""
    return {name: won.value for name, won in settled(profiles, overrides).items()}


def key_of(name: str, value: Any) -> Any:
    """What makes two entries of a list the same one."""
    if name == "contact_points":
        return value["kind"], value["value"]
    return tuple(sorted(value.items())) if name == "addresses" else value


def _plain(name: str, profiles: Mapping[str, Profile], decided: Override | None) -> Won:
    if decided is not None:
        return Won(value=decided.value, customer_id=None, why="decided by hand")
    told = {one: profile.get(name) for one, profile in profiles.items() if profile.get(name)}
    if not told:
        return Won(value=None, customer_id=None, why="nobody has told it")
    values = list(told.values())
    first = next(iter(told))
    if all(value == values[0] for value in values):
        why = "all have the same" if len(told) > 1 else "only one has it"
        return Won(value=values[0], customer_id=first, why=why)
    winner, why = _RULES.get(name, _first)(told, profiles)
    return Won(value=told[winner], customer_id=winner, why=why)


def _first(told: Mapping[str, Any], _: Mapping[str, Profile]) -> tuple[str, str]:
    return next(iter(told)), "of whom the others joined"


def _earliest(told: Mapping[str, Any], _: Mapping[str, Profile]) -> tuple[str, str]:
    return min(told, key=lambda one: datetime.fromisoformat(told[one])), "the earliest"


def _of_the_eldest(told: Mapping[str, Any], profiles: Mapping[str, Profile]) -> tuple[str, str]:
    eldest = min(told, key=lambda one: datetime.fromisoformat(profiles[one]["since"]))
    return eldest, "of who has been a customer longest"


def _best_name(told: Mapping[str, Any], _: Mapping[str, Profile]) -> tuple[str, str]:
    """The leader's, unless another has the same name in full, or as it is spelt in Turkish."""
    best, why = next(iter(told)), "of whom the others joined"
    for one, name in told.items():
        ours, theirs = folded_name(told[best]), folded_name(name)
        if ours == theirs:
            if _spelling(name) > _spelling(told[best]):
                best, why = one, "spelt with its own letters"
        elif set(ours.split()) < set(theirs.split()):
            best, why = one, "the fuller name"
    return best, why


def _spelling(name: str) -> tuple[int, bool]:
    """How far a name is spelt as it should be: with its own letters, and not all in capitals."""
    return sum(letter in _TURKISH for letter in name), not name.isupper()


_Rule = Callable[[Mapping[str, Any], Mapping[str, Profile]], tuple[str, str]]
_RULES: Mapping[str, _Rule] = {
    "name": _best_name,
    "since": _earliest,
    "heard_from": _of_the_eldest,
}


def _list(name: str, profiles: Mapping[str, Profile], decided: Override | None) -> Won:
    order = list(profiles)
    if decided is not None and decided.value in order:
        order.sort(key=lambda one: one != decided.value)
    theirs: list[Sequence[Any]] = [profiles[one].get(name) or () for one in order]
    values: list[Any] = []
    for value in (one for some in theirs for one in some):
        same = [n for n, kept in enumerate(values) if key_of(name, kept) == key_of(name, value)]
        if not same:
            values.append(value)
        elif name == "contact_points" and values[same[0]].get("state", IN_USE) == IN_USE:
            values[same[0]] = value  # what one says is lost is lost, whatever the others say
    whose = [one for one, some in zip(order, theirs, strict=True) if some]
    if decided is not None:
        why = "decided by hand"
    elif len(whose) > 1:
        why = "what any of them has; what is lost or stolen is so for all"
    else:
        why = "only one has it" if whose else "nobody has told it"
    return Won(value=values, customer_id=whose[0] if len(whose) == 1 else None, why=why)
