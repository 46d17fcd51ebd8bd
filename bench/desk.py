"""Calls the services' handlers with the events that API Gateway and the mappings give them."""

import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import count
from typing import Any

from infra.local.proxy import HttpRequest, proxy_event

AGENT = {
    "sub": "bench-agent",
    "client_id": "bench",
    "scope": "sahip/api",
    "cognito:groups": "agent",
    "token_use": "access",
}
_numbers = count(1)

Event = dict[str, Any]
Answer = Mapping[str, Any]


def http_event(
    method: str, resource: str, parameters: Mapping[str, str], document: Any = None
) -> Event:
    """The event of an agent's request to a path of a service, with a new idempotency key."""
    headers = {
        "Accept": "application/json",
        "Host": "bench.local",
        "User-Agent": "bench",
        "Idempotency-Key": f"bench-{next(_numbers):08}",
        "Content-Type": "application/json",
        "Sahip-Reason": "case",
    }
    request = HttpRequest(
        method=method,
        path=resource.format(**parameters),
        query="",
        headers=headers,
        body=b"" if document is None else json.dumps(document).encode(),
        source_ip="127.0.0.1",
        request_id=f"00000000-0000-4000-8000-{next(_numbers):012}",
    )
    return proxy_event(
        request,
        resource=resource,
        path_parameters=parameters,
        binary_types=(),
        stage="api",
        account="000000000000",
        claims=AGENT,
    )


def ask(service: str, event: Event) -> Answer:
    """What a service's HTTP function answers. Raise RuntimeError for a refusal."""
    answer: Answer = _app(service)(event, None)
    if answer["statusCode"] not in (200, 201):
        raise RuntimeError(f"{service} answered {answer['statusCode']}: {answer['body']}")
    return answer


def call(service: str, function: str, event: Event) -> Any:
    """What another function of a service answers."""
    return _app(service).handler_map[function](event, None)


def body_of(answer: Answer) -> Any:
    """The document in an answer."""
    return json.loads(answer["body"])


def size_of(answer: Answer) -> int:
    """Bytes of an answer's body."""
    return len(answer["body"].encode())


def new_customer(name: str = "Ayşe Yılmaz", *, with_everything: bool = True) -> Event:
    """A request for a customer, with two contact points and an external id or with none."""
    number = next(_numbers)
    document: dict[str, Any] = {"name": name}
    if with_everything:
        document["contact_points"] = [
            {"kind": "phone", "value": f"+9053{number:08}"},
            {"kind": "email", "value": f"ayse.{number}@example.com"},
        ]
        document["external_ids"] = [f"shop:{number}"]
    return http_event("POST", "/", {}, document)


def new_order(customer_id: str, *, external: bool = False) -> Event:
    """A request for an order of three lines."""
    lines = [
        {"product": product, "quantity": 1 + n, "unit_price": 49_950, "kdv_class": "general"}
        for n, product in enumerate(("washing-machine-9kg", "inlet-hose-2m", "water-filter"))
    ]
    document = {"customer_id": customer_id, "lines": lines}
    if external:
        document["external_id"] = f"TR-{next(_numbers):010}"
    return http_event("POST", "/", {}, document)


def new_link(customer_id: str, other_id: str) -> Event:
    """A request to take two customers for one person."""
    return http_event(
        "POST",
        "/{customer_id}/links",
        {"customer_id": customer_id},
        {"other_id": other_id, "reason": "they say so themselves"},
    )


def view_of(customer_id: str) -> Event:
    """A request for everything known of a customer."""
    return http_event("GET", "/customers/{customer_id}", {"customer_id": customer_id})


def summary_of(service: str, ids: Sequence[str]) -> Event:
    """What the customer view asks a service: all the parts that it has from there."""
    view = import_module("services.customer_view.bootstrap")
    return {
        "ids": list(ids),
        "caller": {
            "subject": AGENT["sub"],
            "client_id": AGENT["client_id"],
            "roles": ["agent"],
            "customer_id": None,
            "grounds": {"reason": "case", "reference": None},
        },
        "parts": list(view.SOURCES[f"{service.upper()}_SUMMARY"]),
        "deadline_ms": 1500,
        "correlation_id": "bench-correlation",
    }


def _app(service: str) -> Any:
    return import_module(f"services.{service}.app").app
