"""Bodies of the view API: everything known of a person in one look."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, Field, field_validator

from services.customer_view.domain import CustomerView, Part, Status, bounds
from services.customer_view.domain.brief import Language, brief, reason_of
from services.customer_view.domain.departments import MoneyShown
from services.customer_view.domain.facts import Fact, State, completeness, facts_of
from services.customer_view.domain.light import Light, Standing, standing_of
from services.customer_view.domain.seen import fact_seen, parts_seen
from services.customer_view.domain.steps import NextStep, Step, next_step
from shared.contracts.model import Body
from shared.contracts.summary import (
    CarePart,
    ComplaintsPart,
    ConversationsPart,
    CustomerPart,
    EngagementPart,
    OrdersPart,
    PaymentsPart,
    ProductsPart,
    RiskPart,
)

Data = TypeVar("Data", bound=BaseModel)
PARTS = tuple(bounds.NEXT)


class MoreView(Body):
    """That a list of the part has more entries than are shown."""

    left_out: int | None = Field(
        description="how many, over the whole history; null where nobody counts them"
    )
    next: str | None = Field(
        description="the list that has them, which goes on by a cursor; where `customer_ids` are "
        "several, {customer_id} stands for each of them"
    )


class PartView(Body, Generic[Data]):
    """One part, with how far it can be relied on.

    Without `data` it is not known, or `kept_back` says that the caller's department is not told.
    """

    status: Status
    as_of: AwareDatetime | None = Field(
        description="when it was so; what is last_known was seen so then for the first time, and "
        "is not kept anew while it is told the same"
    )
    reason: str | None = Field(default=None, description="why it is not fresh, or has no data")
    data: Data | None
    kept_back: list[str] = Field(
        default=[],
        description="what the department view does not show: paths of lists in `data` that lack "
        "their amounts, or `data` for all of it",
    )
    more: dict[str, MoreView] = Field(
        default={}, description="by the name of each list of `data` that is not shown whole"
    )
    shortened: int = Field(
        default=0, description="texts that have lost their middle, where now … stands"
    )


class Happening(Body):
    """Something that happened."""

    at: AwareDatetime
    what: str
    about: str = Field(description="the id of what it happened to")


class TimelinePart(Body):
    """What happened, the newest first."""

    recent: list[Happening]


class FactView(Body):
    """One of the facts to know at once, and how sure it is."""

    fact: str
    state: State = Field(description="none: it was asked for, and there is nothing")
    value: dict[str, Any] | None = Field(description="null unless it is known")
    status: Status
    as_of: AwareDatetime | None = Field(description="when it was so")
    source: str = Field(description="the service that it is from")
    reason: str | None = Field(description="why it is not fresh")
    left_out: int = Field(
        default=0, description="entries of lists in `value` that its part alone has room for"
    )
    kept_back: list[str] = Field(
        default=[], description="lists in `value` that lack their amounts in the department view"
    )


class NextStepView(Body):
    """What is best done next, and why."""

    step: Step
    about: str | None = Field(description="the id of what it is about")
    because: dict[str, Any] = Field(description="the figures that a rule judged by")
    reason: str = Field(description="in words, in the language of Accept-Language")


class SeenBy(Body):
    """The view of the caller's department, by which this is shown."""

    view: str
    money: MoneyShown = Field(
        description="light: a traffic light stands in the place of all amounts"
    )
    order: list[str] = Field(description="the parts as the department needs them, the first first")
    facts_alone: list[str] = Field(description="the parts of which it is told no details")


class PaymentLight(Body):
    """How they stand with money, at a glance."""

    light: Light | None = Field(
        description="green, amber or red; null where something is not known that might make it "
        "stricter"
    )
    status: Status = Field(description="how far what it was judged by can be relied on")
    because: str | None = Field(description="the rule that set it: risk, overdue or owed")

    @classmethod
    def of(cls, standing: Standing) -> "PaymentLight":
        return cls.model_validate(vars(standing))


class CustomerInOneLook(Body):
    """Everything the company knows of a person. A part that was not asked for is null."""

    customer_id: str
    customer_ids: list[str] = Field(
        description="all ids of the person that are shown here, the one asked for first"
    )
    as_of: AwareDatetime
    parts: list[str] | None = Field(
        default=None,
        description="those that were asked for, of which alone all else here speaks; null for all",
    )
    complete: bool = Field(description="whether every part that was asked for is fresh")
    newly_joined: list[str] = Field(
        default=[],
        description="customer ids shown here that the system takes for the same person and "
        "nobody has confirmed yet; for staff alone",
    )
    seen_by: SeenBy | None = Field(
        default=None,
        description="how the caller's department is shown them; null for customers themselves",
    )
    payment_light: PaymentLight | None = Field(default=None, description="for staff alone")
    facts: list[FactView] = Field(description="those of which the caller may see the part")
    completeness: int | None = Field(
        description="per cent of these facts that are fresh and not unknown; null where there are "
        "none"
    )
    brief: str | None = Field(
        description="two sentences to speak from, in the language of Accept-Language (tr or en); "
        "for staff alone"
    )
    next_step: NextStepView | None = Field(
        description="for staff alone; null where a part was not asked for that may hold something "
        "more urgent"
    )
    customer: PartView[CustomerPart] | None = None
    care: PartView[CarePart] | None = Field(
        default=None,
        description="tier, owner and queue, and why; for staff alone, null for customers",
    )
    orders: PartView[OrdersPart] | None = None
    payments: PartView[PaymentsPart] | None = None
    risk: PartView[RiskPart] | None = Field(
        default=None, description="for staff alone; null for customers themselves"
    )
    complaints: PartView[ComplaintsPart] | None = None
    products: PartView[ProductsPart] | None = None
    conversations: PartView[ConversationsPart] | None = Field(
        default=None, description="our own notes; null for customers themselves"
    )
    engagement: PartView[EngagementPart] | None = Field(
        default=None,
        description="how long it has been still, what was offered and what came of it, and what "
        "they said of marketing; for staff alone",
    )
    timeline: PartView[TimelinePart] | None = None

    @classmethod
    def of(cls, view: CustomerView, *, language: Language, advised: bool) -> "CustomerInOneLook":
        """In at most 16 KB: as it is where it fits, else as `bounds` has it.

        `advised`: whether the caller serves this customer, and so gets brief and next step.
        """
        step = next_step(view) if advised else None
        standing = standing_of(view) if advised else None
        facts = [fact_seen(one, view.seen_by, standing) for one in facts_of(view)]
        view = replace(view, parts=parts_seen(view))
        head = {
            "seen_by": _seen_by(view) if advised else None,
            "payment_light": PaymentLight.of(standing) if standing else None,
            "facts": [_fact(one) for one in facts],
            "completeness": completeness(facts),
            "brief": (brief(facts, language) or None) if advised else None,
            "next_step": _step(step, language) if step else None,
        }
        ids = view.customer_ids
        data = {name: part.data for name, part in view.parts.items() if part.data is not None}
        look = cls._with(view, head, bounds.whole(data, ids))
        if look.size <= bounds.MOST_BYTES:
            return look
        named = {str(one.value.get("order_id")) for one in facts if one.value}
        named |= {str(step.about)} if step else set()
        for longest in bounds.LONGEST:
            short = _shortened(head, longest)
            least = cls._with(view, short, bounds.emptied(data, ids, longest), longest)
            room = bounds.MOST_BYTES - least.size
            if room >= 0:
                break
        parts = bounds.fitted(data, ids, room=max(0, room), longest=longest, named=named)
        look = cls._with(view, short, parts, longest)
        # Room was kept for what each list says of its rest, and most say less or nothing.
        room = bounds.taken(parts) + bounds.MOST_BYTES - look.size
        parts = bounds.fitted(data, ids, room=max(0, room), longest=longest, named=named)
        fuller = cls._with(view, short, parts, longest)
        return fuller if fuller.size <= bounds.MOST_BYTES else look

    @classmethod
    def _with(
        cls,
        view: CustomerView,
        head: Mapping[str, Any],
        parts: Mapping[str, bounds.Fitted],
        longest: int | None = None,
    ) -> "CustomerInOneLook":
        return cls.model_validate(
            {
                "customer_id": view.customer_id,
                "customer_ids": list(view.customer_ids),
                "as_of": view.as_of,
                "parts": None if view.asked is None else sorted(view.asked),
                "complete": view.is_complete,
                "newly_joined": list(view.newly_joined),
                **head,
                **{
                    name: _part(part, parts.get(name), longest)
                    for name, part in view.parts.items()
                },
            }
        )

    @property
    def size(self) -> int:
        """Bytes of the answer."""
        return len(self.model_dump_json(by_alias=True).encode())

    def tag(self) -> str:
        """Stands for what is told, not for when: what is fresh is as of whenever it is asked."""
        of_fresh = {name: {"as_of"} for name, part in self if _is_fresh(part)}
        of_facts = {"__all__": {"as_of"}}  # each is as old as its part
        told = self.model_dump_json(
            by_alias=True, exclude={"as_of": True, "facts": of_facts, **of_fresh}
        )
        return sha256(told.encode()).hexdigest()[:32]


def _is_fresh(part: Any) -> bool:
    return isinstance(part, PartView) and part.status is Status.FRESH


class ViewCustomer(Body):
    """What is wanted of a view."""

    parts: str | None = Field(
        default=None,
        max_length=200,
        description=f"some of {', '.join(PARTS)}, with commas between; all where it is not given. "
        "The others are neither asked for nor told",
    )

    @field_validator("parts")
    @classmethod
    def _known(cls, parts: str | None) -> str | None:
        names = [] if parts is None else _names(parts)
        unknown = [one for one in names if one not in PARTS]
        if unknown or (parts is not None and not names):
            raise ValueError(f"name parts with commas between: {', '.join(PARTS)}")
        return parts

    @property
    def wanted(self) -> frozenset[str] | None:
        """The parts that are wanted; None for all."""
        return None if self.parts is None else frozenset(_names(self.parts))


def _names(parts: str) -> list[str]:
    return [one.strip() for one in parts.split(",") if one.strip()]


class ListTimeline(Body):
    """How many at once, and from where on."""

    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)


class HappeningList(Body):
    """What happened, the newest first."""

    happenings: list[Happening]
    cursor: str | None = Field(description="of the older ones; null where there are none")


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "fact": fact.name,
        "state": fact.state,
        "value": fact.value,
        "status": fact.status,
        "as_of": fact.as_of,
        "source": fact.source,
        "reason": fact.reason,
        "kept_back": fact.kept_back,
    }


def _seen_by(view: CustomerView) -> SeenBy:
    by, parts = view.seen_by, list(view.parts)
    return SeenBy(
        view=by.name,
        money=by.money,
        order=parts,
        facts_alone=[one for one in parts if one in by.left_out],
    )


def _step(step: NextStep, language: Language) -> dict[str, Any]:
    return {
        "step": step.step,
        "about": step.about,
        "because": step.because,
        "reason": reason_of(step, language),
    }


def _shortened(head: Mapping[str, Any], longest: int) -> Mapping[str, Any]:
    """What stands before the parts, with short texts and lists."""
    facts = []
    for one in head["facts"]:
        value, left_out = bounds.few(one["value"] or {})
        facts.append({**one, "value": value or None, "left_out": left_out})
    return bounds.short_texts({**head, "facts": facts}, longest)[0]


def _part(part: Part, fitted: bounds.Fitted | None, longest: int | None) -> dict[str, Any]:
    reason = part.reason
    if reason is not None and longest is not None:
        reason = bounds.short_text(reason, longest)
    told = {
        "status": part.status,
        "as_of": part.as_of,
        "reason": reason,
        "data": part.data,
        "kept_back": part.kept_back,
    }
    if fitted is None:
        return told
    more = {name: vars(one) for name, one in fitted.more.items()}
    return {**told, "data": fitted.data, "more": more, "shortened": fitted.shortened}
