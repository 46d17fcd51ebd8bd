"""Who may do what to whose data: the one policy, deny by default.

Every route, list, look-up and `summary` asks here. The policy is a table of
data; what is not in it is refused.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from shared.errors import Forbidden, NotVerified
from shared.grounds import (
    FINDING,
    REASON_HEADER,
    REASONS,
    SESSION_HEADER,
    Grounds,
    Reason,
    Session,
    grounds_from,
)

INTEGRATION_SCOPE = "sahip/integration"


class Role(StrEnum):
    """What a caller is to the company."""

    CUSTOMER = "customer"
    AGENT = "agent"
    OWNER = "owner"
    MANAGER = "manager"
    OPERATIONS = "operations"
    INTEGRATION = "integration"


class Action(StrEnum):
    """What can be done, named as the route that does it."""

    CREATE_CUSTOMER = "create_customer"
    READ_CUSTOMER = "read_customer"
    CHANGE_CUSTOMER = "change_customer"
    ERASE_CUSTOMER = "erase_customer"
    CHANGE_EXTERNAL_IDS = "change_external_ids"
    CHANGE_TAX_IDS = "change_tax_ids"
    REVEAL_TAX_ID = "reveal_tax_id"
    LOOK_UP_CUSTOMERS = "look_up_customers"
    SEARCH_CUSTOMERS = "search_customers"
    RECOGNISE_CUSTOMER = "recognise_customer"
    RECOGNISE_CALLER = "recognise_caller"
    LINK_CUSTOMERS = "link_customers"
    HOLD_SESSION = "hold_session"
    LIST_SESSIONS = "list_sessions"
    RELATE_CUSTOMERS = "relate_customers"
    READ_RELATIONS = "read_relations"
    READ_DUPLICATES = "read_duplicates"
    DECIDE_DUPLICATE = "decide_duplicate"
    READ_STAFF = "read_staff"
    KEEP_STAFF = "keep_staff"
    LIST_OWNED = "list_owned"
    READ_CARE = "read_care"
    ASSIGN_CARE = "assign_care"
    RECORD_CONVERSATION = "record_conversation"
    READ_CONVERSATIONS = "read_conversations"
    KEEP_PROMISE = "keep_promise"
    PLACE_ORDER = "place_order"
    RECORD_PAST_ORDER = "record_past_order"
    READ_ORDER = "read_order"
    APPROVE_ORDER = "approve_order"
    PROCESS_ORDER = "process_order"
    SHIP_ORDER = "ship_order"
    DELIVER_ORDER = "deliver_order"
    CANCEL_ORDER = "cancel_order"
    MARK_ORDER_UNAVAILABLE = "mark_order_unavailable"
    RECORD_PAYMENT = "record_payment"
    REFUND_PAYMENT = "refund_payment"
    ISSUE_INVOICE = "issue_invoice"
    ATTRIBUTE_ORDER = "attribute_order"
    OPEN_COMPLAINT = "open_complaint"
    READ_COMPLAINT = "read_complaint"
    LIST_LATE_COMPLAINTS = "list_late_complaints"
    ANSWER_COMPLAINT = "answer_complaint"
    HAND_OVER_COMPLAINT = "hand_over_complaint"
    ASK_HELP = "ask_help"
    PROPOSE_RESOLUTION = "propose_resolution"
    ACCEPT_RESOLUTION = "accept_resolution"
    REOPEN_COMPLAINT = "reopen_complaint"
    ATTRIBUTE_COMPLAINT = "attribute_complaint"
    REGISTER_PRODUCT = "register_product"
    GIVE_PROOF = "give_proof"
    ACCEPT_PROOF = "accept_proof"
    REFUSE_PROOF = "refuse_proof"
    READ_REGISTRATION = "read_registration"
    READ_UNIT = "read_unit"
    ATTRIBUTE_UNIT = "attribute_unit"
    RECORD_CONSENT = "record_consent"
    READ_CONSENT = "read_consent"
    LIST_LATE_CONSENTS = "list_late_consents"
    MAY_CONTACT = "may_contact"
    READ_SILENCE = "read_silence"
    LIST_FORGOTTEN = "list_forgotten"
    RECORD_RESPONSE = "record_response"
    READ_RESPONSES = "read_responses"
    RECORD_FRICTION = "record_friction"
    LIST_FRICTIONS = "list_frictions"
    COUNT_OUTCOMES = "count_outcomes"
    RECORD_SPEND = "record_spend"
    SAY_INFLUENCE = "say_influence"
    READ_INFLUENCES = "read_influences"
    PLAN_OFFER = "plan_offer"
    READ_OFFER = "read_offer"
    DECIDE_OFFER = "decide_offer"
    LIST_BALLOTS = "list_ballots"
    SEND_MESSAGE = "send_message"
    READ_MESSAGE = "read_message"
    LIST_UNCLEAR_MESSAGES = "list_unclear_messages"
    RULE_ON_MESSAGE = "rule_on_message"
    GIVE_RECEIPT = "give_receipt"
    READ_LINES = "read_lines"
    VIEW_CUSTOMER = "view_customer"
    LOOK_UP_VIEW = "look_up_view"
    SEE_CANDIDATES = "see_candidates"
    LIST_LOOKS = "list_looks"
    SEE_RISK = "see_risk"
    RELAY_ORDER_EVENT = "relay_order_event"
    RELAY_CALL_EVENT = "relay_call_event"


class Reach(StrEnum):
    """Whose data an action reaches."""

    OWN = "own"
    ANY = "any"


_DESK = {Role.AGENT: Reach.ANY, Role.OWNER: Reach.ANY, Role.MANAGER: Reach.ANY}
_STAFF = _DESK | {Role.OPERATIONS: Reach.ANY}
_MACHINES = {Role.INTEGRATION: Reach.ANY}
_FULFILMENT = {Role.OPERATIONS: Reach.ANY} | _MACHINES
_SELF = {Role.CUSTOMER: Reach.OWN}
_ANSWERING = {Role.MANAGER: Reach.ANY, Role.OPERATIONS: Reach.ANY}

POLICY: Mapping[Action, Mapping[Role, Reach]] = {
    Action.CREATE_CUSTOMER: _DESK | _MACHINES,
    Action.READ_CUSTOMER: _STAFF | _MACHINES | _SELF,
    Action.CHANGE_CUSTOMER: _DESK | _MACHINES | _SELF,
    # It cannot be undone: for those who answer for it, upon a request that they name.
    Action.ERASE_CUSTOMER: _ANSWERING,
    Action.CHANGE_EXTERNAL_IDS: _DESK | _MACHINES,
    # By a number one is recognised: nobody says of themselves whose number they have.
    Action.CHANGE_TAX_IDS: _DESK | _MACHINES,
    # Who issues invoices, and who answers for the desk; the desk compares, and need not see.
    Action.REVEAL_TAX_ID: {Role.MANAGER: Reach.ANY} | _FULFILMENT,
    Action.LOOK_UP_CUSTOMERS: _DESK | _MACHINES,
    # It shows people of whom less is known than a phone: for people who serve them, not machines.
    Action.SEARCH_CUSTOMERS: _DESK,
    # Who answers people, and the machines that answer the telephone.
    Action.RECOGNISE_CUSTOMER: _DESK | _MACHINES,
    Action.LINK_CUSTOMERS: _DESK,
    Action.HOLD_SESSION: _DESK,
    # Who talked with whom, and how they were verified, is for those who answer for it.
    Action.LIST_SESSIONS: {Role.OWNER: Reach.ANY, Role.MANAGER: Reach.ANY},
    Action.RELATE_CUSTOMERS: _DESK,
    # It names other customers, so it is not for customers themselves.
    Action.READ_RELATIONS: _STAFF,
    Action.READ_DUPLICATES: _DESK,
    Action.DECIDE_DUPLICATE: _DESK,
    Action.READ_STAFF: _STAFF,
    # Who somebody is to the company, and who owns whom, is said by those who answer for it.
    Action.KEEP_STAFF: _ANSWERING,
    Action.LIST_OWNED: _STAFF,
    # How a person is to be served; machines that answer the telephone need it as the desk does.
    Action.READ_CARE: _STAFF | _MACHINES,
    Action.ASSIGN_CARE: _ANSWERING,
    Action.RECORD_CONVERSATION: _STAFF | _MACHINES,
    # Notes that we make for ourselves: not for customers, neither here nor in the view.
    Action.READ_CONVERSATIONS: _STAFF,
    Action.KEEP_PROMISE: _STAFF,
    # A body carries prices, so only those place orders who answer for what things cost.
    Action.PLACE_ORDER: _DESK | _MACHINES,
    # History comes from other systems; nobody tells one by hand.
    Action.RECORD_PAST_ORDER: _MACHINES,
    Action.READ_ORDER: _STAFF | _MACHINES | _SELF,
    Action.APPROVE_ORDER: _STAFF | _MACHINES,
    Action.PROCESS_ORDER: _FULFILMENT,
    Action.SHIP_ORDER: _FULFILMENT,
    Action.DELIVER_ORDER: _FULFILMENT,
    Action.CANCEL_ORDER: _STAFF | _MACHINES | _SELF,
    Action.MARK_ORDER_UNAVAILABLE: _FULFILMENT,
    Action.RECORD_PAYMENT: _STAFF | _MACHINES,
    # Who sells does not give back: that takes somebody else.
    Action.REFUND_PAYMENT: {Role.MANAGER: Reach.ANY, Role.OPERATIONS: Reach.ANY} | _MACHINES,
    Action.ISSUE_INVOICE: _FULFILMENT,
    # Whoever parts two says whose what came meanwhile is.
    Action.ATTRIBUTE_ORDER: _DESK,
    Action.OPEN_COMPLAINT: _STAFF | _MACHINES | _SELF,
    Action.READ_COMPLAINT: _STAFF | _MACHINES | _SELF,
    Action.LIST_LATE_COMPLAINTS: _STAFF,
    Action.ANSWER_COMPLAINT: _STAFF | _MACHINES,
    Action.HAND_OVER_COMPLAINT: _STAFF,
    Action.ASK_HELP: _STAFF,
    Action.PROPOSE_RESOLUTION: _STAFF | _MACHINES,
    # Only the customer's word resolves a complaint. Whoever records it answers for it.
    Action.ACCEPT_RESOLUTION: _STAFF | _MACHINES | _SELF,
    Action.REOPEN_COMPLAINT: _STAFF | _MACHINES | _SELF,
    Action.ATTRIBUTE_COMPLAINT: _DESK,
    Action.ACCEPT_PROOF: _STAFF,
    Action.REFUSE_PROOF: _STAFF,
    Action.READ_REGISTRATION: _STAFF | _MACHINES | _SELF,
    Action.READ_UNIT: _STAFF | _MACHINES | _SELF,
    Action.ATTRIBUTE_UNIT: _DESK,
    Action.RECORD_CONSENT: _STAFF | _MACHINES | _SELF,
    Action.READ_CONSENT: _STAFF | _MACHINES | _SELF,
    Action.LIST_LATE_CONSENTS: _STAFF,
    # It tells an address, and what stands against writing to it: complaints, and what was lost.
    Action.MAY_CONTACT: _STAFF | _MACHINES,
    # Our judgement of how we treat them: no more for customers than our notes are.
    Action.READ_SILENCE: _STAFF,
    Action.LIST_FORGOTTEN: _STAFF,
    Action.RECORD_RESPONSE: _STAFF | _MACHINES,
    Action.READ_RESPONSES: _STAFF | _MACHINES,
    Action.RECORD_FRICTION: _STAFF | _MACHINES,
    # In the words of whoever was hindered, so it is about several persons.
    Action.LIST_FRICTIONS: _STAFF,
    # Counts over all customers, which are nobody's data.
    Action.COUNT_OUTCOMES: _STAFF | _MACHINES,
    Action.RECORD_SPEND: _ANSWERING | _MACHINES,
    Action.SAY_INFLUENCE: _DESK,
    # It names other customers, as relations do.
    Action.READ_INFLUENCES: _STAFF,
    # Who answers for what is sold asks; whose customers they are is for the staff directory.
    Action.PLAN_OFFER: _ANSWERING,
    Action.READ_OFFER: _STAFF,
    Action.DECIDE_OFFER: {Role.OWNER: Reach.ANY, Role.MANAGER: Reach.ANY},
    # Of one person, whoever talks with them; what they decide on is told to nobody else.
    Action.LIST_BALLOTS: {Role.OWNER: Reach.ANY, Role.MANAGER: Reach.ANY},
    Action.SEND_MESSAGE: _STAFF | _MACHINES,
    Action.READ_MESSAGE: _STAFF | _MACHINES | _SELF,
    # Whoever runs the outbox asks the gateway, and answers for what is said twice or never.
    Action.LIST_UNCLEAR_MESSAGES: _ANSWERING,
    Action.RULE_ON_MESSAGE: _ANSWERING,
    Action.READ_LINES: _STAFF,
    Action.VIEW_CUSTOMER: _STAFF | _SELF,
    Action.LOOK_UP_VIEW: _STAFF,
    Action.SEE_CANDIDATES: _STAFF,
    # Who looked is for those who answer for it.
    Action.LIST_LOOKS: {Role.OWNER: Reach.ANY, Role.MANAGER: Reach.ANY},
    Action.SEE_RISK: _STAFF,
}

# What anybody may ask for without a token. It reaches nobody's data: whoever comes without a
# token is told nothing but what came of their own request. A relayed event, and a call centre that
# asks who is calling, prove their sender by a signature.
PUBLIC = frozenset(
    {
        Action.REGISTER_PRODUCT,
        Action.GIVE_PROOF,
        Action.RELAY_ORDER_EVENT,
        Action.RELAY_CALL_EVENT,
        Action.RECOGNISE_CALLER,
        Action.GIVE_RECEIPT,
    }
)

# What staff do for whoever it is: it shows nothing but what they have just said. For all else they
# need grounds: a verified session with that person, or a reason outside a call.
NEEDS_NO_IDENTITY = frozenset(
    {
        Action.CREATE_CUSTOMER,
        Action.RECOGNISE_CUSTOMER,
        Action.HOLD_SESSION,
        Action.RECORD_CONVERSATION,
        Action.PLACE_ORDER,
        Action.OPEN_COMPLAINT,
        # The staff is nobody's data, and of a customer it tells tier, owner and queue.
        Action.READ_STAFF,
        Action.KEEP_STAFF,
        Action.READ_CARE,
        Action.COUNT_OUTCOMES,
        # An offer is nobody's: what is offered, and who said what of it, shows no customer.
        Action.READ_OFFER,
        # Whoever says no is obeyed, verified or not.
        Action.RECORD_CONSENT,
        # Counts of a day are nobody's data.
        Action.READ_LINES,
    }
)

# What shows or concerns more than one person, so that no session with one of them covers it.
OF_SEVERAL = frozenset(
    {
        Action.LOOK_UP_CUSTOMERS,
        Action.SEARCH_CUSTOMERS,
        Action.LINK_CUSTOMERS,
        Action.ATTRIBUTE_ORDER,
        Action.ATTRIBUTE_COMPLAINT,
        Action.ATTRIBUTE_UNIT,
        Action.RELATE_CUSTOMERS,
        Action.READ_RELATIONS,
        Action.READ_DUPLICATES,
        Action.DECIDE_DUPLICATE,
        Action.LIST_OWNED,
        Action.LIST_LATE_COMPLAINTS,
        Action.LIST_LATE_CONSENTS,
        Action.LIST_UNCLEAR_MESSAGES,
        Action.LIST_FORGOTTEN,
        Action.LIST_FRICTIONS,
        Action.RECORD_SPEND,
        Action.SAY_INFLUENCE,
        Action.READ_INFLUENCES,
        Action.PLAN_OFFER,
        Action.DECIDE_OFFER,
        Action.SEE_CANDIDATES,
    }
)

# What one may do because somebody is looked for who is not recognised yet.
_FINDING = frozenset({Action.LOOK_UP_CUSTOMERS, Action.SEARCH_CUSTOMERS})

ANONYMOUS = "anonymous"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks, as the verified token says it, and on what grounds one of ours does."""

    subject: str
    client_id: str
    roles: frozenset[Role]
    customer_id: str | None = None
    grounds: Grounds | None = None
    department: str | None = None  # of one of ours: it allows nothing, and says how they are shown

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any]) -> Self:
        """Read the claims that API Gateway verified. An unknown group gives no role."""
        groups = claims.get("cognito:groups") or ()
        names = groups.replace(",", " ").split() if isinstance(groups, str) else list(groups)
        roles = {Role(name) for name in names if name in _GROUPS}
        if INTEGRATION_SCOPE in str(claims.get("scope", "")).split():
            roles.add(Role.INTEGRATION)
        return cls(
            subject=str(claims["sub"]),
            client_id=str(claims.get("client_id", "")),
            roles=frozenset(roles),
            customer_id=claims.get("customer_id") or None,
            department=claims.get("department") or None,
        )

    @classmethod
    def anonymous(cls) -> Self:
        """Somebody who came without a token: no role, and nobody's data but what they send."""
        return cls(subject=ANONYMOUS, client_id="", roles=frozenset())

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read what `document` wrote."""
        return cls(
            subject=document["subject"],
            client_id=document["client_id"],
            roles=frozenset(Role(role) for role in document["roles"]),
            customer_id=document["customer_id"],
            grounds=grounds_from(document.get("grounds")),
            department=document.get("department"),
        )

    def document(self) -> dict[str, Any]:
        """The caller as a service passes it on to another."""
        return {
            "subject": self.subject,
            "client_id": self.client_id,
            "roles": sorted(self.roles),
            "customer_id": self.customer_id,
            "grounds": self.grounds.document() if self.grounds else None,
            "department": self.department,
        }

    def on(self, grounds: Grounds | None) -> Self:
        """The same caller on these grounds."""
        return replace(self, grounds=grounds)

    def reach(self, action: Action) -> Reach | None:
        """The farthest that any of the caller's roles reaches; None where none allows it."""
        allowed = POLICY.get(action, {})
        reaches = {allowed[role] for role in self.roles if role in allowed}
        if Reach.ANY in reaches:
            return Reach.ANY
        if Reach.OWN in reaches and self.customer_id is not None:
            return Reach.OWN
        return None

    def needs_grounds(self, action: Action) -> bool:
        """Whether it takes more than a role: one of ours would see what the books hold."""
        if action in PUBLIC or action in NEEDS_NO_IDENTITY:
            return False
        return self._by_itself(action) is None and self.reach(action) is not None

    def must_be_allowed(self, action: Action) -> None:
        """Raise Forbidden unless the action is public, or some role allows it on somebody.

        Raise NotVerified where that is not enough, and the grounds are not there.
        """
        if action not in PUBLIC and self.reach(action) is None:
            roles = ", ".join(sorted(self.roles)) or "no role"
            raise Forbidden(f"{action.replace('_', ' ')} is not open to {roles}")
        if self.needs_grounds(action):
            self._must_have_grounds(action)

    def may(self, action: Action, customer_id: str, members: Collection[str] = ()) -> bool:
        """Whether the action may reach this customer's data.

        `members` are customer ids that are known to be one person. They count where the caller,
        or whom the caller's session is with, is one of them.
        """
        by_itself = self._by_itself(action)
        if by_itself is Reach.ANY:
            return True
        if by_itself is Reach.OWN and (
            customer_id == self.customer_id
            or (self.customer_id in members and customer_id in members)
        ):
            return True
        if self.reach(action) is not Reach.ANY:
            return False
        if not self.needs_grounds(action) and by_itself is None:
            return True
        return self._has_grounds(action, customer_id, members)

    def must_reach(self, action: Action, customer_id: str, members: Collection[str] = ()) -> bool:
        """Whether the action may reach this customer's data, as `may` says.

        Raise NotVerified where the role would allow it, so that nothing is hidden by saying so.
        """
        if self.may(action, customer_id, members):
            return True
        if self.reach(action) is Reach.ANY:
            self._must_have_grounds(action)
            raise NotVerified(
                "your session is with somebody else; open one with this person and verify it, or "
                f"outside a call give a {REASON_HEADER}"
            )
        return False

    @property
    def stands_for(self) -> Collection[str]:
        """The customer ids that the caller's own, and those of whom they talk with, come from."""
        talking = self.grounds.customer_ids[:1] if isinstance(self.grounds, Session) else ()
        return [one for one in (self.customer_id, *talking) if one is not None]

    def _by_itself(self, action: Action) -> Reach | None:
        """How far machines' and customers' own roles reach, which need no grounds."""
        allowed = POLICY.get(action, {})
        if Role.INTEGRATION in self.roles and Role.INTEGRATION in allowed:
            return allowed[Role.INTEGRATION]
        if Role.CUSTOMER in self.roles and Role.CUSTOMER in allowed and self.customer_id:
            return allowed[Role.CUSTOMER]
        return None

    def _has_grounds(self, action: Action, customer_id: str, members: Collection[str]) -> bool:
        try:
            self._must_have_grounds(action)
        except NotVerified:
            return False
        return isinstance(self.grounds, Reason) or (
            isinstance(self.grounds, Session) and self.grounds.covers(customer_id, members)
        )

    def _must_have_grounds(self, action: Action) -> None:
        told = f"outside a call give a {REASON_HEADER} header: {', '.join(REASONS)}"
        if self.grounds is None:
            raise NotVerified(
                f"say on what grounds: in a call give the grant of a verified session in a "
                f"{SESSION_HEADER} header; {told}"
            )
        if isinstance(self.grounds, Reason):
            if self.grounds.code == FINDING and action not in _FINDING:
                raise NotVerified(
                    f"{FINDING} opens searches alone; open a session with whom you found and "
                    "verify it"
                )
        elif not self.grounds.is_verified:
            raise NotVerified(
                "they are recognised, not verified: send them a code or ask for facts, and give "
                f"the grant that you get for it in the {SESSION_HEADER} header"
            )
        elif action in OF_SEVERAL:
            raise NotVerified(f"a session is with one person, and this concerns several; {told}")


_GROUPS = {role.value for role in Role} - {Role.INTEGRATION.value}
