"""How a view stays within 16 KB whoever it is of: what is left out, and where it goes on.

An answer that fits is given whole. Where one does not, long texts lose their middle, and lists
their ends: each list has a share of the room by its weight, and what one does not need is the
others'. How many entries are left out is counted over the whole history, and each list says where
the rest is: in the list of the service that it is from, which goes on by a cursor.
"""

import json
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.customer_view.domain import MOST_PENDING, NEWEST, Document

MOST_BYTES = 16 * 1024
# How long a text may be, in bytes of JSON, where a view does not fit: the next where it still does
# not. No name, e-mail or title is as long as the first.
LONGEST = (400, 200, 100, 60)
IN_A_FACT = 3  # entries of a list
OMITTED = "…"
UNCOUNTED = 10**9  # stands for a number that is not known yet, and is as long as any

Path = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class More:
    """That a list has more entries: how many, None where nobody counts them, and where."""

    left_out: int | None
    next: str | None


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A part as there is room for it."""

    data: Document
    more: Mapping[str, More]  # by the list's path
    shortened: int = 0  # texts that lost their middle


@dataclass(frozen=True, kw_only=True)
class ListRule:
    """What a list weighs beside others, and the route on which it goes on.

    `repeats` is another list of the part that tells some of the same, and by which name each is
    known: what that one shows comes last here.
    """

    weight: int
    next: str | None = None  # that of the part where None
    repeats: tuple[str, str] | None = None


# By part: the route that lists what it is about. Where a person has several customer ids,
# {customer_id} is left for each of them.
NEXT: Mapping[str, str] = {
    "customer": "/v1/customers/{customer_id}",
    "conversations": "/v1/customers/{customer_id}/conversations",
    "care": "/v1/customers/{customer_id}/care",
    "orders": "/v1/orders?customer_id={customer_id}",
    "payments": "/v1/orders?customer_id={customer_id}",
    "risk": "/v1/orders?customer_id={customer_id}",
    "complaints": "/v1/complaints?customer_id={customer_id}",
    "products": "/v1/warranty/units?customer_id={customer_id}",
    "engagement": "/v1/engagement/responses?customer_id={customer_id}",
    "timeline": "/v1/view/customers/{customer_id}/timeline",
}
LISTS: Mapping[str, ListRule] = {
    "orders.pending": ListRule(weight=20),
    "complaints.open": ListRule(weight=20),
    "conversations.promises": ListRule(weight=20),
    "conversations.recent": ListRule(weight=16),
    "products.units": ListRule(weight=12),
    "orders.recent": ListRule(weight=10, repeats=("pending", "order_id")),
    "customer.contact_points": ListRule(weight=10),
    "customer.addresses": ListRule(weight=8),
    "complaints.recent": ListRule(weight=8),
    "orders.last_order.items": ListRule(weight=6),
    "timeline.recent": ListRule(weight=6),
    "engagement.offers": ListRule(
        weight=4, next="/v1/engagement/messages?customer_id={customer_id}"
    ),
    "customer.relations": ListRule(weight=4, next="/v1/customers/{customer_id}/relations"),
    "customer.links": ListRule(weight=4, next="/v1/customers/{customer_id}/links"),
}
OTHERS = ListRule(weight=3)


def _pending(data: Document) -> int | None:
    counted: int | None = data.get("pending_count")
    if counted is None and len(data["pending"]) < MOST_PENDING:
        return len(data["pending"])
    return counted


def _happenings(data: Document) -> int | None:
    return len(data["recent"]) if len(data["recent"]) < NEWEST else None


# How many there are over the whole history, where a list shows the newest alone.
TOTALS: Mapping[str, Callable[[Document], int | None]] = {
    "orders.pending": _pending,
    "orders.recent": lambda data: data["count"],
    "complaints.open": lambda data: data["open_count"],
    "complaints.recent": lambda data: data["count"],
    "conversations.recent": lambda data: data["count"],
    "conversations.promises": lambda data: data.get("open_promises", 0),
    "products.units": lambda data: data["count"],
    "timeline.recent": _happenings,
}


def whole(parts: Mapping[str, Document], ids: Sequence[str]) -> Mapping[str, Fitted]:
    """All parts as they are, with what their services have left out themselves."""
    return {
        name: Fitted(data=data, more=_more(name, data, data, ids)) for name, data in parts.items()
    }


def emptied(
    parts: Mapping[str, Document], ids: Sequence[str], longest: int
) -> Mapping[str, Fitted]:
    """All parts without an entry in any list: what they take at least."""
    least = {}
    for name, data in parts.items():
        paths = [path for path, _ in _lists(data)]
        more = {
            ".".join(path): More(left_out=UNCOUNTED, next=_next(name, path, ids)) for path in paths
        }
        bare, _ = short_texts(_with_lists(data, dict.fromkeys(paths, ())), longest)
        least[name] = Fitted(data=bare, more=more, shortened=UNCOUNTED)
    return least


def fitted(
    parts: Mapping[str, Document],
    ids: Sequence[str],
    *,
    room: int,
    longest: int,
    named: Collection[str],
) -> Mapping[str, Fitted]:
    """The parts with as much of their lists as has `room`, in bytes of JSON.

    Entries that hold one of the ids in `named` go before all others: they are spoken of elsewhere.
    What lists leave of their shares since no further entry fits is then offered to each of them.
    """
    short = {name: short_texts(data, longest) for name, data in parts.items()}
    lists = [
        (name, path, entries)
        for name, (data, _) in short.items()
        for path, entries in _lists(data)
    ]
    rules = [LISTS.get(_key(name, path), OTHERS) for name, path, _ in lists]
    again = [
        _repeated(short[name][0], rule) for (name, _, _), rule in zip(lists, rules, strict=True)
    ]
    needs = [
        _sizes(one for one in entries if not _names(one, told))
        for (_, _, entries), told in zip(lists, again, strict=True)
    ]
    allotted = allot(needs, [rule.weight for rule in rules], room)
    kept: dict[str, dict[Path, list[Any]]] = {name: {} for name in parts}
    for (name, path, entries), space, told in zip(lists, allotted, again, strict=True):
        kept[name][path] = first(entries, space, named, told)
    spare = room - sum(_sizes(entries) for of in kept.values() for entries in of.values())
    for place in sorted(range(len(lists)), key=lambda one: -rules[one].weight):
        name, path, entries = lists[place]
        before = _sizes(kept[name][path])
        kept[name][path] = first(entries, before + spare, named, again[place])
        spare -= _sizes(kept[name][path]) - before
    result = {}
    for name, (data, count) in short.items():
        shown = _with_lists(data, kept[name])
        more = _more(name, parts[name], shown, ids)
        result[name] = Fitted(data=shown, more=more, shortened=count)
    return result


def taken(parts: Mapping[str, Fitted]) -> int:
    """Bytes of JSON that the entries of all lists take."""
    return sum(_sizes(entries) for part in parts.values() for _, entries in _lists(part.data))


def allot(needs: Sequence[int], weights: Sequence[int], room: int) -> list[int]:
    """Share out room by weight; what one does not need is the others'. The sum is at most room."""
    given = [0] * len(needs)
    waiting = [place for place, need in enumerate(needs) if need]
    while waiting:
        total = sum(weights[place] for place in waiting)
        content = [one for one in waiting if needs[one] * total <= room * weights[one]]
        if not content:
            for place in waiting:
                given[place] = room * weights[place] // total
            break
        for place in content:
            given[place] = needs[place]
        room -= sum(needs[place] for place in content)
        waiting = [place for place in waiting if place not in content]
    return given


def short_texts(document: Document, longest: int) -> tuple[Document, int]:
    """The document with the middle of long texts left out, and how many they were."""
    count = 0

    def short(value: Any) -> Any:
        nonlocal count
        if isinstance(value, str):
            cut = short_text(value, longest)
            count += cut is not value
            return cut
        if isinstance(value, Mapping):
            return {name: short(one) for name, one in value.items()}
        return [short(one) for one in value] if isinstance(value, list | tuple) else value

    return short(document), count


def short_text(text: str, longest: int) -> str:
    """The text, or its beginning and its end where it is longer than so many bytes of JSON.

    The end is kept since a note ends with what was agreed upon.
    """
    if len(text) * 6 <= longest or _size(text) - 2 <= longest:
        return text
    half = (longest - len(OMITTED.encode())) // 2
    return f"{_start(text, half)}{OMITTED}{_start(text[::-1], half)[::-1]}"


def few(document: Document) -> tuple[Document, int]:
    """A fact's value with short lists, and how many entries are left out."""
    long_ones = {path: entries for path, entries in _lists(document) if len(entries) > IN_A_FACT}
    kept = {path: entries[:IN_A_FACT] for path, entries in long_ones.items()}
    left_out = sum(len(entries) - IN_A_FACT for entries in long_ones.values())
    return _with_lists(document, kept), left_out


def _start(text: str, most: int) -> str:
    lengths = range(min(len(text), most) + 1)
    fitting = bisect_right(lengths, most, key=lambda length: _size(text[:length]) - 2)
    return text[: fitting - 1]


def _size(value: Any) -> int:
    """Bytes of it as JSON."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _key(part: str, path: Path) -> str:
    return ".".join((part, *path))


def _lists(document: Document, above: Path = ()) -> Iterator[tuple[Path, Sequence[Any]]]:
    """The lists of a document by their paths; lists in entries of lists belong to the entry."""
    for name, value in document.items():
        if isinstance(value, list | tuple):
            yield (*above, name), value
        elif isinstance(value, Mapping):
            yield from _lists(value, (*above, name))


def _with_lists(
    document: Document, lists: Mapping[Path, Sequence[Any]], above: Path = ()
) -> Document:
    return {
        name: _with_lists(value, lists, (*above, name))
        if isinstance(value, Mapping)
        else lists.get((*above, name), value)
        for name, value in document.items()
    }


def first(
    entries: Sequence[Any],
    space: int,
    named: Collection[str] = (),
    repeated: Collection[str] = (),
) -> list[Any]:
    """As many entries as have room, in their order.

    Those that are named come first, and those that are told elsewhere last, named or not.
    """

    def rank(place: int) -> int:
        entry = entries[place]
        return 2 if _names(entry, repeated) else 0 if _names(entry, named) else 1

    order, kept = sorted(range(len(entries)), key=rank), []
    for place in order:
        space -= _size(entries[place]) + 1
        if space < 0:
            break
        kept.append(place)
    return [entries[place] for place in sorted(kept)]


def _sizes(entries: Iterable[Any]) -> int:
    return sum(_size(one) + 1 for one in entries)


def _repeated(document: Document, rule: ListRule) -> frozenset[str]:
    """The names of what another list of a part tells as well."""
    if rule.repeats is None:
        return frozenset()
    where, name = rule.repeats
    return frozenset(str(one[name]) for one in document[where])


def _names(entry: Any, named: Collection[str]) -> bool:
    values = entry.values() if isinstance(entry, Mapping) else (entry,)
    return any(isinstance(value, str) and value in named for value in values)


def _more(part: str, told: Document, shown: Document, ids: Sequence[str]) -> Mapping[str, More]:
    """What of each list is not shown; nothing of lists that are whole."""
    here = dict(_lists(shown))
    more = {}
    for path, entries in _lists(told):
        key = _key(part, path)
        total = TOTALS[key](told) if key in TOTALS else len(entries)
        lost = len(entries) - len(here[path])
        left_out = None if total is None else max(lost, total - _counted(key, here[path]))
        if left_out is None or left_out > 0:
            more[".".join(path)] = More(left_out=left_out, next=_next(part, path, ids))
    return more


def _counted(key: str, entries: Sequence[Any]) -> int:
    """How much of a total these make up: units are counted by their pieces."""
    if key == "products.units":
        return sum(int(one.get("pieces", 1)) for one in entries)
    return len(entries)


def _next(part: str, path: Path, ids: Sequence[str]) -> str | None:
    route = LISTS.get(_key(part, path), OTHERS).next or NEXT.get(part)
    if route is None or len(ids) != 1:
        return route
    return route.replace("{customer_id}", ids[0])
