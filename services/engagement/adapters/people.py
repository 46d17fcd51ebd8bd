"""Whom offers are for, as other services know them, asked by Lambda's Invoke."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import ValidationError

from services.engagement.adapters.sources import MOST_IDS, OURSELVES
from services.engagement.domain.offers.people import Addressee, Keeper
from services.engagement.domain.offers.votes import Authority
from services.engagement.ports.offers import Members, SegmentState
from shared.aws.invocation import NoAnswer, invoke
from shared.aws.logs import tell_failure
from shared.contracts.owning import (
    AuthorityAnswer,
    AuthorityRequest,
    MembersAnswer,
    MembersRequest,
)
from shared.contracts.summary import (
    CarePart,
    ComplaintsPart,
    SummaryAnswer,
    SummaryRequest,
)
from shared.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

LEFT = "left"
CUSTOMER = "customer"
SILENT = "the customer service does not answer; repeat the request shortly"


class PeopleFunctions:
    """Implements ports.offers.People on functions of customer and complaints."""

    def __init__(
        self,
        client: "LambdaClient",
        *,
        customer: str,
        complaints: str,
        authority: str,
        members: str,
        deadline: float,
    ) -> None:
        """`deadline` is in seconds, for each call."""
        self._client = client
        self._customer = customer
        self._complaints = complaints
        self._authority = authority
        self._members = members
        self._deadline_ms = int(deadline * 1000)

    def those(
        self, customer_ids: Collection[str], correlation_id: str
    ) -> Mapping[str, Addressee] | None:
        try:
            return {
                customer_id: _addressee(customer_id, members, part)
                for customer_id, members, part in self._care(customer_ids, correlation_id)
            }
        except (NoAnswer, ValidationError) as error:
            tell_failure("nobody says who cares for them", error, source="customer")
            return None

    def complaints(
        self, customer_ids: Collection[str], correlation_id: str
    ) -> Mapping[str, Sequence[str | None]] | None:
        found: dict[str, Sequence[str | None]] = {}
        try:
            for answer in self._asked(
                self._complaints, "complaints", customer_ids, correlation_id
            ):
                for customer_id, summary in answer.customers.items():
                    told = summary.parts.get("complaints")
                    if told is not None:
                        part = ComplaintsPart.model_validate(told)
                        found[customer_id] = [one.seriousness for one in part.open]
        except (NoAnswer, ValidationError) as error:
            tell_failure("nobody says who complains", error, source="complaints")
            return None
        return found

    def authority(self, subject: str, correlation_id: str) -> Authority:
        answer = self._authorised(subject, None, correlation_id)
        return Authority(owners=tuple(answer.owners), segments=tuple(answer.segments))

    def segment(self, segment_id: str, correlation_id: str) -> SegmentState | None:
        answer = self._authorised("", segment_id, correlation_id)
        if not answer.segment_is_known:
            return None
        return SegmentState(is_decided=answer.segment_is_decided)

    def members(
        self, segment_id: str, *, after: str | None, size: int, correlation_id: str
    ) -> Members:
        question = MembersRequest(
            segment_id=segment_id,
            after=after,
            limit=size,
            caller=OURSELVES.document(),
            correlation_id=correlation_id,
        )
        try:
            answer = invoke(self._client, self._members, question, MembersAnswer)
        except NoAnswer as error:
            raise Unavailable(SILENT) from error
        return Members(customer_ids=answer.customer_ids, after=answer.after)

    def _authorised(
        self, subject: str, segment_id: str | None, correlation_id: str
    ) -> AuthorityAnswer:
        question = AuthorityRequest(
            subject=subject,
            segment_id=segment_id,
            caller=OURSELVES.document(),
            correlation_id=correlation_id,
        )
        try:
            return invoke(self._client, self._authority, question, AuthorityAnswer)
        except NoAnswer as error:
            raise Unavailable(SILENT) from error

    def _care(
        self, customer_ids: Collection[str], correlation_id: str
    ) -> Iterator[tuple[str, list[str], CarePart]]:
        for answer in self._asked(self._customer, "care", customer_ids, correlation_id):
            for customer_id, summary in answer.customers.items():
                told = summary.parts.get("care")
                if told is not None:
                    yield customer_id, summary.members, CarePart.model_validate(told)

    def _asked(
        self, function: str, part: str, customer_ids: Collection[str], correlation_id: str
    ) -> Iterator[SummaryAnswer]:
        ids = sorted(set(customer_ids))
        for start in range(0, len(ids), MOST_IDS):
            request = SummaryRequest(
                ids=ids[start : start + MOST_IDS],
                caller=OURSELVES.document(),
                parts=[part],
                deadline_ms=self._deadline_ms,
                correlation_id=correlation_id,
            )
            yield invoke(self._client, function, request, SummaryAnswer)


def _addressee(customer_id: str, members: Sequence[str], part: CarePart) -> Addressee:
    owner, acting = part.owner, part.acting
    return Addressee(
        ids=tuple(members) or (customer_id,),
        segment_id=part.segment_id,
        owner=Keeper(
            staff_id=owner.staff_id, subject=owner.subject, has_left=owner.presence == LEFT
        )
        if owner
        else None,
        acting=Keeper(staff_id=acting.staff_id, subject=acting.subject) if acting else None,
        is_owned_by_segment=owner is None or owner.through != CUSTOMER,
        value={one.currency: one.amount for one in part.value},
        known_since=part.known_since,
    )
