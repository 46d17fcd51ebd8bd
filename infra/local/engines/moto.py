"""moto inside this process: nothing to install beside the tests, nothing kept, no timings."""

import threading
from collections.abc import Callable
from typing import Any

from moto import mock_aws
from moto.dynamodb.responses import DynamoHandler

from infra.local.engines.engine import Settings


class MotoEngine:
    """Engine for tests. Every Query costs it time in proportion to the table: keep them small."""

    name = "moto"
    fresh_shard_iterators = True

    def __init__(self) -> None:
        self._settings = Settings()
        self._mock: Any = None
        self._unlocked: Callable[..., Any] | None = None

    def start(self) -> None:
        """Begin with an empty account."""
        # An account's own address is not among those that moto stands in for.
        self._settings.put({"AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled"})
        self._mock = mock_aws()
        self._mock.start()
        self._one_at_a_time()

    def stop(self) -> None:
        """Forget everything. Does nothing when it is not running."""
        if self._mock is None:
            return
        DynamoHandler.call_action = self._unlocked  # type: ignore[method-assign,assignment]
        self._mock.stop()
        self._mock = None
        self._settings.restore()

    def alive(self) -> bool:
        """Say whether it has been started."""
        return self._mock is not None

    def _one_at_a_time(self) -> None:
        # A transaction that fails puts a copy of its table back, with it undoing whatever other
        # threads wrote in between.
        lock, unlocked = threading.RLock(), DynamoHandler.call_action

        def call_action(handler: DynamoHandler) -> Any:
            with lock:
                return unlocked(handler)

        self._unlocked = unlocked
        DynamoHandler.call_action = call_action  # type: ignore[method-assign]
