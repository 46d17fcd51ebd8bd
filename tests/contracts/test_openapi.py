"""Each service's OpenAPI document: valid, complete, and from the very models that validate."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from services.complaints.app import api as complaints
from services.customer.app import api as customer
from services.customer_view.app import api as customer_view
from services.engagement.app import api as engagement
from services.orders.app import api as orders
from services.warranty.app import api as warranty
from shared.access import NEEDS_NO_IDENTITY, OF_SEVERAL, POLICY, PUBLIC, Role
from shared.aws.http import Api
from shared.aws.http.openapi import openapi
from shared.aws.http.problems import Problem
from tests.contracts.shapes import snapshots

APIS = [customer, orders, complaints, warranty, engagement, customer_view]


def document_of(api: Api) -> Any:
    return json.loads(json.dumps(openapi(api.segment, api.title, api.operations, Problem)))


def operations_of(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (one for name, one in part.items() if name == "$ref")
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from references(one)


@pytest.fixture(params=APIS, ids=lambda api: api.segment)
def api(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_the_document_is_valid_openapi(api: Api) -> None:
    OpenAPIV31SpecValidator(document_of(api)).validate()


def test_every_operation_is_in_the_document_and_no_other(api: Api) -> None:
    listed = {(method, path) for method, path, _ in operations_of(document_of(api))}

    assert listed == {
        (one.method, f"/v1/{api.segment}{one.path.rstrip('/')}") for one in api.operations
    }


def test_nothing_refers_to_what_is_not_there(api: Api) -> None:
    document = document_of(api)
    there = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

    assert set(references(document)) <= there


def test_every_operation_says_what_it_does_and_how_it_may_be_refused(api: Api) -> None:
    for method, path, operation in operations_of(document_of(api)):
        assert operation["summary"], path
        assert {"400", "404", "503"} <= operation["responses"].keys()
        if method != "GET":
            assert {"409", "413"} <= operation["responses"].keys()
            assert operation["requestBody"]["content"]["application/json"]["schema"]
        refusals = [one for code, one in operation["responses"].items() if code >= "400"]
        assert all("application/problem+json" in one["content"] for one in refusals)


def test_what_the_policy_opens_to_all_asks_for_no_token_and_the_rest_for_one(api: Api) -> None:
    document = document_of(api)
    by_id = {one["operationId"]: one for _, _, one in operations_of(document)}
    for operation in api.operations:
        told, is_open = by_id[operation.name], operation.action in PUBLIC
        assert operation.public == is_open
        assert told.get("security", document["security"]) == ([] if is_open else [{"token": []}])
        refusals = {"401", "403"} & told["responses"].keys()
        if operation.signed is not None:
            assert refusals == {"401"}
        else:
            assert refusals == (set() if is_open else {"401", "403"})


def test_it_says_who_may_and_on_what_grounds(api: Api) -> None:
    by_id = {one["operationId"]: one for _, _, one in operations_of(document_of(api))}
    for operation in api.operations:
        told, words = by_id[operation.name]["x-roles"], by_id[operation.name]["description"]
        policy = {} if operation.action in PUBLIC else POLICY[operation.action]
        assert told == {role.value: reach.value for role, reach in policy.items()}
        assert all(f"`{role}`" in words for role in told)
        for_staff = policy.keys() - {Role.CUSTOMER, Role.INTEGRATION}
        needs_grounds = bool(for_staff) and operation.action not in NEEDS_NO_IDENTITY
        assert ("Sahip-Reason" in words) == needs_grounds
        assert ("Sahip-Session" in words) == (needs_grounds and operation.action not in OF_SEVERAL)


def test_no_two_operations_have_one_id_in_whatever_service() -> None:
    ids = [one["operationId"] for api in APIS for *_, one in operations_of(document_of(api))]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)+", one) for one in ids)


def test_creating_asks_for_a_key_and_changing_for_a_version(api: Api) -> None:
    by_id = {one["operationId"]: one for _, _, one in operations_of(document_of(api))}
    for operation in api.operations:
        headers = {
            one["name"]: one["required"]
            for one in by_id[operation.name]["parameters"]
            if one["in"] == "header"
        }
        assert headers.get("Idempotency-Key", False) == bool(operation.creates)
        assert headers.get("If-Match", False) == operation.names_version
        assert ("If-Match" in headers) == (operation.names_version or operation.may_name_version)
        assert ("201" in by_id[operation.name]["responses"]) == bool(operation.creates)


def test_every_parameter_of_a_path_is_described(api: Api) -> None:
    for _, path, operation in operations_of(document_of(api)):
        described = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
        assert described == re.findall(r"{(\w+)}", path)


def test_no_personal_data_has_its_place_in_a_url(api: Api) -> None:
    personal = {"name", "phone", "email", "external_id", "tracking"}
    for _, _, operation in operations_of(document_of(api)):
        named = {one["name"] for one in operation["parameters"] if one["in"] != "header"}
        assert not named & personal


def test_bodies_and_answers_take_and_give_no_field_that_is_not_listed(api: Api) -> None:
    schemas = document_of(api)["components"]["schemas"]
    open_ones = {
        name
        for name, schema in schemas.items()
        if schema.get("type") == "object" and schema.get("additionalProperties") is not False
    }

    # What services tell the view, what others tell us, and the flaws in a problem may grow.
    from_outside = {name for name in open_ones if name.startswith("External")}
    assert open_ones - from_outside <= {"Flaw", *snapshots("summaries"), *snapshots("questions")}
