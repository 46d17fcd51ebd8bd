"""In-memory stand-ins for the ports, kept honest by test_adapters and test_iys."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime

from services.engagement.domain import (
    Address,
    Change,
    Changes,
    Claim,
    CodeUsedOtherwise,
    Consent,
    ConsentChannel,
    ConsentNotFound,
    ConsentPurpose,
    Message,
    MessageNotFound,
    Outcome,
    Person,
    ProofKind,
    ReasonUsed,
    Status,
    Text,
)
from services.engagement.ports import IysUnavailable
from services.engagement.ports.messages import NotTaken, SaidAlready, Silent, Taken
from shared.errors import ChangedMeanwhile, KeyReused

MOST_SAID = 100


class InMemoryConsents:
    def __init__(self) -> None:
        self._by_id: dict[str, Consent] = {}
        self._fingerprints: dict[str, str] = {}
        self._codes: dict[str, ConsentPurpose] = {}

    def key_of(self, address: Address, channel: ConsentChannel, purpose: ConsentPurpose) -> str:
        return f"{address.kind}:{address.value}:{channel}:{purpose}"

    def add(self, consent: Consent, *, fingerprint: str) -> tuple[Consent, bool]:
        there = self._by_id.get(consent.consent_id)
        if there is not None:
            if self._fingerprints[consent.consent_id] != fingerprint:
                raise KeyReused("this Idempotency-Key was used before with another request")
            return there, True
        if consent.proof and consent.proof.kind is ProofKind.CODE:
            known = self._codes.setdefault(consent.proof.reference, consent.purpose)
            if known is not consent.purpose:
                raise CodeUsedOtherwise
        self._by_id[consent.consent_id] = consent
        self._fingerprints[consent.consent_id] = fingerprint
        return consent, False

    def get(self, consent_id: str) -> Consent:
        if consent_id not in self._by_id:
            raise ConsentNotFound(consent_id)
        return self._by_id[consent_id]

    def save(self, consent: Consent) -> None:
        there = self.get(consent.consent_id)
        if there == consent:
            return  # the very same write again
        if there.version != consent.version - 1:
            raise ChangedMeanwhile("it was changed meanwhile")
        self._by_id[consent.consent_id] = consent

    def said_of(self, address_key: str) -> tuple[Sequence[Consent], bool]:
        said = [one for one in self._by_id.values() if one.address_key == address_key]
        said.sort(key=lambda one: one.comes_after, reverse=True)
        return said[:MOST_SAID], len(said) <= MOST_SAID

    def waiting(self) -> Sequence[Consent]:
        waiting = [one for one in self._by_id.values() if one.is_waiting and one.due_at]
        return sorted(waiting, key=lambda one: (one.due_at, one.consent_id))


class InMemoryIys:
    """As the file-based one: a refusal where there is no consent is not taken."""

    def __init__(self) -> None:
        self.requests: list[list[Consent]] = []
        self.told_by_people: list[Change] = []
        self.is_down = False
        self.is_slow = False  # works on what it was given, and says nothing yet

    def hand_over(self, consents: Sequence[Consent]) -> str:
        self._must_be_up()
        self.requests.append(list(consents))
        return f"req-{len(self.requests) - 1}"

    def outcomes(self, request_id: str) -> Mapping[int, Outcome]:
        self._must_be_up()
        if self.is_slow:
            return {}
        consented: Counter[tuple[str | None, ConsentChannel]] = Counter()
        found: dict[int, Outcome] = {}
        for number, request in enumerate(self.requests):
            for place, one in enumerate(request):
                is_taken = one.status is Status.GIVEN or consented[one.recipient, one.channel] > 0
                consented[one.recipient, one.channel] += one.status is Status.GIVEN
                if f"req-{number}" == request_id:
                    found[place] = Outcome(
                        transaction_id=f"t-{number}-{place}" if is_taken else None,
                        refused=None if is_taken else "H175",
                    )
        return found

    def changes(self, after: str | None) -> Changes:
        self._must_be_up()
        start = int(after or 0)
        page = self.told_by_people[start : start + 2]
        return Changes(changes=tuple(page), after=str(start + len(page)) if page else after)

    def _must_be_up(self) -> None:
        if self.is_down:
            raise IysUnavailable("İYS does not answer")


class InMemoryPlaces:
    def __init__(self) -> None:
        self._place: str | None = None

    def get(self) -> str | None:
        return self._place

    def move(self, before: str | None, after: str) -> None:
        if self._place not in (before, after):
            raise ChangedMeanwhile("another run has read on; this one ends")
        self._place = after


class InMemoryContacts:
    def __init__(self) -> None:
        self._at: dict[tuple[str, str, str], datetime] = {}

    def put(self, customer_id: str, counted_as: str, at: datetime, contact_id: str) -> None:
        self._at[customer_id, counted_as, contact_id] = at

    def take_back(self, customer_id: str, counted_as: str, contact_id: str) -> None:
        """What the outbox does that has them beside it."""
        self._at.pop((customer_id, counted_as, contact_id), None)

    def since(
        self, ids: Collection[str], counted_as: str, since: datetime, until: datetime, most: int
    ) -> Sequence[datetime]:
        found: list[datetime] = []
        for wanted in ids:
            theirs = [
                at
                for (one, counted, _), at in self._at.items()
                if (one, counted) == (wanted, counted_as) and since <= at <= until
            ]
            found += sorted(theirs, reverse=True)[:most]
        return sorted(found, reverse=True)


class InMemorySources:
    """What other services know; None for one that does not answer."""

    def __init__(
        self, person: Person | None, complaints: Sequence[str | None] | None = ()
    ) -> None:
        self._person = person
        self._complaints = complaints
        self.asked_about: list[str] = []

    def person(self, ids: Collection[str], correlation_id: str) -> Person | None:
        return self._person

    def complaints(self, ids: Collection[str], correlation_id: str) -> Sequence[str | None] | None:
        self.asked_about = sorted(ids)
        return self._complaints


class InMemoryOutbox:
    def __init__(self, contacts: InMemoryContacts) -> None:
        self._contacts = contacts
        self._by_id: dict[str, Message] = {}
        self._fingerprints: dict[str, str] = {}
        self._asked: dict[tuple[str, str], str] = {}
        self._said: dict[tuple[str, str], str] = {}

    def add(self, message: Message, *, fingerprint: str) -> tuple[Message, bool]:
        there = self._by_id.get(message.message_id)
        if there is not None:
            if self._fingerprints[message.message_id] != fingerprint:
                raise KeyReused("this Idempotency-Key was used before with another request")
            return there, True
        keys = [(one, message.reason) for one in message.members]
        if first := [self._asked[key] for key in keys if key in self._asked]:
            raise ReasonUsed(min(first))
        self._asked |= dict.fromkeys(keys, message.message_id)
        self._by_id[message.message_id] = message
        self._fingerprints[message.message_id] = fingerprint
        return message, False

    def get(self, message_id: str) -> Message:
        if message_id not in self._by_id:
            raise MessageNotFound(message_id)
        return self._by_id[message_id]

    def asked(self, message_ids: Collection[str]) -> Collection[str]:
        return self._by_id.keys() & set(message_ids)

    def save(self, message: Message) -> None:
        there = self.get(message.message_id)
        if there == message:
            return  # the very same write again
        if there.version != message.version - 1:
            raise ChangedMeanwhile("it was changed meanwhile")
        self._by_id[message.message_id] = message

    def claim(self, message: Message) -> None:
        claim = _claim(message)
        keys = [(one, message.reason) for one in claim.ids]
        if self.get(message.message_id).version == message.version - 1 and any(
            self._said.get(key, message.message_id) != message.message_id for key in keys
        ):
            raise SaidAlready
        self.restore(message)

    def release(self, message: Message, *, claimed: Message) -> None:
        self.save(message)
        claim = _claim(claimed)
        for one in claim.ids:
            self._said.pop((one, message.reason), None)
        self._contacts.take_back(message.customer_id, claim.counted_as, message.message_id)

    def restore(self, message: Message) -> None:
        self.save(message)
        claim = _claim(message)
        self._said |= dict.fromkeys(
            [(one, message.reason) for one in claim.ids], message.message_id
        )
        self._contacts.put(message.customer_id, claim.counted_as, claim.at, message.message_id)

    def listed(self, customer_id: str) -> Iterator[str]:
        theirs = [one for one in self._by_id.values() if one.customer_id == customer_id]
        yield from (one.message_id for one in theirs if one.forgotten_at is None)

    def due(self, now: datetime, most: int) -> Sequence[Message]:
        found = [one for one in self._by_id.values() if one.due_at and one.due_at <= now]
        return sorted(found, key=lambda one: (one.due_at, one.message_id))[:most]


class InMemoryBounces:
    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def key_of(self, address: Address) -> str:
        return str(hash(address))

    def put(self, address_key: str, until: datetime) -> None:
        self._until[address_key] = max(until, self._until.get(address_key, until))

    def of(self, addresses: Collection[Address], now: datetime) -> frozenset[Address]:
        return frozenset(one for one in addresses if self._until.get(self.key_of(one), now) > now)


def _claim(message: Message) -> Claim:
    assert message.claim is not None
    return message.claim


class InMemoryGateway:
    """As the HTTP one: what was sent under one id goes out once."""

    def __init__(self, *, knows_repeats: bool = True) -> None:
        self.knows_repeats = knows_repeats
        self.went_out: list[tuple[str, str, str]] = []  # message, to, text
        self.answers: list[NotTaken | Silent] = []  # instead of taking it, one for each call
        self.loses_answers = False  # takes it, and says nothing
        self.meanwhile: Callable[[], None] = lambda: None

    def send(self, message_id: str, text: Text, to: str) -> Taken | NotTaken:
        self.meanwhile()
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Silent):
                raise answer
            return answer
        if not (self.knows_repeats and message_id in [one for one, _, _ in self.went_out]):
            self.went_out.append((message_id, to, text.body))
        if self.loses_answers:
            raise Silent
        return Taken(gateway_id=f"g-{message_id}")
