"""What fails for good is told apart from what may pass."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared.aws import pauses
from shared.aws.writes import ConditionFailed, attempt, is_passing


def an_error(code: str, *, status: int = 400, reasons: list[str] | None = None) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": ""},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    if reasons is not None:
        response["CancellationReasons"] = [{"Code": reason} for reason in reasons]
    return ClientError(response, "TransactWriteItems")


def failing(*errors: ClientError) -> Callable[[], str]:
    """A call that fails so often before it succeeds."""
    left = list(errors)

    def call() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return call


CONFLICT = an_error("TransactionCanceledException", reasons=["None", "TransactionConflict"])


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pauses, "LONGEST_PAUSE", 0)


def test_a_conflict_is_tried_again_three_times_in_all() -> None:
    assert attempt(failing(CONFLICT, CONFLICT)) == "done"
    with pytest.raises(ClientError):
        attempt(failing(CONFLICT, CONFLICT, CONFLICT))


def test_a_condition_that_does_not_hold_is_not_tried_again_and_named_by_its_place() -> None:
    refused = an_error("TransactionCanceledException", reasons=["None", "ConditionalCheckFailed"])

    with pytest.raises(ConditionFailed) as failure:
        attempt(failing(refused))

    assert failure.value.failed == [1]


def test_of_a_conflict_and_a_failed_condition_the_condition_decides() -> None:
    both = an_error(
        "TransactionCanceledException",
        reasons=["ConditionalCheckFailed", "TransactionConflict"],
    )

    with pytest.raises(ConditionFailed):
        attempt(failing(both))


def test_what_is_wrong_stays_wrong_and_is_not_tried_again() -> None:
    with pytest.raises(ClientError):
        attempt(failing(an_error("ValidationException")))


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (CONFLICT, True),
        (an_error("ThrottlingException"), True),
        (an_error("ProvisionedThroughputExceededException"), True),
        (an_error("InternalServerError", status=500), True),
        (an_error("ServiceUnavailable", status=503), True),
        (an_error("ValidationException"), False),
        (an_error("AccessDeniedException"), False),
        (an_error("ResourceNotFoundException"), False),
        (an_error("TransactionCanceledException", reasons=["ValidationError"]), False),
        (an_error("TransactionCanceledException", reasons=["ThrottlingError"]), True),
    ],
)
def test_only_what_may_pass_is_called_busy(error: ClientError, passing: bool) -> None:
    assert is_passing(error) is passing
