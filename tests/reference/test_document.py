"""The one document of all services: nothing lost or mixed up, and examples that are taken."""

import json
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel

from infra.api_document import documents, operations, united
from tests.contracts.test_openapi import APIS, references

TAKING = [one for api in APIS for one in api.operations if one.takes]


@pytest.fixture(scope="module")
def each() -> dict[str, Any]:
    return documents()


@pytest.fixture(scope="module")
def whole(each: dict[str, Any]) -> Any:
    return united(each)


def test_it_is_valid_openapi(whole: Any) -> None:
    OpenAPIV31SpecValidator(whole).validate()


def test_it_has_every_operation_of_every_service_as_that_service_has_it(
    each: dict[str, Any], whole: Any
) -> None:
    paths = {path: part for one in each.values() for path, part in one["paths"].items()}

    assert whole["paths"].keys() == paths.keys()
    for path, methods in paths.items():
        for method, operation in methods.items():
            told = whole["paths"][path][method]
            same = ("operationId", "tags", "description", "x-roles", "parameters")
            assert all(told[name] == operation[name] for name in same)
            assert told["responses"].keys() == operation["responses"].keys()
    assert [tag["name"] for tag in whole["tags"]] == list(each)


def test_every_name_still_means_what_it_meant_in_its_service(
    each: dict[str, Any], whole: Any
) -> None:
    """Followed from each operation to the last part of its bodies and answers."""
    for document in each.values():
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                told = whole["paths"][path][method]
                assert resolved(bodies(told), whole) == resolved(bodies(operation), document)


def test_nothing_refers_to_what_is_not_there_and_nothing_is_there_for_nothing(whole: Any) -> None:
    there = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "examples")
        for name in whole["components"][kind]
    }

    assert set(references(whole)) == there


def test_a_name_that_two_services_use_for_different_things_has_the_service_before_it(
    whole: Any,
) -> None:
    names = whole["components"]["schemas"].keys()

    assert {"Problem", "Money", "OrdersStatus", "ComplaintsStatus"} <= names
    assert "Status" not in names


@pytest.mark.parametrize("operation", TAKING, ids=lambda one: one.name)
def test_every_body_has_an_example_that_its_model_takes(operation: Any, whole: Any) -> None:
    [told] = [one for one in operations(whole) if one["operationId"] == operation.name]
    takes: type[BaseModel] = operation.takes
    example = told["requestBody"]["content"]["application/json"]["example"]

    takes.model_validate_json(json.dumps(example), strict=True)


def test_every_refusal_has_an_example_with_its_status(whole: Any) -> None:
    kinds = whole["components"]["examples"]
    for operation in operations(whole):
        for status, answer in operation["responses"].items():
            shown = answer.get("content", {}).get("application/problem+json", {"examples": {}})
            for slug in shown["examples"]:
                assert str(kinds[slug]["value"]["status"]) == status
            assert bool(shown["examples"]) == (status >= "400")


def bodies(operation: Any) -> Any:
    """What it takes and gives, without what the reference adds."""
    contents = [operation.get("requestBody", {}), *operation["responses"].values()]
    return [part["schema"] for content in contents for part in content.get("content", {}).values()]


def resolved(part: Any, document: Any, within: tuple[str, ...] = ()) -> Any:
    """With what is referred to in its place; a loop ends where it began."""
    if isinstance(part, list):
        return [resolved(one, document, within) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        if name in within:
            return {"loop": within.index(name)}
        return resolved(document["components"]["schemas"][name], document, (*within, name))
    return {
        key: resolved(one, document, within)
        for key, one in part.items()
        if key not in ("title", "discriminator")
    }
