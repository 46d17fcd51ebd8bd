"""Asking the other services what waits for somebody to say whose it is."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from shared.access import Caller
from shared.aws.invocation import NoAnswer, invoke
from shared.contracts.reviewing import ReviewAnswer, ReviewRequest
from shared.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


class ReviewFunction:
    """The `review` function of another service."""

    def __init__(self, client: "LambdaClient", function: str) -> None:
        self._client = client
        self._function = function

    def review(
        self,
        ids: Sequence[str],
        *,
        since: datetime,
        until: datetime,
        caller: Caller,
        correlation_id: str,
    ) -> ReviewAnswer:
        """What came under these ids by what several had.

        Raise Unavailable where that cannot be told.
        """
        request = ReviewRequest(
            ids=list(ids),
            since=since,
            until=until,
            caller=caller.document(),
            correlation_id=correlation_id,
        )
        try:
            return invoke(self._client, self._function, request, ReviewAnswer)
        except NoAnswer as error:
            raise Unavailable(f"what waits cannot be told at the moment: {error}") from error
