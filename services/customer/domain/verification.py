"""What shows that somebody is who they say: a code, or facts that only they know."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from services.customer.domain.contact import ContactKind, ContactPoint
from services.customer.domain.customer import Customer
from services.customer.domain.evidence import Evidence
from services.customer.domain.streets import is_street_in
from shared.errors import Invalid


class Fact(StrEnum):
    """What somebody may be asked for, to show who they are."""

    ORDER_ID = "order_id"
    SERIAL = "serial"
    EXTERNAL_ID = "external_id"
    EMAIL = "email"
    STREET = "street"


# By what somebody was recognised, which can be no second proof of it.
SAME = {
    Evidence.ORDER_ID: Fact.ORDER_ID,
    Evidence.SERIAL: Fact.SERIAL,
    Evidence.EXTERNAL_ID: Fact.EXTERNAL_ID,
    Evidence.EMAIL: Fact.EMAIL,
}
ELSEWHERE = {Fact.ORDER_ID: Evidence.ORDER_ID, Fact.SERIAL: Evidence.SERIAL}


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What it takes to be verified, and how long that and a session last.

    Of `around`, which people around them know as well, one fact counts and no more. A phone, a
    name, a district and a birth date never count: whoever has found a wallet knows them.
    """

    since: datetime
    alone: frozenset[Fact]  # that only they know
    around: frozenset[Fact]
    facts: int  # that must be right
    code_digits: int
    code_holds: timedelta
    codes: int  # that may be asked for in one session
    tries: int  # wrong answers that a session stands
    lasts: timedelta  # a session, and once more from when it was verified

    @property
    def counting(self) -> frozenset[Fact]:
        return self.alone | self.around


# Our own decisions, docs/decisions/0015: each holds from its time on, until the next one does.
POLICIES = (
    Policy(
        since=datetime(2026, 1, 1, tzinfo=UTC),
        alone=frozenset({Fact.ORDER_ID, Fact.SERIAL, Fact.EXTERNAL_ID}),
        around=frozenset({Fact.EMAIL, Fact.STREET}),
        facts=2,
        code_digits=6,
        code_holds=timedelta(minutes=10),
        codes=3,
        tries=5,
        lasts=timedelta(minutes=30),
    ),
)


def policy_at(now: datetime) -> Policy:
    """What holds at a time; before the oldest, that one."""
    return max(
        (one for one in POLICIES if one.since <= now),
        key=lambda one: one.since,
        default=POLICIES[0],
    )


def must_do(
    facts: Mapping[Fact, str], recognised_by: Collection[Evidence], policy: Policy
) -> None:
    """Raise Invalid where these facts could not verify anybody, however right they are.

    It says nothing of whether they are.
    """
    used = {SAME[one] for one in recognised_by if one in SAME}
    for fact in facts:
        if fact in used:
            raise Invalid(
                "they were recognised by it, so it shows nothing more; ask for another fact",
                field=f"facts.{fact}",
            )
        if fact not in policy.counting:
            raise Invalid("this does not count; ask for another fact", field=f"facts.{fact}")
    counted = len(facts.keys() & policy.alone) + min(1, len(facts.keys() & policy.around))
    if counted < policy.facts:
        around = " and ".join(sorted(policy.around))
        raise Invalid(
            f"it takes {policy.facts} facts, of {around} only one counts; ask for another",
            field="facts",
        )


def is_known_of(fact: Fact, said: str, entries: Sequence[Customer]) -> bool:
    """Whether our own books hold this of a person. `entries` are all of theirs.

    Raise Invalid where it cannot be such a thing.
    """
    if fact is Fact.EXTERNAL_ID:
        spoken = said.strip().casefold()
        known = {id_.casefold() for one in entries for id_ in one.external_ids}
        return spoken in known | {one.partition(":")[2] for one in known}
    if fact is Fact.EMAIL:
        try:
            email = ContactPoint.of(ContactKind.EMAIL, said)
        except Invalid as flaw:
            raise Invalid(str(flaw), field="facts.email") from flaw
        return any(email.is_same(point) for point in points_in_use(entries))
    if fact is Fact.STREET:
        lines = [place.lines for one in entries for place in one.addresses if place.lines]
        return any(is_street_in(said, one) for one in lines)
    return False


def points_in_use(entries: Sequence[Customer]) -> list[ContactPoint]:
    """A person's contact points, the preferred first, without what any of their ids calls lost."""
    points = [point for one in entries for point in one.contact_points]
    lost = [one for one in points if not one.is_evidence]
    found: list[ContactPoint] = []
    for point in points:
        if not any(point.is_same(one) for one in (*lost, *found)):
            found.append(point)
    return found


def masked(point: ContactPoint) -> str:
    """So much of it as its owner knows it again by, and nobody else."""
    if point.kind is ContactKind.PHONE:
        import phonenumbers  # only a phone at hand needs it

        code = phonenumbers.parse(point.value).country_code
        return f"+{code} *** ** {point.value[-2:]}"
    name, _, domain = point.value.partition("@")
    return f"{name[0]}***@***.{domain.rpartition('.')[2]}"


def takes_messages(point: ContactPoint) -> bool:
    """Whether a message can come there: not at a number that is certainly no mobile's."""
    if point.kind is ContactKind.EMAIL:
        return True
    import phonenumbers

    kinds = phonenumbers.PhoneNumberType
    return phonenumbers.number_type(phonenumbers.parse(point.value)) in (
        kinds.MOBILE,
        kinds.FIXED_LINE_OR_MOBILE,
    )


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is sent to somebody: the code and what it is for, nothing else."""

    subject: str
    text: str


def code_message(code: str, language: str | None) -> Message:
    """The code in their language: Turkish, unless they would rather have another."""
    if language is None or language.partition("-")[0] == "tr":
        return Message(
            subject="Doğrulama kodu",
            text=f"Görüşmenizi doğrulama kodu: {code}. Başka bir şeye onay vermez.",
        )
    return Message(
        subject="Verification code",
        text=f"Code to verify your conversation: {code}. It agrees to nothing else.",
    )
