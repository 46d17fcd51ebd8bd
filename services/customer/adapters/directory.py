"""The directory in which people are searched for, in the customer service's own table.

A customer has one item in which stands where they are listed, as of which version: it and all
listings change in one transaction on that version, so that repeats, gaps and records out of order
change nothing, and nobody is ever half listed. Words that the books know, by which mistakes are
forgiven, follow after it; they belong to nobody.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from services.customer.domain import (
    Customer,
    Listed,
    Listing,
    Look,
    listings_of,
    neighbourhood,
    words_of,
)
from services.customer.domain.listings import word_drawer
from services.customer.ports import DirectoryPage
from shared.aws.items import Values, from_item, to_attribute, to_item
from shared.aws.reading import read_together
from shared.aws.writes import ConditionFailed, write
from shared.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_ROUNDS = 5  # of reading where somebody is listed, while others change it
TOGETHER = 100  # items that DynamoDB takes in one transaction, or gives in one answer
ASKED = 4  # words whose neighbourhoods are read: at most so many items as come in one answer


class DynamoDirectory:
    """Implements ports.Directory, and keeps it."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def look(self, look: Look, *, most: int) -> DirectoryPage:
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :beginning)",
            ExpressionAttributeValues={
                ":pk": to_attribute(_drawer(look.drawer)),
                ":beginning": to_attribute(look.beginning),
            },
            Limit=most,
        )
        listed = [_listed(from_item(item)) for item in found["Items"]]
        return DirectoryPage(listed=listed, full="LastEvaluatedKey" in found)

    def words_like(self, words: Collection[str]) -> Mapping[str, Collection[str]]:
        asked = sorted(words, key=len, reverse=True)[:ASKED]
        keys = {one for word in asked for one in neighbourhood(word)}
        kept = self._read_words(keys, strongly=False)
        return {
            word: {like for one in neighbourhood(word) for like in kept.get(one, ())}
            for word in asked
        }

    def keep(self, customer: Customer, *, before: Customer | None = None) -> None:
        """List a customer as of this version, unless they are listed as of a later one.

        `before` is an earlier version that this one is known to have followed, if any is known.
        """
        if before is not None and _says_nothing_new(before, customer):
            return  # the record of the version before has listed them so, or will
        leaving = self._list(customer)
        if leaving is None:
            return
        # Only now: whoever takes a word out looks for listings with it, and then for the word.
        self._learn(words_of(Listed.of(customer)))
        if leaving:
            self._forget(leaving)
            self._done(customer, leaving)

    def keep_newcomers(self, customers: Sequence[Customer]) -> Collection[str]:
        """List those together who are listed nowhere yet; return the ids of whom that is done.

        Of all others nothing has changed, or what `keep` goes on from.
        """
        listed: list[Customer] = []
        for some, changes in self._together(customers):
            with suppress(ConditionFailed, ClientError):  # then `keep` says what the matter is
                write(self._client, changes)
                listed += some
        words = sorted({word for one in listed for word in words_of(Listed.of(one))})
        try:
            for few in _portions(words):
                self._learn(few)
        except (ClientError, Unavailable):
            return ()
        return {one.customer_id for one in listed}

    def _together(
        self, customers: Iterable[Customer]
    ) -> Iterator[tuple[list[Customer], list[dict[str, Any]]]]:
        """Those whose listings fit into one transaction, and what it writes."""
        some: list[Customer] = []
        changes: list[dict[str, Any]] = []
        for customer in customers:
            theirs = list(self._changes({"version": 0}, customer, ()))
            if some and len(changes) + len(theirs) > TOGETHER:
                yield some, changes
                some, changes = [], []
            some.append(customer)
            changes += theirs
        if some:
            yield some, changes

    def _list(self, customer: Customer) -> Collection[str] | None:
        """Change all listings to this version's. Return the words that are theirs no more.

        None where a later version is listed, whose own record does all this.
        """
        for _ in range(MOST_ROUNDS):
            kept = self._kept(customer.customer_id)
            if kept["version"] > customer.version:
                return None
            if kept["version"] == customer.version:
                return _texts(kept, "leaving")  # a record that came again
            leaving = _words_left(kept, customer)
            try:
                write(self._client, list(self._changes(kept, customer, leaving)))
            except ConditionFailed:
                continue
            return leaving
        raise RuntimeError("where a customer is listed kept changing")

    def _kept(self, customer_id: str) -> Values:
        found = self._client.get_item(
            TableName=self._table, Key=_kept_key(customer_id), ConsistentRead=True
        )
        return from_item(found["Item"]) if "Item" in found else {"version": 0}

    def _changes(
        self, kept: Values, customer: Customer, leaving: Collection[str]
    ) -> Iterator[dict[str, Any]]:
        shown, places = _shown_and_places(customer)
        yield self._keeping(kept["version"], customer, shown, places, leaving)
        there = {Listing(*one) for one in json.loads(kept.get("places", "[]"))}
        new = places - there if kept.get("shown") == shown else places
        for listing in sorted(new):
            item = _listing_key(listing, customer.customer_id) | to_item({"shown": shown})
            yield {"Put": {"TableName": self._table, "Item": item}}
        for listing in sorted(there - places):
            key = _listing_key(listing, customer.customer_id)
            yield {"Delete": {"TableName": self._table, "Key": key}}

    def _keeping(
        self,
        seen: int,
        customer: Customer,
        shown: str,
        places: Collection[Listing],
        leaving: Collection[str],
    ) -> dict[str, Any]:
        values: Values = {
            "version": customer.version,
            "shown": shown,
            "places": _compact([[one.drawer, one.place] for one in sorted(places)]),
            "words": _compact(sorted(words_of(Listed.of(customer)))),
            "leaving": _compact(sorted(leaving)) if leaving else None,
        }
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": _kept_key(customer.customer_id) | to_item(values),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if seen:
            put["ConditionExpression"] = "version = :seen"
            put["ExpressionAttributeValues"] = {":seen": to_attribute(seen)}
        return {"Put": put}

    def _done(self, customer: Customer, leaving: Collection[str]) -> None:
        """Note that these words are taken out, so that not even their trace is left."""
        update = {
            "TableName": self._table,
            "Key": _kept_key(customer.customer_id),
            "UpdateExpression": "REMOVE leaving",
            "ConditionExpression": "version = :version AND leaving = :leaving",
            "ExpressionAttributeValues": {
                ":version": to_attribute(customer.version),
                ":leaving": to_attribute(_compact(sorted(leaving))),
            },
        }
        try:
            write(self._client, [{"Update": update}])
        except ConditionFailed:
            return  # a later version goes on from here, and takes them out again

    def _learn(self, words: Collection[str]) -> None:
        """Let the books know words. A word that stands under itself stands in all its places."""
        kept = self._read_words(words, strongly=True)
        new = [word for word in sorted(words) if word not in kept.get(word, ())]
        self._bring_in(new)

    def _forget(self, words: Collection[str]) -> None:
        """Let the books know those words no more under which nobody is listed.

        Whoever is listed meanwhile looks for the word afterwards: either they miss it and
        bring it back, or they were listed before our second look, and we do.
        """
        unused = [word for word in sorted(words) if not self._is_listed(word)]
        if not unused:
            return
        for _ in range(MOST_ROUNDS):
            try:
                self._take_out(unused)
            except ConditionFailed:
                continue
            self._learn([word for word in unused if self._is_listed(word)])
            return
        raise RuntimeError("the words of the books kept changing")

    def _is_listed(self, word: str) -> bool:
        pk = to_attribute(_drawer(word_drawer(word)))
        return any(
            self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk AND begins_with(sk, :word)",
                ExpressionAttributeValues={":pk": pk, ":word": to_attribute(f"{word}{behind}")},
                ConsistentRead=True,
                Limit=1,
            )["Items"]
            for behind in (" ", "#")
        )

    def _bring_in(self, words: Collection[str]) -> None:
        standing = _standing(words)
        # What a word is known by comes last: where not all fits into one transaction, a word
        # that looks known is known in every place.
        for some in _portions(sorted(standing, key=lambda key: (key in words, key))):
            write(self._client, [self._word_change("ADD", key, standing[key]) for key in some])

    def _take_out(self, words: Collection[str]) -> None:
        standing = _standing(words)
        for some in _portions(sorted(standing, key=lambda key: (key not in words, key))):
            kept = self._read_words(some, strongly=True)
            changes = []
            for key in some:
                there = set(kept.get(key, ()))
                going = there & standing[key]
                if going and going == there:
                    changes.append(self._word_removal(key, going))
                elif going:
                    changes.append(self._word_change("DELETE", key, going))
            if changes:
                write(self._client, changes)

    def _word_change(self, how: str, key: str, words: Collection[str]) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self._table,
                "Key": _word_key(key),
                "UpdateExpression": f"{how} words :words",
                "ExpressionAttributeValues": {":words": {"SS": sorted(words)}},
            }
        }

    def _word_removal(self, key: str, words: Collection[str]) -> dict[str, Any]:
        """Only while nothing else stands there: so no trace of a name is left."""
        values = {f":w{n}": to_attribute(word) for n, word in enumerate(sorted(words))}
        conditions = ["size(words) = :count", *(f"contains(words, {name})" for name in values)]
        return {
            "Delete": {
                "TableName": self._table,
                "Key": _word_key(key),
                "ConditionExpression": " AND ".join(conditions),
                "ExpressionAttributeValues": {":count": to_attribute(len(words))} | values,
            }
        }

    def _read_words(
        self, words: Collection[str], *, strongly: bool
    ) -> Mapping[str, Collection[str]]:
        """What stands under each of these, at most a hundred of them."""
        if not words:
            return {}
        of = {_word_key(word)["pk"]["S"]: word for word in words}
        keys = [_word_key(word) for word in sorted(words)]
        found = read_together(self._client, self._table, keys, strongly=strongly)
        return {of[item["pk"]["S"]]: item.get("words", {}).get("SS", []) for item in found}


def _standing(words: Collection[str]) -> Mapping[str, set[str]]:
    """In which places the words stand, and which of them in each."""
    places: dict[str, set[str]] = {}
    for word in words:
        for key in neighbourhood(word):
            places.setdefault(key, set()).add(word)
    return places


def _portions(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[begin : begin + TOGETHER] for begin in range(0, len(keys), TOGETHER))


def _says_nothing_new(before: Customer, customer: Customer) -> bool:
    """Only of the very version before: between others, somebody may be listed otherwise."""
    follows = before.version == customer.version - 1
    return follows and _shown_and_places(before) == _shown_and_places(customer)


def _words_left(kept: Values, customer: Customer) -> list[str]:
    """The words that were somebody's, also those that are not taken out yet, and are no more."""
    had = {*_texts(kept, "words"), *_texts(kept, "leaving")}
    return sorted(had - words_of(Listed.of(customer)))


def _shown_and_places(customer: Customer) -> tuple[str, frozenset[Listing]]:
    listed = {name: value for name, value in asdict(Listed.of(customer)).items() if value}
    return _compact(listed), listings_of(customer)


def _listed(values: Values) -> Listed:
    shown = json.loads(values["shown"])
    return Listed(
        customer_id=shown["customer_id"],
        name=shown.get("name"),
        district=shown.get("district"),
        city=shown.get("city"),
    )


def _listing_key(listing: Listing, customer_id: str) -> dict[str, Any]:
    return to_item({"pk": _drawer(listing.drawer), "sk": f"{listing.place}#{customer_id}"})


def _kept_key(customer_id: str) -> dict[str, Any]:
    return to_item({"pk": _drawer(f"={customer_id}"), "sk": "A"})


def _word_key(key: str) -> dict[str, Any]:
    return to_item({"pk": _drawer(f"~{key}"), "sk": "A"})


def _drawer(name: str) -> str:
    return f"D#{name}"


def _texts(values: Values, name: str) -> list[str]:
    texts: list[str] = json.loads(values.get(name, "[]"))
    return texts


def _compact(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
