"""What services tell the customer view about a person, and how they are asked."""

from datetime import date

from pydantic import AwareDatetime, ConfigDict, Field

from shared.contracts.model import Model


class Money(Model):
    """An amount in minor units of one currency."""

    amount: int
    currency: str = Field(description="ISO 4217")


class SummaryRequest(Model):
    """The question. `caller` is who asked the view, for the service to judge again."""

    model_config = ConfigDict(extra="ignore")

    ids: list[str] = Field(min_length=1, max_length=50)
    caller: dict[str, object]
    parts: list[str]
    deadline_ms: int
    correlation_id: str


class ContactPoint(Model):
    """Where a person can be reached, as the customer service keeps it."""

    kind: str
    value: str
    state: str = Field(
        default="in_use", description="in_use, lost or stolen; what is not in use finds nobody"
    )
    state_since: AwareDatetime | None = Field(default=None, description="null of what is in use")


class PostalAddress(Model):
    """An address; what is not known of it is null."""

    model_config = ConfigDict(from_attributes=True)

    lines: str | None
    district: str | None
    city: str | None
    postal_code: str | None
    country: str = Field(description="ISO 3166-1 alpha-2")


class RelationBrief(Model):
    """A household or a firm that a customer belongs to; who the others are is not told."""

    relation_id: str
    kind: str = Field(description="household or firm")
    role: str = Field(description="what this customer is in it")
    count: int = Field(description="how many customers it has, this one included")
    since: AwareDatetime = Field(description="when it was said")


class CardLink(Model):
    """A link by which customer ids are one person."""

    link_id: str
    customer_ids: list[str] = Field(description="the two that were said to be one person")
    joined: str = Field(description="whom it brought to the others")
    newly_joined: bool = Field(description="the system's word, which nobody has confirmed yet")


class CardOverride(Model):
    """What somebody has decided of a person, for as long as all of these are one."""

    field: str
    value: str | None
    of: list[str]
    by: str
    at: AwareDatetime


class CustomerPart(Model):
    """Who a customer is."""

    name: str | None
    contact_points: list[ContactPoint] = Field(description="the preferred first")
    addresses: list[PostalAddress] = Field(default=[], description="the one in use first")
    external_ids: list[str]
    since: AwareDatetime
    heard_from: str | None = None
    lost_to: str | None = None
    language: str | None = Field(
        default=None, description="that they would rather be served in; null where not known"
    )
    relations: list[RelationBrief] = Field(
        default=[], description="households and firms, at most ten for each customer id"
    )
    customer_id: str | None = Field(
        default=None, description="whose entry it is; of one person's, the one who leads"
    )
    links: list[CardLink] = Field(
        default=[], description="what makes several ids one person; for staff alone"
    )
    overrides: list[CardOverride] = Field(
        default=[], description="what was decided by hand of the person; for staff alone"
    )


class OwnerBrief(Model):
    """Who owns a customer."""

    staff_id: str
    subject: str = Field(description="of their tokens")
    name: str
    presence: str = Field(description="here, away or left, today in Turkey")
    through: str = Field(
        description="customer: their own owner; segment: the owner of their segment"
    )
    languages: list[str] = Field(default=[], description="as BCP 47 has them")


class ActingBrief(Model):
    """Who takes the place of an owner who is not here."""

    staff_id: str
    subject: str
    name: str
    acting_as: str = Field(description="deputy, successor, segment_owner or default_owner")


class GroupReason(Model):
    """A rule that applied: what was found, and the bound that it reached."""

    rule: str
    found: int = Field(description="a count, per cent, or minor units where there is a currency")
    bound: int
    currency: str | None = Field(default=None, description="ISO 4217")


class GroupBrief(Model):
    """A kind of customer that somebody is, and why."""

    group: str = Field(description="profitable, loyal, can_be_loyal or loss_making")
    reasons: list[GroupReason]


class CarePart(Model):
    """Who cares for a person: tier, owner and queue need no identity, all else needs grounds."""

    segment_id: str | None = Field(description="null where no segment was ever made")
    tier: str | None = Field(description="the segment's name")
    rank: int | None = Field(description="1 is the highest tier")
    queue: str | None = Field(description="in which they are served")
    owner: OwnerBrief | None = Field(description="null where no segment was ever made")
    acting: ActingBrief | None = Field(
        description="who takes the place of an owner who is not here; null where nobody can"
    )
    assigned: str | None = Field(
        default=None, description="by_hand, by_rule or by_default; null without grounds"
    )
    reason: str | None = Field(default=None, description="why somebody put them there by hand")
    groups: list[GroupBrief] = Field(default=[])
    value: list[Money] = Field(
        default=[],
        description="what they paid so far less what was given back, one entry per currency; no "
        "margin is known",
    )
    known_since: AwareDatetime | None = Field(
        default=None, description="when they came into the books; null without grounds"
    )


class Promised(Model):
    """What was promised in a conversation. It is open until it was kept, however late."""

    what: str
    by: str = Field(description="who of us keeps it")
    due: AwareDatetime
    kept_at: AwareDatetime | None = None


class ConversationBrief(Model):
    """A conversation in one line."""

    at: AwareDatetime
    channel: str
    direction: str
    kind: str
    partner: str = Field(alias="with", description="who spoke for the company")
    summary: str
    conversation_id: str | None = None
    promise: Promised | None = None


class OpenPromise(Model):
    """A promise that nobody has kept yet, whenever it was given."""

    conversation_id: str = Field(description="in which it was given")
    at: AwareDatetime = Field(description="when it was given")
    what: str
    by: str = Field(description="who of us keeps it")
    due: AwareDatetime


class ConversationsPart(Model):
    """What was talked about: the count of all, the newest ten, and what was promised.

    Of the promises that are open, those that are due first: twenty at most of each customer id.
    """

    count: int
    recent: list[ConversationBrief]
    open_promises: int = 0
    promises: list[OpenPromise] = Field(default=[])


class OrderBrief(Model):
    """An order in one line."""

    order_id: str
    external_id: str | None
    status: str
    ordered_at: AwareDatetime
    promised_at: AwareDatetime | None


class OrderedItem(Model):
    """What was ordered, and how many."""

    product: str
    quantity: int


class LastOrder(Model):
    """The newest order that still counts."""

    order_id: str
    external_id: str | None
    status: str
    ordered_at: AwareDatetime
    items: list[OrderedItem]


class OrdersPart(Model):
    """What a customer ordered: counts and sums of the whole history, lists of the newest."""

    count: int
    totals: list[Money] = Field(
        description="of orders not given up, with freight, one entry per currency"
    )
    pending: list[OrderBrief] = Field(description="neither delivered nor given up, at most 50")
    pending_count: int | None = Field(
        default=None, description="of all that are pending; null where it is not told"
    )
    last_order: LastOrder | None
    recent: list[OrderBrief] = Field(description="the newest ten")


class PaymentMethod(Model):
    """How often and how much somebody paid in one way, in minor units."""

    method: str
    currency: str
    count: int
    amount: int


class PaymentsPart(Model):
    """How a customer pays, over the whole history."""

    methods: list[PaymentMethod]
    max_instalments: int | None = Field(description="null where nothing was paid yet")
    paid: list[Money] = Field(description="less what was given back")
    owed: list[Money] = Field(description="what orders not given up are short of")


class RiskPart(Model):
    """How careful to be when selling on account."""

    band: str
    reasons: list[str] = Field(description="the rules that applied")


class ComplaintBrief(Model):
    """A complaint in one line."""

    complaint_id: str
    opened_at: AwareDatetime
    title: str = Field(description="as it was told; may be empty")
    owner: str | None = Field(description="null where no person has heard it yet")
    seriousness: str | None = Field(
        default=None, description="normal, serious or safety; null where it is not told"
    )
    due_at: AwareDatetime | None = Field(
        default=None, description="until when we promised the next word; null where none waits"
    )


class RecentComplaint(ComplaintBrief):
    """A complaint in one line, and how far it has come."""

    status: str


class ComplaintsPart(Model):
    """What a customer complained of: counts of the whole history, lists of the newest."""

    count: int
    open_count: int
    open: list[ComplaintBrief] = Field(description="not resolved, at most 50")
    recent: list[RecentComplaint] = Field(description="the newest ten")


class UnitBrief(Model):
    """A unit in one line."""

    unit_id: str
    product: str | None
    serial: str | None
    pieces: int = Field(
        default=1, description="more than one where a large line of an order is one unit"
    )
    delivered_at: AwareDatetime | None = Field(
        description="where only the day is known, its first moment in Istanbul"
    )
    covered_until: date | None = Field(
        description="last day of the statutory cover, which runs from delivery; "
        "null where the day of delivery is not known"
    )
    state: str


class ProductsPart(Model):
    """What a customer owns: counted over the whole history, listed the newest."""

    count: int = Field(description="of pieces")
    units: list[UnitBrief] = Field(description="the newest ten")


class OfferBrief(Model):
    """An offer that somebody was made, in one line."""

    at: AwareDatetime
    channel: str
    offer_id: str | None = Field(default=None, description="null where no owner was asked")
    about: str = Field(description="id of the conversation or the message that it was made in")


class AnswerBrief(Model):
    """What came of an offer or a message, in one line."""

    at: AwareDatetime
    medium: str
    result: str = Field(
        description="opened, clicked, answered, bought, refused, complained, thanked, recommended"
    )
    offer_id: str | None = None
    message_id: str | None = None


class ConsentBrief(Model):
    """The last that somebody has said of marketing by a channel; `may-contact` decides."""

    at: AwareDatetime
    channel: str = Field(description="ARAMA, MESAJ, EPOSTA or MEKTUP")
    status: str = Field(description="ONAY or RET")


class EngagementPart(Model):
    """How a customer and the company get on: silence, offers and answers, words on consent."""

    silence_days: int | None = Field(
        description="since the last word that was no offer of ours; null where nothing is known"
    )
    band: str | None = Field(
        description="cared_for, neglected or forgotten, by silence alone and whatever their tier"
    )
    since: date | None = Field(description="the first day that we know them from")
    theirs: date | None = Field(description="when they last turned to us")
    ours: date | None = Field(description="when we last turned to them but with an offer")
    offered: date | None = Field(description="when we last made them an offer")
    offers: list[OfferBrief] = Field(description="the newest five")
    answers: list[AnswerBrief] = Field(description="the newest five")
    said: list[ConsentBrief] = Field(description="one for each channel that they spoke of")
    frictions: int = Field(description="how often we could not because of a rule of ours")
    praised: date | None = Field(
        default=None, description="when they last thanked us or recommended us"
    )
    advocate: bool = Field(default=False, description="whether that was in the last two years")


class CustomerSummary(Model):
    """What one service knows under one customer id."""

    members: list[str] = Field(
        default=[], description="the customer ids known to be the same person"
    )
    newly_joined: list[str] = Field(
        default=[],
        description="those taken for the same person, which nobody has confirmed: for us alone",
    )
    erased_at: str | None = Field(
        default=None, description="since when what was known is gone; an instant in ISO 8601"
    )
    parts: dict[str, dict[str, object] | None] = Field(
        description="by the part's name; null where there is no such customer"
    )


class SummaryAnswer(Model):
    """The answer. An id that the caller may not see is not in it."""

    customers: dict[str, CustomerSummary]
