"""Who cares for whom and what is open, asked of many at once by Lambda's Invoke."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice

from pydantic import ValidationError

from services.engagement.adapters.sources import MOST_IDS, SummaryFunctions, served_of
from services.engagement.domain.forgotten import Keeper
from shared.aws.invocation import NoAnswer
from shared.contracts.summary import CarePart, ComplaintsPart, CustomerSummary
from shared.errors import Unavailable


class KeeperFunctions(SummaryFunctions):
    """Implements ports.forgotten.Keepers on the `summary` functions of customer and complaints."""

    def care(self, ids: Collection[str], correlation_id: str) -> Mapping[str, Keeper]:
        told = self._told("care", ids, correlation_id)
        return {
            one: _keeper(summary.members or [one], CarePart.model_validate(part))
            for one, summary in told.items()
            if (part := summary.parts.get("care")) is not None
        }

    def cases(
        self, ids: Collection[str], correlation_id: str
    ) -> Mapping[str, Sequence[str | None]]:
        told = self._told("complaints", ids, correlation_id)
        if told.keys() != set(ids):
            raise Unavailable("complaints would not tell of all; it is asked again later")
        return {
            one: [each.seriousness for each in ComplaintsPart.model_validate(part).open]
            for one, summary in told.items()
            if (part := summary.parts.get("complaints")) is not None
        }

    def _told(
        self, part: str, ids: Collection[str], correlation_id: str
    ) -> dict[str, CustomerSummary]:
        found: dict[str, CustomerSummary] = {}
        for some in _portions(sorted(ids), MOST_IDS):
            try:
                found |= self._ask(part, some, correlation_id).customers
            except (NoAnswer, ValidationError) as error:
                raise Unavailable(f"{part} cannot be asked; it is asked again later") from error
        return found


def _keeper(members: Sequence[str], care: CarePart) -> Keeper:
    """Whoever takes the place of an owner who is not here calls; else the owner does."""
    owner, acting = care.owner, care.acting
    calls = acting or owner
    return Keeper(
        members=tuple(members),
        served=served_of(care),
        owner=owner.staff_id if owner else None,
        calls=calls.staff_id if calls else None,
        calls_subject=calls.subject if calls else None,
        acting_as=acting.acting_as if acting else None,
        value={one.currency: one.amount for one in care.value},
    )


def _portions(values: Sequence[str], most: int) -> Iterator[list[str]]:
    rest = iter(values)
    while some := list(islice(rest, most)):
        yield some
