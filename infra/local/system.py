"""The whole system on one machine, from its start to its end."""

import json
import logging
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import boto3

from infra.local import dead_letters as dead
from infra.local import sites, transport
from infra.local.authorizer import Authorizer
from infra.local.carriage import Carriage, CarriageApart, Order
from infra.local.engines import Engine
from infra.local.environment import Environment, united
from infra.local.functions import Functions, load_functions
from infra.local.gateway import MAX_BODY, PATIENCE, Gateway, describe_error
from infra.local.issuer import CLIENTS, Issuer
from infra.local.lambda_api import MAX_BODY as MAX_INVOKE_BODY
from infra.local.lambda_api import LambdaApi
from infra.local.mailbox import PARAMETER, Mailbox
from infra.local.mappings.schedules import Scheduler
from infra.local.mappings.settings import Pace
from infra.local.mappings.wake import Wakes
from infra.local.provision import provision
from infra.local.secrets import LocalSecrets
from infra.local.servers import Server
from infra.local.templates import Account, World, read_world, service_names

INFRA = Path(__file__).parents[1]
PACKAGE = "services"
_QUIET_ROUNDS = 2  # looks in a row that must find nothing
_ROUND_SECONDS = 5.0
_LOOK_SECONDS = 0.005
RECONCILE = "Reconcile"

T = TypeVar("T")

logger = logging.getLogger(__name__)


class NotQuiet(Exception):
    """The system still moves; the text says what."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What may differ between a test, a developer's machine and a benchmark."""

    stage: str = "local"
    infra: Path = INFRA  # where the templates are
    package: str = PACKAGE  # what the services' packages are in
    parameters: Mapping[str, str] = field(default_factory=dict)  # of the templates
    pace: Pace = field(default_factory=Pace)
    patience: float = PATIENCE  # seconds the gateway waits for a function
    gateway_threads: int = 32
    lambda_threads: int = 64
    schedules: bool = True  # whether schedules call functions by themselves
    desk: Path | None = None  # the built files of web/desk
    reference: Path | None = None  # and of web/reference


class LocalSystem:
    """Engine, functions, gateway, Lambda API and mappings, started and stopped together."""

    def __init__(
        self,
        engine: Engine,
        services: Sequence[str] | None = None,
        *,
        state_dir: Path,
        port: int = 0,
        settings: Settings | None = None,
        carriage: CarriageApart | None = None,
    ) -> None:
        """Without `services`, all that have a template. Port 0 takes a free one.

        Keys and secrets of this machine are kept in `state_dir`. Without `carriage`, events are
        carried in this process. It is stopped with the system.
        """
        self.engine = engine
        self._settings = settings or Settings()
        self._names = service_names(self._settings.infra) if services is None else tuple(services)
        self._state_dir = state_dir
        self.mailbox = Mailbox(state_dir)  # what was sent to people
        self._port = port
        self._environment = Environment()
        self._servers: dict[str, Server] = {}
        self._apart = carriage
        self._carriage: Carriage | CarriageApart | None = None
        self._scheduler: Scheduler | None = None
        self._functions: Functions | None = None
        self._world: World | None = None
        self._issuer: Issuer | None = None
        self.recovered: dict[str, Any] = {}  # what each service's reconciliation answered

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where the gateway listens."""
        return self._servers["gateway"].url

    @property
    def lambda_url(self) -> str:
        """Where Lambda's Invoke listens."""
        return self._servers["lambda"].url

    @property
    def world(self) -> World:
        """What the templates describe."""
        return _started(self._world)

    @property
    def functions(self) -> Functions:
        """The services' functions."""
        return _started(self._functions)

    @property
    def issuer(self) -> Issuer:
        """Who issues the tokens that the gateway takes."""
        return _started(self._issuer)

    def start(self) -> None:
        """Start everything; what was begun is stopped again if something cannot be had."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Take no more requests, finish what is in hand, stop the engine, tidy the environment."""
        if "gateway" in self._servers:
            self._servers.pop("gateway").stop()
        if carriage := self._carriage or self._apart:
            carriage.stop()
        self._carriage = self._apart = self._scheduler = None
        if "lambda" in self._servers:
            self._servers.pop("lambda").stop()
        if self._functions is not None:
            self._functions.close()
        try:
            self.engine.stop()
        finally:
            self._forget_clients()
            self._environment.restore()

    def token(self, role: str, customer_id: str | None = None, **claims: Any) -> str:
        """An access token; see `Issuer.token`."""
        return self.issuer.token(role, customer_id, **claims)

    def health(self) -> dict[str, bool]:
        """Which parts are up."""
        parts = {"engine": self.engine.alive()}
        parts |= {name: server.alive() for name, server in self._servers.items()}
        if self._carriage is not None:
            parts |= self._carriage.health()
        return parts

    def settle(self, timeout: float = 60.0) -> None:
        """Wait until streams and queues are empty and no function runs.

        Raise NotQuiet after `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        quiet = 0
        while quiet < _QUIET_ROUNDS:
            moving = self._round(max(0.0, min(deadline - time.monotonic(), _ROUND_SECONDS)))
            quiet = 0 if moving else quiet + 1
            if moving and time.monotonic() > deadline:
                raise NotQuiet("; ".join(moving))
            time.sleep(_LOOK_SECONDS)

    def dead_letters(self, queue: str) -> list[Mapping[str, Any]]:
        """The messages of a dead-letter queue, by its name or address; they stay there."""
        return dead.dead_letters(boto3.client("sqs"), queue, wait=0)

    def redrive(self, queue: str) -> int:
        """Send the messages of a dead-letter queue back to where they came from. How many."""
        return dead.redrive(boto3.client("sqs"), queue, wait=0)

    def run_schedule(self, name: str) -> None:
        """Call a schedule's function as if it were due. Raise KeyError if there is none."""
        schedule = {one.name: one for one in self.world.schedules}[name]
        _started(self._scheduler).run(schedule, datetime.now(UTC))

    def _start(self) -> None:
        settings = self._settings
        self.engine.start()
        functions = self._functions = Functions(async_retry_seconds=settings.pace.async_retry)
        api = LambdaApi(functions)
        invoke = self._servers["lambda"] = Server(
            api, threads=settings.lambda_threads, max_body=MAX_INVOKE_BODY
        )
        # An engine in this process has no address, and is reached as it is.
        endpoints = [url] if (url := getattr(self.engine, "endpoint", "")) else []
        transport.install(endpoints, inside={invoke.url: api})
        identity = boto3.client("sts").get_caller_identity()
        region = boto3.DEFAULT_SESSION.region_name if boto3.DEFAULT_SESSION else None
        account = Account(
            account=identity["Account"], region=_started(region), stage=settings.stage
        )
        world = self._world = read_world(
            settings.infra,
            self._names,
            account,
            secret=LocalSecrets(self._state_dir).value,
            parameters=settings.parameters,
        )
        wakes = Wakes(world)
        wakes.install()
        self.mailbox.install(settings.parameters.get(PARAMETER))
        provision(world)
        self._environment.put(united(world.services))
        self._environment.put({"AWS_ENDPOINT_URL_LAMBDA": invoke.url})
        self._forget_clients()
        apps = load_functions(world, settings.package, functions)
        issuer = self._issuer = Issuer(self._state_dir, account.region)
        gateway = Gateway(
            world,
            apps,
            functions,
            authorizer=Authorizer(issuer.issuer, issuer.key_set, CLIENTS),
            key_set=issuer.key_set,
            health=self.health,
            sites=(sites.desk(settings.desk), sites.reference(settings.reference)),
            mailbox=self.mailbox,
            patience=settings.patience,
        )
        server = Server(
            gateway,
            port=self._port,
            threads=settings.gateway_threads,
            max_body=MAX_BODY,
            describe_error=describe_error,
        )
        self._servers["gateway"] = server
        schedules = world.schedules if settings.schedules else []
        self._scheduler = Scheduler(schedules, world, functions)
        invoke.start()
        if self._apart is not None:
            self._carriage = self._apart
            self._apart.start(self._order(world, endpoints, invoke.url), wakes)
        else:
            self._carriage = here = Carriage(
                world,
                functions,
                wakes,
                settings.pace,
                scheduler=self._scheduler,
                fresh_iterators=self.engine.fresh_shard_iterators,
            )
            here.start()
        self._reconcile()
        server.start()

    def _order(self, world: World, endpoints: Sequence[str], lambda_url: str) -> Order:
        return Order(
            world=world,
            package=self._settings.package,
            environ=dict(os.environ),
            endpoints=endpoints,
            lambda_url=lambda_url,
            state_dir=self._state_dir,
            pace=self._settings.pace,
            schedules=self._settings.schedules,
            fresh_iterators=self.engine.fresh_shard_iterators,
        )

    def _reconcile(self) -> None:
        """After an unclean end, let each service say again what may not have been said."""
        recovery = getattr(self.engine, "recovery", None)
        if not recovery or recovery["clean"]:
            return
        for service in self.world.services:
            function = service.function(RECONCILE)
            if function.name not in self.functions:
                continue
            payload = json.dumps({"since": recovery["since"]}).encode()
            outcome = self.functions.invoke(function.name, payload)
            self.recovered[service.name] = outcome.answer()
            log = logger.error if outcome.failed else logger.info
            log("%s reconciled since %s: %s", service.name, recovery["since"], outcome.payload)

    def _round(self, seconds: float) -> list[str]:
        """Let every reader look once. What moved meanwhile, in words."""
        calls = self.functions.calls
        moving = self._carriage.look(seconds) if self._carriage else []
        moving += self.functions.moved_since(calls)
        return moving + [f"{name} is down" for name, up in self.health().items() if not up]

    def _forget_clients(self) -> None:
        """A service's clients belong to one run of the engine; it keeps them in its bootstrap."""
        for name in self._names:
            bootstrap = sys.modules.get(f"{self._settings.package}.{name}.bootstrap")
            for value in list(vars(bootstrap).values()) if bootstrap else []:
                clear = getattr(value, "cache_clear", None)
                if clear is not None:
                    clear()


def _started(value: T | None) -> T:
    if value is None:
        raise RuntimeError("the system has not been started")
    return value
