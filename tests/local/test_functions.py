import json
import threading
import time
from decimal import Decimal
from typing import Any

import pytest

from infra.local.functions import Context, InvalidPayload, NoSuchFunction, PayloadTooLarge
from infra.local.workers import TookTooLong
from tests.local.worlds import ACCOUNT, REGION, functions_with

ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:read"


@pytest.mark.parametrize("name", ["read", ARN, f"{ARN}:$LATEST", f"{ACCOUNT}:function:read"])
def test_a_function_is_known_by_its_name_and_its_arn(name: str) -> None:
    assert functions_with(lambda event, _: event).invoke(name, b'{"a": 1}').answer() == {"a": 1}


def test_what_comes_back_went_through_json() -> None:
    outcome = functions_with(lambda _e, _c: {"n": Decimal("1.5"), 2: (1,)}).invoke("read", b"")

    assert outcome.answer() == {"n": 1.5, "2": [1]}


def test_an_error_is_an_outcome_with_type_message_and_trace() -> None:
    def handler(_event: Any, _context: Any) -> None:
        raise KeyError("order-1")

    outcome = functions_with(handler).invoke("read", b"{}")

    error = outcome.answer()
    assert outcome.failed
    assert error["errorType"] == "KeyError"
    assert error["errorMessage"] == "'order-1'"
    assert error["requestId"] == outcome.request_id
    assert "raise KeyError" in error["stackTrace"][0]


def test_an_answer_that_json_cannot_say_is_an_error() -> None:
    outcome = functions_with(lambda _e, _c: {"at": object()}).invoke("read", b"{}")

    assert outcome.failed
    assert outcome.answer()["errorType"] == "Runtime.MarshalError"


def test_an_answer_above_six_megabytes_is_an_error() -> None:
    outcome = functions_with(lambda _e, _c: "x" * 6_500_000).invoke("read", b"{}")

    assert outcome.answer()["errorType"] == "Function.ResponseSizeTooLarge"


def test_a_handler_that_leaves_the_process_does_not() -> None:
    def handler(_event: Any, _context: Any) -> None:
        raise SystemExit(1)

    outcome = functions_with(handler).invoke("read", b"{}")

    assert outcome.answer()["errorType"] == "Runtime.ExitError"


def test_a_function_that_takes_too_long_is_given_up_and_still_counts_as_running() -> None:
    release = threading.Event()
    functions = functions_with(lambda _e, _c: release.wait(5), timeout=0.05)

    outcome = functions.invoke("read", b"{}")

    assert outcome.failed
    assert outcome.answer()["errorType"] == "Sandbox.Timedout"
    assert "timed out after 0.05 seconds" in outcome.answer()["errorMessage"]
    assert functions.moving() == ["read"]
    release.set()
    _until(lambda: not functions.moving())


def test_a_caller_may_have_less_patience_than_the_function() -> None:
    functions = functions_with(lambda _e, _c: time.sleep(0.2))

    with pytest.raises(TookTooLong):
        functions.invoke("read", b"{}", patience=0.02)


def test_the_context_tells_who_is_called_and_how_long_it_may_take() -> None:
    def handler(_event: Any, context: Context) -> Any:
        return [context.function_name, context.invoked_function_arn, context.aws_request_id,
                context.get_remaining_time_in_millis()]  # fmt: skip

    outcome = functions_with(handler).invoke("read", b"{}")

    name, arn, request_id, remaining = outcome.answer()
    assert (name, arn, request_id) == ("read", ARN, outcome.request_id)
    assert 4000 < remaining <= 5000


def test_calls_do_not_wait_for_each_other() -> None:
    both = threading.Barrier(2, timeout=5)
    functions = functions_with(lambda _e, _c: both.wait() >= 0)
    answers: list[bool] = []

    def call() -> None:
        answers.append(functions.invoke("read", b"{}").answer())

    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [True, True]


def test_what_lambda_refuses_is_refused() -> None:
    functions = functions_with(lambda event, _: event)

    with pytest.raises(NoSuchFunction):
        functions.invoke("nobody", b"{}")
    with pytest.raises(InvalidPayload):
        functions.invoke("read", b"{")
    with pytest.raises(PayloadTooLarge):
        functions.invoke("read", json.dumps("x" * 6_500_000).encode())
    with pytest.raises(PayloadTooLarge):
        functions.invoke_later("read", json.dumps("x" * 1_100_000).encode())


def test_a_call_nobody_waits_for_is_tried_three_times_under_one_request_id() -> None:
    seen: list[str] = []

    def handler(_event: Any, context: Context) -> None:
        seen.append(context.aws_request_id)
        raise RuntimeError

    functions = functions_with(handler)
    request_id = functions.invoke_later("read", b"{}")

    _until(lambda: not functions.moving())
    assert seen == [request_id] * 3


def _until(true: Any) -> None:
    deadline = time.monotonic() + 5
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.002)
