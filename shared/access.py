"""Who may do what to whose data: the one policy, deny by default.

Every route, list, look-up and `summary` asks here. The policy is a table of
data; what is not in it is refused.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from shared.errors import Forbidden

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
    CHANGE_EXTERNAL_IDS = "change_external_ids"
    LOOK_UP_CUSTOMERS = "look_up_customers"
    SEARCH_CUSTOMERS = "search_customers"
    RECOGNISE_CUSTOMER = "recognise_customer"
    RECOGNISE_CALLER = "recognise_caller"
    LINK_CUSTOMERS = "link_customers"
    RELATE_CUSTOMERS = "relate_customers"
    READ_RELATIONS = "read_relations"
    READ_DUPLICATES = "read_duplicates"
    DECIDE_DUPLICATE = "decide_duplicate"
    RECORD_CONVERSATION = "record_conversation"
    READ_CONVERSATIONS = "read_conversations"
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
    OPEN_COMPLAINT = "open_complaint"
    READ_COMPLAINT = "read_complaint"
    LIST_LATE_COMPLAINTS = "list_late_complaints"
    ANSWER_COMPLAINT = "answer_complaint"
    HAND_OVER_COMPLAINT = "hand_over_complaint"
    ASK_HELP = "ask_help"
    PROPOSE_RESOLUTION = "propose_resolution"
    ACCEPT_RESOLUTION = "accept_resolution"
    REOPEN_COMPLAINT = "reopen_complaint"
    REGISTER_PRODUCT = "register_product"
    GIVE_PROOF = "give_proof"
    ACCEPT_PROOF = "accept_proof"
    REFUSE_PROOF = "refuse_proof"
    READ_REGISTRATION = "read_registration"
    READ_UNIT = "read_unit"
    VIEW_CUSTOMER = "view_customer"
    LOOK_UP_VIEW = "look_up_view"
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

POLICY: Mapping[Action, Mapping[Role, Reach]] = {
    Action.CREATE_CUSTOMER: _DESK | _MACHINES,
    Action.READ_CUSTOMER: _STAFF | _MACHINES | _SELF,
    Action.CHANGE_CUSTOMER: _DESK | _MACHINES | _SELF,
    Action.CHANGE_EXTERNAL_IDS: _DESK | _MACHINES,
    Action.LOOK_UP_CUSTOMERS: _DESK | _MACHINES,
    # It shows people of whom less is known than a phone: for people who serve them, not machines.
    Action.SEARCH_CUSTOMERS: _DESK,
    # Who answers people, and the machines that answer the telephone.
    Action.RECOGNISE_CUSTOMER: _DESK | _MACHINES,
    Action.LINK_CUSTOMERS: _DESK,
    Action.RELATE_CUSTOMERS: _DESK,
    # It names other customers, so it is not for customers themselves.
    Action.READ_RELATIONS: _STAFF,
    Action.READ_DUPLICATES: _DESK,
    Action.DECIDE_DUPLICATE: _DESK,
    Action.RECORD_CONVERSATION: _STAFF | _MACHINES,
    # Notes that we make for ourselves: not for customers, neither here nor in the view.
    Action.READ_CONVERSATIONS: _STAFF,
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
    Action.ACCEPT_PROOF: _STAFF,
    Action.REFUSE_PROOF: _STAFF,
    Action.READ_REGISTRATION: _STAFF | _MACHINES | _SELF,
    Action.READ_UNIT: _STAFF | _MACHINES | _SELF,
    Action.VIEW_CUSTOMER: _STAFF | _SELF,
    Action.LOOK_UP_VIEW: _STAFF,
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
    }
)

ANONYMOUS = "anonymous"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks, as the verified token says it."""

    subject: str
    client_id: str
    roles: frozenset[Role]
    customer_id: str | None = None

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
        )

    def document(self) -> dict[str, Any]:
        """The caller as a service passes it on to another."""
        return {
            "subject": self.subject,
            "client_id": self.client_id,
            "roles": sorted(self.roles),
            "customer_id": self.customer_id,
        }

    def reach(self, action: Action) -> Reach | None:
        """The farthest that any of the caller's roles reaches; None where none allows it."""
        allowed = POLICY.get(action, {})
        reaches = {allowed[role] for role in self.roles if role in allowed}
        if Reach.ANY in reaches:
            return Reach.ANY
        if Reach.OWN in reaches and self.customer_id is not None:
            return Reach.OWN
        return None

    def must_be_allowed(self, action: Action) -> None:
        """Raise Forbidden unless the action is public, or some role allows it on somebody."""
        if action not in PUBLIC and self.reach(action) is None:
            roles = ", ".join(sorted(self.roles)) or "no role"
            raise Forbidden(f"{action.replace('_', ' ')} is not open to {roles}")

    def may(self, action: Action, customer_id: str, members: Collection[str] = ()) -> bool:
        """Whether the action may reach this customer's data.

        `members` are the customer ids known to be the same person as the caller.
        """
        reach = self.reach(action)
        if reach is Reach.ANY:
            return True
        return reach is Reach.OWN and (customer_id == self.customer_id or customer_id in members)


_GROUPS = {role.value for role in Role} - {Role.INTEGRATION.value}
