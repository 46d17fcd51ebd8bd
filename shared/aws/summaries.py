"""Answering the customer view: what a service knows of a person, for whoever asks."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.access import Action, Caller, Reach
from shared.aws.logs import about, start, tell
from shared.contracts.summary import CustomerSummary, SummaryAnswer, SummaryRequest

Summarise = Callable[[str], CustomerSummary]
"""One customer id to what is known under it, in one bounded read whatever the history."""

Complete = Callable[[Mapping[str, CustomerSummary]], None]
"""What adds to the summaries of all who are told of what is known of them together."""


def answer_summary(
    event: dict[str, Any], summarise: Summarise, complete: Complete = lambda _: None
) -> dict[str, Any]:
    """Answer a SummaryRequest. The policy is applied here again, whoever invoked us."""
    start()
    request = SummaryRequest.model_validate(event)
    caller = Caller.from_document(request.caller)
    customers: dict[str, CustomerSummary] = {}
    with about(correlation_id=request.correlation_id):
        for customer_id in request.ids:
            summary = summarise(customer_id)
            if caller.reach(Action.VIEW_CUSTOMER) is not Reach.ANY:
                summary = summary.model_copy(update={"newly_joined": []})
            if caller.may(Action.VIEW_CUSTOMER, customer_id, summary.members):
                customers[customer_id] = summary
        complete(customers)
        tell("summarised", asked=len(request.ids), told=len(customers))
    return SummaryAnswer(customers=customers).model_dump(mode="json")
