"""What other services know of a person, asked by Lambda's Invoke."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from services.engagement.domain import Address, AddressKind, CustomerUnknown, Person, Point
from services.engagement.domain.ceilings import Served
from shared.access import Caller, Role
from shared.aws.invocation import NoAnswer, invoke
from shared.aws.logs import tell_failure
from shared.contracts.summary import (
    CarePart,
    ComplaintsPart,
    CustomerPart,
    SummaryAnswer,
    SummaryRequest,
)
from shared.grounds import Reason
from shared.profiles import of_cards, united

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

HOME = "TR"
MOST_IDS = 50  # that a service is asked about at once
# The service itself asks, whoever asked it: whether they may know was decided before, and what
# they are told is what we decide on, and no summary.
OURSELVES = Caller(
    subject="sahip.engagement",
    client_id="sahip.engagement",
    roles=frozenset({Role.OPERATIONS}),
    grounds=Reason(code="batch"),
)


class SummaryFunctions:
    """Implements ports.Sources on the `summary` functions of customer and complaints."""

    def __init__(
        self, client: "LambdaClient", *, customer: str, complaints: str, deadline: float
    ) -> None:
        """`deadline` is in seconds, for each of the two."""
        self._client = client
        self._functions = {"customer": customer, "care": customer, "complaints": complaints}
        self._deadline_ms = int(deadline * 1000)

    def person(self, ids: Collection[str], correlation_id: str) -> Person | None:
        """Should the answer name further ids of theirs, these are asked for once more."""
        try:
            answer = self._ask("customer", ids, correlation_id, "care")
            more = {member for one in answer.customers.values() for member in one.members}
            if more - set(ids):
                rest = self._ask("customer", more - set(ids), correlation_id)
                answer.customers.update(rest.customers)
            return _person(answer)
        except NoAnswer:
            return None
        except ValidationError as error:
            tell_failure("a source answered nonsense", error, source="customer")
            return None

    def complaints(self, ids: Collection[str], correlation_id: str) -> Sequence[str | None] | None:
        try:
            answer = self._ask("complaints", ids, correlation_id)
            parts = _parts(answer, "complaints", ComplaintsPart)
            if len(parts) < len(ids):
                return None  # it would not tell of all, so nothing is known of them
            return [one.seriousness for part in parts.values() for one in part.open]
        except NoAnswer:
            return None
        except ValidationError as error:
            tell_failure("a source answered nonsense", error, source="complaints")
            return None

    def _ask(
        self, part: str, ids: Collection[str], correlation_id: str, *others: str
    ) -> SummaryAnswer:
        """Ask who knows of a part, and for other parts that they know of as well."""
        request = SummaryRequest(
            ids=sorted(ids)[:MOST_IDS],
            caller=OURSELVES.document(),
            parts=[part, *others],
            deadline_ms=self._deadline_ms,
            correlation_id=correlation_id,
        )
        return invoke(self._client, self._functions[part], request, SummaryAnswer)


def _parts(answer: SummaryAnswer, name: str, model: type[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for customer_id, summary in answer.customers.items():
        told = summary.parts.get(name)
        if told is not None:
            found[customer_id] = model.model_validate(told)
    return found


def _person(answer: SummaryAnswer) -> Person:
    parts: dict[str, CustomerPart] = _parts(answer, "customer", CustomerPart)
    if not parts:
        raise CustomerUnknown(", ".join(answer.customers) or "of that id")
    cards, overrides = of_cards({one: part.model_dump(mode="json") for one, part in parts.items()})
    profile = united(cards, overrides)
    points = [
        Point(
            address=Address(kind=AddressKind(one["kind"]), value=one["value"]),
            state=one["state"],
        )
        for one in profile["contact_points"]
    ]
    # A letter goes to whoever has an address, under their own id.
    letters = {
        one: _letterbox(card["name"] or profile["name"], card["addresses"][0])
        for one, card in cards.items()
        if card["addresses"]
    }
    points += [Point(address=Address(kind=AddressKind.POST, value=one)) for one in letters]
    return Person(
        ids=tuple(cards),
        points=tuple(points),
        language=profile["language"],
        letterboxes=letters,
        served=_served(answer),
    )


def _served(answer: SummaryAnswer) -> Served:
    """In which tier and groups they are: each of their ids is told the same of the person."""
    told: dict[str, CarePart] = _parts(answer, "care", CarePart)
    care = next(iter(told.values()), None)
    return served_of(care) if care else Served()


def served_of(care: CarePart) -> Served:
    """In which tier and groups somebody is."""
    groups = tuple(one.group for one in care.groups)
    return Served(tier=care.tier, rank=care.rank, groups=groups)


def _letterbox(name: str | None, address: Mapping[str, Any]) -> str:
    """Name and address as they stand on a letter; the country is left out in Turkey itself."""
    town = " ".join(one for one in (address["postal_code"], address["district"]) if one)
    country = None if address["country"] == HOME else address["country"]
    lines = (name, address["lines"], town, address["city"], country)
    return "\n".join(one for one in lines if one)
