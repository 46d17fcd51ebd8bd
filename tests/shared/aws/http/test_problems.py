from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared import errors
from shared.aws.http.problems import MOST_FLAWS, Flawed, Problem, problem_of


def told(error: Exception) -> Problem:
    return problem_of(error, "request-1")[0]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.Invalid("wrong"), 400),
        (errors.Forbidden("not open"), 403),
        (errors.NotFound("not there"), 404),
        (errors.Conflict("not now"), 409),
        (errors.ChangedMeanwhile("changed"), 409),
        (errors.Stale("stale"), 412),
        (errors.TooLarge("long"), 413),
        (errors.KeyReused("reused"), 422),
        (errors.PreconditionMissing("missing"), 428),
        (errors.TooOften("often"), 429),
        (errors.Unavailable("busy"), 503),
    ],
)
def test_every_refusal_has_its_status_and_its_own_words(error: Exception, status: int) -> None:
    problem = told(error)

    assert problem.status == status
    assert problem.detail == str(error)
    assert problem.type.startswith("urn:sahip:problem:")
    assert problem.correlation_id == "request-1"


def test_every_way_of_refusing_is_told_as_a_problem_of_the_callers() -> None:
    def below(kind: type[errors.DomainError]) -> list[type[errors.DomainError]]:
        return [kind, *(one for each in kind.__subclasses__() for one in below(each))]

    for kind in below(errors.DomainError)[1:]:
        if kind.__module__ == errors.__name__:
            assert told(kind("why")).status != 500


@pytest.mark.parametrize("kind", [errors.TooOften, errors.Unavailable])
def test_who_should_come_again_later_is_told_when(kind: type[errors.TooOften]) -> None:
    _, headers = problem_of(kind("later", retry_after=60), "request-1")

    assert headers == {"Retry-After": "60"}


def test_a_field_at_fault_is_named() -> None:
    problem = told(errors.Invalid("no such phone", field="contact_points.1.value"))

    assert problem.errors is not None
    assert [(one.field, one.message) for one in problem.errors] == [
        ("contact_points.1.value", "no such phone")
    ]


def test_a_refused_move_lists_the_legal_ones_even_if_there_is_none() -> None:
    assert told(errors.Conflict("no", legal_moves=["ship"])).legal_moves == ["ship"]
    assert told(errors.Conflict("no", legal_moves=[])).legal_moves == []
    assert told(errors.Conflict("no")).legal_moves is None


def test_who_meets_us_busy_is_told_when_to_come_again() -> None:
    response: Any = {
        "Error": {"Code": "ThrottlingException", "Message": "personal canary"},
        "ResponseMetadata": {"HTTPStatusCode": 400},
    }
    busy = ClientError(response, "PutItem")

    for error in (busy, ConnectTimeoutError(endpoint_url="canary")):
        problem, headers = problem_of(error, "request-1")
        assert (problem.status, headers) == (503, {"Retry-After": "1"})
        assert "canary" not in problem.model_dump_json()
    _, headers = problem_of(errors.Unavailable("busy", retry_after=30), "request-1")
    assert headers == {"Retry-After": "30"}


def test_a_fault_of_ours_says_whom_to_ask_and_nothing_of_what_went_wrong() -> None:
    problem = told(KeyError("personal canary"))

    assert problem.status == 500
    assert "canary" not in problem.model_dump_json()
    assert "correlation id" in problem.detail


def test_a_model_of_our_own_that_does_not_fit_is_our_fault_and_not_the_callers() -> None:
    with pytest.raises(ValidationError) as flaw:
        Problem.model_validate({"status": "canary"})

    problem = told(flaw.value)

    assert problem.status == 500
    assert "canary" not in problem.model_dump_json()


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: str = Field(pattern="^[a-z]+$")
    amounts: list[int] = []


def flawed(raw: str) -> Problem:
    with pytest.raises(ValidationError) as refusal:
        Body.model_validate_json(raw, strict=True)
    return told(Flawed(refusal.value))


def test_every_flaw_of_a_body_is_named_by_its_path_and_no_value_is_quoted() -> None:
    problem = flawed('{"kind": "CANARY", "amounts": [1, "canary"], "colour": "canary"}')

    assert problem.errors is not None
    assert [one.field for one in problem.errors] == ["kind", "amounts.1", "colour"]
    assert "leave it out" in problem.errors[2].message
    assert "canary" not in problem.model_dump_json().lower()
    assert problem.detail.startswith("3 field(s) need another value: kind: ")


def test_a_body_that_is_wrong_as_a_whole_is_told_in_one_sentence() -> None:
    assert flawed("[]").detail == "body: Input should be an object"
    assert flawed('{"kind": "\\ud800"}').detail.startswith("body: this is not JSON: ")


def test_an_answer_names_no_more_flaws_than_somebody_can_read() -> None:
    problem = flawed('{"kind": "a", "amounts": [' + ",".join(['"x"'] * 5000) + "]}")

    assert problem.errors is not None
    assert len(problem.errors) == MOST_FLAWS
    assert problem.detail.startswith("5000 field(s)")
    assert len(problem.model_dump_json()) < 4000
