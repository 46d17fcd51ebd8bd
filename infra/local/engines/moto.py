"""moto inside this process: nothing to install beside the tests, nothing kept, no timings."""

import copy
import inspect
from collections import defaultdict
from functools import cache
from typing import Any

import boto3
import jsonpath_ng.ext
from botocore.loaders import Loader, create_loader
from botocore.session import Session
from botocore.signers import RequestSigner
from botocore.useragent import UserAgentString
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import Item, LimitedSizeDict
from moto.dynamodb.models.table import StreamShard, Table
from moto.dynamodb.parsing import expressions
from moto.dynamodb.responses import DynamoHandler
from moto.dynamodbstreams.responses import DynamoDBStreamsHandler
from moto.sqs import models as queues
from moto.sqs.models import SQSBackend

from infra.local.engines.engine import Settings
from infra.local.engines.moto_actions import Actions

_WRITTEN_INTO = frozenset({"SS", "NS", "BS", "L", "M"})
_UNSIGNED = frozenset({"DynamoDB", "DynamoDB Streams", "EventBridge", "KMS"})
SENDING = "before-send."  # of botocore's events, the one at which moto steps in


class MotoEngine:
    """Engine for tests. A Query of an index costs it time in proportion to the table."""

    name = "moto"
    fresh_shard_iterators = True

    def __init__(self) -> None:
        self._settings = Settings()
        self._mock: Any = None
        self._replaced: list[tuple[Any, str, Any]] = []

    def start(self) -> None:
        """Begin with an empty account."""
        # An account's own address is not among those that moto stands in for.
        self._settings.put({"AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled"})
        self._mock = mock_aws()
        self._mock.start()
        _begin_session()
        actions = Actions()
        self._replace(BotocoreStubber, "__call__", _in_short(actions, BotocoreStubber.__call__))
        for handler in (DynamoHandler, DynamoDBStreamsHandler):
            self._replace(handler, "call_action", _one_at_a_time(actions, handler.call_action))
        self._replace(DynamoDBBackend, "update_item", _in_a_copy(DynamoDBBackend.update_item))
        self._replace(Table, "query", _of_what_is_asked(Table.query))
        self._replace(Table, "__deepcopy__", _light_copy)
        self._replace(Item, "__deepcopy__", _light_copy_of_item)
        # What is parsed is copied by whoever changes it.
        parser: Any = vars(expressions)["UpdateExpressionParser"]
        self._replace(parser, "make", cache(parser.make))
        self._replace(jsonpath_ng.ext, "parse", cache(vars(jsonpath_ng.ext)["parse"]))
        # For each message it counts all that are in the queue; and no test lasts four days.
        self._replace(
            SQSBackend, "is_message_valid_based_on_retention_period", lambda *_, **__: True
        )
        self._replace(queues, "camelcase_to_underscores", cache(camelcase_to_underscores))
        # Nobody looks at signatures; and who sends requests stays who it was.
        self._replace(RequestSigner, "handler", _unsigned(RequestSigner.handler))
        self._replace(UserAgentString, "to_string", _said_once(UserAgentString.to_string))

    def stop(self) -> None:
        """Forget everything. Does nothing when it is not running."""
        if self._mock is None:
            return
        while self._replaced:
            owner, name, original = self._replaced.pop()
            if original is None:
                delattr(owner, name)
            else:
                setattr(owner, name, original)
        self._mock.stop()
        self._mock = None
        self._settings.restore()

    def alive(self) -> bool:
        """Say whether it has been started."""
        return self._mock is not None

    def _replace(self, owner: Any, name: str, replacement: Any) -> None:
        self._replaced.append((owner, name, vars(owner).get(name)))
        setattr(owner, name, replacement)


@cache
def _loader() -> Loader:
    return create_loader()


def _begin_session() -> None:
    """A new default session of boto3 that need not read the services' models once more."""
    session, loader = Session(), _loader()
    session.register_component("data_loader", loader)
    boto3.setup_default_session(botocore_session=session)
    loader.search_paths[:] = dict.fromkeys(loader.search_paths)  # each session adds boto3's own


def _light_copy(table: Table, _: Any) -> Table:
    """For `Table.__deepcopy__`: a copy that no later write shows in.

    moto copies a table for each transaction, in case it fails. This one goes no deeper than
    writes do, which replace items and never write into them.
    """
    copied = copy.copy(table)
    copied.items = copied_items(table)
    shard = table.stream_shard
    if isinstance(shard, StreamShard):
        copied.stream_shard = copy.copy(shard)
        copied.stream_shard.items = list(shard.items)
        copied.stream_shard.table = copied
    return copied


def _light_copy_of_item(item: Item, memo: Any) -> Item:
    """For `Item.__deepcopy__`: moto makes three copies for each update.

    Single values are replaced and never written into; sets, lists and maps are.
    """
    copied = copy.copy(item)
    copied.attrs = LimitedSizeDict()
    for name, value in item.attrs.items():
        own = copy.deepcopy(value, memo) if value.type in _WRITTEN_INTO else value
        dict.__setitem__(copied.attrs, name, own)  # its own counts the bytes each time
    return copied


def _of_what_is_asked(query: Any) -> Any:
    """For `Table.query`: moto sorts all items of the table before it looks which are asked for."""
    signature = inspect.signature(query)

    def narrowed(table: Table, *args: Any, **kw: Any) -> Any:
        asked = signature.bind(table, *args, **kw).arguments
        key = asked["hash_key"]
        own: Any = table.items.get(key, {})
        if asked.get("index_name"):
            found = _with(table, asked.get("hash_key_conditions") or ())
        else:
            found = [own] if isinstance(own, Item) else sorted(own.values(), key=_place)
        small: Any = copy.copy(table)
        small.all_items = lambda: found
        return query(small, *args, **kw)

    return narrowed


def _place(item: Item) -> str:
    # moto sorts them once more, by the type, which is quick with what is in order.
    return str(item.range_key.value) if item.range_key else ""


def _with(table: Table, wanted: Any) -> list[Item]:
    """The items that have these values of attributes."""
    return [
        one
        for items in table.items.values()
        for one in ([items] if isinstance(items, Item) else items.values())
        if all(name in one.attrs and one.attrs[name] == value for name, value in wanted)
    ]


def copied_items(table: Table) -> Any:
    """The items of a table, held on to."""
    return defaultdict(dict, {key: copy.copy(one) for key, one in table.items.items()})


def _in_short(actions: Actions, at_length: Any) -> Any:
    def send(stubber: BotocoreStubber, event_name: str, request: Any, **others: Any) -> Any:
        answer = None
        if stubber.enabled:
            answer = actions.answer(event_name.removeprefix(SENDING), request)
        return answer or at_length(stubber, event_name, request, **others)

    return send


def _unsigned(sign: Any) -> Any:
    def handler(signer: Any, *args: Any, **kw: Any) -> Any:
        return None if signer._service_id in _UNSIGNED else sign(signer, *args, **kw)

    return handler


def _said_once(to_string: Any) -> Any:
    def once(agent: Any) -> Any:
        said = vars(agent).get("_said")
        if said is None or said[0] is not agent:  # copies of an agent become others
            said = agent._said = agent, to_string(agent)
        return said[1]

    return once


def _one_at_a_time(actions: Actions, unlocked: Any) -> Any:
    def call_action(handler: Any) -> Any:
        with actions.lock:
            return unlocked(handler)

    return call_action


def _in_a_copy(update_item: Any) -> Any:
    # moto writes into the item itself, which copies of the table may hold too.
    def update(backend: DynamoDBBackend, table_name: str, key: Any, *args: Any, **kw: Any) -> Item:
        table = backend.get_table(table_name)
        hash_key, range_key = backend.get_keys_value(table, key)
        item: Any = table.get_item(hash_key, range_key)
        if item is not None and range_key is not None:
            table.items[hash_key][range_key] = copy.deepcopy(item)
        elif item is not None:
            table.items[hash_key] = copy.deepcopy(item)
        updated: Item = update_item(backend, table_name, key, *args, **kw)
        return updated

    return update
