"""ministack from within: what it holds, and a note of every change. Written for release 1.5.33."""

import copy
import importlib
import time
from collections.abc import Callable
from typing import Any

from .journal import Journal, Written
from .queues import quicken_queues
from .quick_json import QuickJson, quicken_json
from .quicker import quicken

Item = dict[str, Any]
Answer = tuple[int, dict[str, str], Any]

# What changes items is journaled by what came of it, which is repeated ten times as fast as
# the request would be, with its conditions and checks. What changes tables, by the request.
ITEM_WRITES = frozenset({
    "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems",
    "ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction",
})  # fmt: skip
TABLE_WRITES = frozenset({"CreateTable", "UpdateTable", "DeleteTable", "UpdateTimeToLive"})
CHANGES = "items"
READER_GONE_SECONDS = 3600.0
QUEUE_PORT = "4566"
HTTP_OK = 200


class Readers:
    """How far the readers of each stream are done, told from the iterators they hold.

    A reader asks for the next page when it is done with the one before. So while the iterator
    that came with a page is unused, its reader may still be at work on that page.
    """

    def __init__(self, streams: Any) -> None:
        self._held: dict[str, tuple[tuple[str, str, str], int, float]] = {}
        self._decode: Callable[[str], dict[str, Any]] = streams._decode_iterator
        encode, get_records = streams._encode_iterator, streams._get_records
        reading: list[tuple[str, int]] = []

        def encode_iterator(table: str, shard: str, position: int, **scope: Any) -> str:
            token: str = encode(table, shard, position, **scope)
            key = (scope["account_id"], scope["region"], table)
            if reading:
                before, position = reading[-1]
                self._held.pop(before, None)
            self._held[token] = (key, position, time.time())
            return token

        def get_records_noting(data: dict[str, Any]) -> Any:
            token = data.get("ShardIterator") or ""
            reading.append((token, int((self._decode(token) or {"p": 0})["p"])))
            try:
                return get_records(data)
            finally:
                reading.pop()

        streams._encode_iterator, streams._get_records = encode_iterator, get_records_noting

    def done(self) -> dict[tuple[str, str, str], int]:
        """Return per stream the position before which every reader is done."""
        now = time.time()
        self._held = {t: h for t, h in self._held.items() if now - h[2] < READER_GONE_SECONDS}
        least: dict[tuple[str, str, str], int] = {}
        for key, position, _ in self._held.values():
            least[key] = min(position, least.get(key, position))
        return least


class Ministack:
    """The emulator's modules, and everything they hold as one value."""

    def __init__(self) -> None:
        self.app = importlib.import_module("ministack.app")
        self.scopes = importlib.import_module("ministack.core.responses")
        self.dynamodb = self.module("dynamodb")
        quicken(self.dynamodb)
        streams, sqs, events = map(self.module, ("dynamodb_streams", "sqs", "eventbridge"))
        quicken_json(self.scopes, self.dynamodb, streams, sqs, events)
        self.readers = Readers(streams)
        quicken_queues(sqs)
        self.module("s3")  # finds its objects when it is imported
        # A queue's address is kept with it and shown with the port of the day, but only while
        # the kept one bears the port that this process believes in: so that one never changes.
        sqs.DEFAULT_PORT, sqs._CANONICAL_NETLOC = QUEUE_PORT, f"{sqs.DEFAULT_HOST}:{QUEUE_PORT}"
        events._events_log_list = list  # else every event ever sent stays in memory
        self._carry_out = self.dynamodb.handle_request

    def module(self, name: str) -> Any:
        return self.app._get_module(name)

    async def repeat(self, written: Written) -> bool:
        """Do once more what the journal says; False if it was refused this time."""
        with self.scopes.request_scope(written.account, written.region):
            if written.kind == CHANGES:
                done = [self._change(*change) for change in QuickJson.loads(written.body)]
                return all(done)
            headers = {"x-amz-target": f"DynamoDB_20120810.{written.kind}"}
            status, _, _ = await self._carry_out("POST", "/", headers, written.body, {})
            return bool(status == HTTP_OK)

    def _change(self, name: str, hash_key: str, range_key: str, item: Item | None) -> bool:
        ddb = self.dynamodb
        table = ddb._tables.get(name)
        if table is None:
            return False
        if item is None:
            old = ddb._remove_item(table, hash_key, range_key)
        else:
            old = ddb._set_item(table, hash_key, range_key, item)
        if old or item:
            kind = "MODIFY" if old and item else "INSERT" if item else "REMOVE"
            ddb._emit_stream_event(name, kind, old, item)
        return True

    def keep_journal(self, journal: Journal) -> None:
        """From now on write down every change before its answer can be sent."""
        ddb, scopes, carry_out = self.dynamodb, self.scopes, self._carry_out
        put, remove = ddb._set_item, ddb._remove_item
        changes: list[tuple[str, str, str, Item | None]] = []

        def set_item(table: Item, hash_key: str, range_key: str, item: Item) -> Any:
            changes.append((table["TableName"], hash_key, range_key, item))
            return put(table, hash_key, range_key, item)

        def remove_item(table: Item, hash_key: str, range_key: str) -> Any:
            changes.append((table["TableName"], hash_key, range_key, None))
            return remove(table, hash_key, range_key)

        async def handle_request(
            method: str, path: str, headers: dict[str, str], body: bytes, query: Any
        ) -> Answer:
            # Nothing in there waits, so no other request comes between its changes.
            answer: Answer = await carry_out(method, path, headers, body, query)
            action = headers.get("x-amz-target", "").rpartition(".")[2]
            if answer[0] == HTTP_OK:
                tenant = scopes.get_account_id(), scopes.get_region()
                if changes:
                    journal.append(Written(CHANGES, *tenant, QuickJson.dumps(changes).encode()))
                elif action in TABLE_WRITES:
                    journal.append(Written(action, *tenant, body))
            changes.clear()
            return answer

        ddb.handle_request, ddb._set_item, ddb._remove_item = handle_request, set_item, remove_item

    def state(self) -> dict[str, Any]:
        """Return everything held. Only for a forked copy: the value shares the live objects."""
        vars(copy)["deepcopy"] = lambda value, _memo=None: value  # pickling copies well enough
        services = {key: get() for key, get in self.app._build_persistence_save_dict().items()}
        ddb, done = self.dynamodb, self.readers.done()
        streams, trimmed = {}, dict(ddb._stream_trimmed._data)
        for key, records in ddb._stream_records._data.items():
            gone = max(0, done.get(key, 0) - trimmed.get(key, 0))
            streams[key], trimmed[key] = records[gone:], trimmed.get(key, 0) + gone
        return {
            "services": services,
            "streams": streams,
            "trimmed": trimmed,
            "closed": ddb._closed_streams._data,
            "transactions": ddb._txn_idempotency._data,
            "sequence": ddb._stream_seq_counter,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Put back what `state` returned."""
        for key, held in state["services"].items():
            if held:
                self.module(self.app._state_map[key]).load_persisted_state(held)
        ddb = self.dynamodb
        ddb._stream_records._data.update(state["streams"])
        ddb._stream_trimmed._data.update(state["trimmed"])
        ddb._closed_streams._data.update(state["closed"])
        ddb._txn_idempotency._data.update(state["transactions"])
        ddb._stream_seq_counter = state["sequence"]
        for table in ddb._tables.all_values():
            ddb._index_members(table)  # else the first query of an index pays for building it
