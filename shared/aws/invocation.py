"""Asking another service's function, and knowing an answer from none."""

from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ValidationError

from shared.aws.logs import tell, tell_failure

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

A = TypeVar("A", bound=BaseModel)


class NoAnswer(Exception):
    """A function did not answer, answered too late, failed, or answered nonsense."""


def invoke(client: "LambdaClient", function: str, question: BaseModel, answer: type[A]) -> A:
    """What the function answers. Raise NoAnswer, whose text says why, where it does not."""
    try:
        reply = client.invoke(FunctionName=function, Payload=question.model_dump_json())
        told = reply["Payload"].read()
    except (BotoCoreError, ClientError) as error:
        tell_failure("a function did not answer", error, function=function)
        raise NoAnswer("it did not answer") from error
    if "FunctionError" in reply:  # which has told its own log why
        tell("a function failed", function=function)
        raise NoAnswer("it failed")
    try:
        return answer.model_validate_json(told)
    except ValidationError as error:
        tell_failure("a function answered nonsense", error, function=function)
        raise NoAnswer("its answer could not be understood") from error
