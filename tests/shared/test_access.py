"""The policy, written down a second time by hand: what is not in this table is refused."""

import json
from dataclasses import replace
from itertools import product

import pytest

from shared.access import (
    NEEDS_NO_IDENTITY,
    OF_SEVERAL,
    POLICY,
    PUBLIC,
    Action,
    Caller,
    Role,
)
from shared.errors import Forbidden, Invalid, NotVerified
from shared.grounds import FINDING, REASONS, Grounds, Reason, Session

ANY, OWN, NONE = "any", "own", "-"

# Open to everybody without a token, so that nobody needs a role, and nobody's data are reached.
# Webhooks, and a call centre that asks who calls, show a partner's signature instead.
OPEN = {
    Action.REGISTER_PRODUCT,
    Action.GIVE_PROOF,
    Action.RELAY_ORDER_EVENT,
    Action.RELAY_CALL_EVENT,
    Action.RECOGNISE_CALLER,
    Action.GIVE_RECEIPT,
}

#                                   customer  agent owner manager  operations  integration
REACHES = {
    Action.CREATE_CUSTOMER:        (NONE,     ANY,  ANY,  ANY,     NONE,       ANY),
    Action.READ_CUSTOMER:          (OWN,      ANY,  ANY,  ANY,     ANY,        ANY),
    Action.CHANGE_CUSTOMER:        (OWN,      ANY,  ANY,  ANY,     NONE,       ANY),
    Action.CHANGE_EXTERNAL_IDS:    (NONE,     ANY,  ANY,  ANY,     NONE,       ANY),
    Action.CHANGE_TAX_IDS:         (NONE,     ANY,  ANY,  ANY,     NONE,       ANY),
    Action.REVEAL_TAX_ID:          (NONE,     NONE, NONE, ANY,     ANY,        ANY),
    Action.LOOK_UP_CUSTOMERS:      (NONE,     ANY,  ANY,  ANY,     NONE,       ANY),
    Action.SEARCH_CUSTOMERS:       (NONE,     ANY,  ANY,  ANY,     NONE,       NONE),
    Action.RECOGNISE_CUSTOMER:     (NONE,     ANY,  ANY,  ANY,     NONE,       ANY),
    Action.RECOGNISE_CALLER:       (NONE,     NONE, NONE, NONE,    NONE,       NONE),
    Action.LINK_CUSTOMERS:         (NONE,     ANY,  ANY,  ANY,     NONE,       NONE),
    Action.HOLD_SESSION:           (NONE,     ANY,  ANY,  ANY,     NONE,       NONE),
    Action.LIST_SESSIONS:          (NONE,     NONE, ANY,  ANY,     NONE,       NONE),
    Action.RELATE_CUSTOMERS:       (NONE,     ANY,  ANY,  ANY,     NONE,       NONE),
    Action.READ_RELATIONS:         (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.READ_DUPLICATES:        (NONE,     ANY,  ANY,  ANY,     NONE,       NONE),
    Action.DECIDE_DUPLICATE:       (NONE,     ANY,  ANY,  ANY,     NONE,       NONE),
    Action.READ_STAFF:             (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.KEEP_STAFF:             (NONE,     NONE, NONE, ANY,     ANY,        NONE),
    Action.LIST_OWNED:             (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.READ_CARE:              (NONE,     ANY,  ANY,  ANY,     ANY,        ANY),
    Action.ERASE_CUSTOMER:         (NONE,     NONE, NONE, ANY,     ANY,        NONE),
    Action.ASSIGN_CARE:            (NONE,     NONE, NONE, ANY,     ANY,        NONE),
    Action.RECORD_CONVERSATION:    (NONE,     ANY,  ANY,  ANY,     ANY,        ANY),
    Action.READ_CONVERSATIONS:     (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.KEEP_PROMISE:           (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.PLACE_ORDER:            (NONE,     ANY,  ANY,  ANY,     NONE,       ANY),
    Action.RECORD_PAST_ORDER:      (NONE,     NONE, NONE, NONE,    NONE,       ANY),
    Action.READ_ORDER:             (OWN,      ANY,  ANY,  ANY,     ANY,        ANY),
    Action.APPROVE_ORDER:          (NONE,     ANY,  ANY,  ANY,     ANY,        ANY),
    Action.PROCESS_ORDER:          (NONE,     NONE, NONE, NONE,    ANY,        ANY),
    Action.SHIP_ORDER:             (NONE,     NONE, NONE, NONE,    ANY,        ANY),
    Action.DELIVER_ORDER:          (NONE,     NONE, NONE, NONE,    ANY,        ANY),
    Action.CANCEL_ORDER:           (OWN,      ANY,  ANY,  ANY,     ANY,        ANY),
    Action.MARK_ORDER_UNAVAILABLE: (NONE,     NONE, NONE, NONE,    ANY,        ANY),
    Action.RECORD_PAYMENT:         (NONE,     ANY,  ANY,  ANY,     ANY,        ANY),
    Action.REFUND_PAYMENT:         (NONE,     NONE, NONE, ANY,     ANY,        ANY),
    Action.ISSUE_INVOICE:          (NONE,     NONE, NONE, NONE,    ANY,        ANY),
    Action.ATTRIBUTE_ORDER:        (NONE,     ANY,  ANY,  ANY,     NONE,       NONE),
    Action.RELAY_ORDER_EVENT:      (NONE,     NONE, NONE, NONE,    NONE,       NONE),
    Action.RELAY_CALL_EVENT:       (NONE,     NONE, NONE, NONE,    NONE,       NONE),
    Action.OPEN_COMPLAINT:         (OWN,      ANY,  ANY,  ANY,     ANY,        ANY),
    Action.READ_COMPLAINT:         (OWN,      ANY,  ANY,  ANY,     ANY,        ANY),
    Action.LIST_LATE_COMPLAINTS:   (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.ANSWER_COMPLAINT:       (NONE,     ANY,  ANY,  ANY,     ANY,        ANY),
    Action.HAND_OVER_COMPLAINT:    (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.ASK_HELP:               (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.PROPOSE_RESOLUTION:     (NONE,     ANY,  ANY,  ANY,     ANY,        ANY),
    Action.ACCEPT_RESOLUTION:      (OWN,      ANY,  ANY,  ANY,     ANY,        ANY),
    Action.REOPEN_COMPLAINT:       (OWN,      ANY,  ANY,  ANY,     ANY,        ANY),
    Action.ATTRIBUTE_COMPLAINT:    (NONE,     ANY,  ANY,  ANY,     NONE,       NONE),
    Action.REGISTER_PRODUCT:       (NONE,     NONE, NONE, NONE,    NONE,       NONE),
    Action.GIVE_PROOF:             (NONE,     NONE, NONE, NONE,    NONE,       NONE),
    Action.ACCEPT_PROOF:           (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.REFUSE_PROOF:           (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.READ_REGISTRATION:      (OWN,      ANY,  ANY,  ANY,     ANY,        ANY),
    Action.READ_UNIT:              (OWN,      ANY,  ANY,  ANY,     ANY,        ANY),
    Action.ATTRIBUTE_UNIT:         (NONE,     ANY,  ANY,  ANY,     NONE,       NONE),
    Action.RECORD_CONSENT:         (OWN,      ANY,  ANY,  ANY,     ANY,        ANY),
    Action.READ_CONSENT:           (OWN,      ANY,  ANY,  ANY,     ANY,        ANY),
    Action.LIST_LATE_CONSENTS:     (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.MAY_CONTACT:            (NONE,     ANY,  ANY,  ANY,     ANY,        ANY),
    Action.READ_SILENCE:           (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.LIST_FORGOTTEN:         (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.RECORD_RESPONSE:        (NONE,     ANY,  ANY,  ANY,     ANY,        ANY),
    Action.READ_RESPONSES:         (NONE,     ANY,  ANY,  ANY,     ANY,        ANY),
    Action.RECORD_FRICTION:        (NONE,     ANY,  ANY,  ANY,     ANY,        ANY),
    Action.LIST_FRICTIONS:         (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.COUNT_OUTCOMES:         (NONE,     ANY,  ANY,  ANY,     ANY,        ANY),
    Action.RECORD_SPEND:           (NONE,     NONE, NONE, ANY,     ANY,        ANY),
    Action.SAY_INFLUENCE:          (NONE,     ANY,  ANY,  ANY,     NONE,       NONE),
    Action.READ_INFLUENCES:        (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.SEND_MESSAGE:           (NONE,     ANY,  ANY,  ANY,     ANY,        ANY),
    Action.READ_MESSAGE:           (OWN,      ANY,  ANY,  ANY,     ANY,        ANY),
    Action.LIST_UNCLEAR_MESSAGES:  (NONE,     NONE, NONE, ANY,     ANY,        NONE),
    Action.RULE_ON_MESSAGE:        (NONE,     NONE, NONE, ANY,     ANY,        NONE),
    Action.GIVE_RECEIPT:           (NONE,     NONE, NONE, NONE,    NONE,       NONE),
    Action.READ_LINES:             (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.PLAN_OFFER:             (NONE,     NONE, NONE, ANY,     ANY,        NONE),
    Action.READ_OFFER:             (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.DECIDE_OFFER:           (NONE,     NONE, ANY,  ANY,     NONE,       NONE),
    Action.LIST_BALLOTS:           (NONE,     NONE, ANY,  ANY,     NONE,       NONE),
    Action.VIEW_CUSTOMER:          (OWN,      ANY,  ANY,  ANY,     ANY,        NONE),
    Action.LOOK_UP_VIEW:           (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.SEE_CANDIDATES:         (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.LIST_LOOKS:             (NONE,     NONE, ANY,  ANY,     NONE,       NONE),
    Action.SEE_RISK:               (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
}  # fmt: skip


STAFF = (Role.AGENT, Role.OWNER, Role.MANAGER, Role.OPERATIONS)
CASE = Reason(code="case", reference="cmp_1")


FOUND = Reason(code=FINDING)
OF_FINDING = {Action.LOOK_UP_CUSTOMERS, Action.SEARCH_CUSTOMERS}


def a_caller(
    *roles: Role, customer_id: str | None = "own", grounds: Grounds | None = CASE
) -> Caller:
    return Caller(
        subject="s",
        client_id="web",
        roles=frozenset(roles),
        customer_id=customer_id,
        grounds=grounds,
    )


def a_session(*customer_ids: str, verified: bool = True) -> Session:
    return Session(session_id="ses_1", customer_ids=customer_ids, is_verified=verified)


def test_every_action_has_its_line_in_the_table() -> None:
    assert set(REACHES) == set(Action) == set(POLICY) | PUBLIC


def test_what_is_open_to_everybody_is_this_and_nothing_else() -> None:
    assert PUBLIC == OPEN
    assert not PUBLIC & set(POLICY)


@pytest.mark.parametrize(("action", "role"), list(product(Action, Role)), ids=str)
def test_a_role_reaches_as_far_as_the_table_says_and_no_farther(
    action: Action, role: Role
) -> None:
    reach = REACHES[action][list(Role).index(role)]
    caller = a_caller(role, grounds=FOUND if action in OF_FINDING else CASE)

    assert caller.may(action, "own") == (reach != NONE)
    assert caller.may(action, "own-too", ["own", "own-too"]) == (reach != NONE)
    assert caller.may(action, "foreign") == (reach == ANY)
    if reach == NONE and action not in OPEN:
        with pytest.raises(Forbidden, match=f"is not open to {role}"):
            caller.must_be_allowed(action)
    else:
        caller.must_be_allowed(action)


@pytest.mark.parametrize("action", sorted(set(Action) - OPEN))
def test_who_has_no_role_may_nothing(action: Action) -> None:
    nobody = a_caller()

    assert not nobody.may(action, "own")
    with pytest.raises(Forbidden, match="not open to no role"):
        nobody.must_be_allowed(action)


@pytest.mark.parametrize("action", sorted(set(Action) - OPEN))
def test_a_customer_of_whom_no_id_is_known_reaches_nothing(action: Action) -> None:
    stranger = a_caller(Role.CUSTOMER, customer_id=None)

    assert not stranger.may(action, "own")
    assert not stranger.may(action, "", [""])
    with pytest.raises(Forbidden):
        stranger.must_be_allowed(action)


def test_an_action_that_is_not_in_the_policy_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.access.POLICY", {})

    assert not a_caller(*Role).may(Action.READ_ORDER, "own")


def test_the_farthest_of_several_roles_counts() -> None:
    both = a_caller(Role.CUSTOMER, Role.AGENT)

    assert both.may(Action.READ_ORDER, "foreign")
    assert not a_caller(Role.CUSTOMER, Role.INTEGRATION).may(Action.VIEW_CUSTOMER, "foreign")


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"cognito:groups": "agent,manager"}, {Role.AGENT, Role.MANAGER}),
        ({"cognito:groups": ["agent"]}, {Role.AGENT}),
        ({"cognito:groups": "agent unheard-of"}, {Role.AGENT}),
        ({"cognito:groups": "integration"}, set()),
        ({"cognito:groups": ""}, set()),
        ({"cognito:groups": "Agent"}, set()),
        ({}, set()),
        ({"scope": "sahip/integration"}, {Role.INTEGRATION}),
        ({"scope": "sahip/api sahip/integration"}, {Role.INTEGRATION}),
        ({"scope": "sahip/integration-lookalike"}, set()),
        ({"scope": "sahip/api", "cognito:groups": "customer"}, {Role.CUSTOMER}),
    ],
)
def test_roles_are_what_the_verified_token_says_and_nothing_unheard_of(
    claims: dict[str, object], roles: set[Role]
) -> None:
    assert Caller.from_claims({"sub": "s", **claims}).roles == roles


def test_an_empty_customer_id_or_department_in_a_token_is_none() -> None:
    empty = Caller.from_claims({"sub": "s", "customer_id": "", "department": ""})
    assert (empty.customer_id, empty.department) == (None, None)


def test_a_department_is_told_by_the_token_and_allows_nothing() -> None:
    one = Caller.from_claims({"sub": "s", "department": "finance"})

    assert one.department == "finance"
    assert not any(one.may(action, "foreign") for action in set(Action) - OPEN)


def test_who_passes_a_caller_on_may_not_know_of_departments_yet() -> None:
    told = a_caller(Role.AGENT).document()
    del told["department"]

    assert Caller.from_document(told).department is None


@pytest.mark.parametrize("customer_id", [None, "cus_1"])
@pytest.mark.parametrize("grounds", [None, CASE, FOUND, a_session("cus_1", "cus_2")], ids=str)
def test_a_caller_is_passed_on_to_another_service_unchanged(
    customer_id: str | None, grounds: Grounds | None
) -> None:
    caller = a_caller(Role.AGENT, Role.CUSTOMER, customer_id=customer_id, grounds=grounds)
    caller = replace(caller, department="service" if grounds else None)

    assert Caller.from_document(json.loads(json.dumps(caller.document()))) == caller


# What one of ours does whoever they talk with: all of it hears, none of it tells.
HEARS = {
    Action.CREATE_CUSTOMER,
    Action.RECOGNISE_CUSTOMER,
    Action.HOLD_SESSION,
    Action.RECORD_CONVERSATION,
    Action.PLACE_ORDER,
    Action.OPEN_COMPLAINT,
    Action.RECORD_CONSENT,
}
# What tells of the staff alone, and how somebody is served: tier, owner and queue; counts; and
# what is offered, to nobody in particular.
SERVES = {
    Action.READ_STAFF,
    Action.KEEP_STAFF,
    Action.READ_CARE,
    Action.READ_LINES,
    Action.COUNT_OUTCOMES,
    Action.READ_OFFER,
}
TELLS = sorted(set(POLICY) - HEARS - SERVES)
OF_ONE = sorted(set(TELLS) - OF_SEVERAL)


def those_of_ours_who_may(action: Action) -> list[Role]:
    return [role for role in STAFF if role in POLICY[action]]


def test_what_needs_no_identity_is_this_and_nothing_else() -> None:
    assert NEEDS_NO_IDENTITY == HEARS | SERVES


@pytest.mark.parametrize("action", sorted(HEARS | SERVES))
def test_what_only_hears_is_done_on_no_grounds_and_in_any_session(action: Action) -> None:
    for role in those_of_ours_who_may(action):
        for grounds in (None, a_session("cus_1", verified=False), FOUND):
            caller = a_caller(role, grounds=grounds)
            caller.must_be_allowed(action)
            assert caller.may(action, "cus_2")


@pytest.mark.parametrize("action", TELLS)
def test_one_of_ours_is_told_nothing_without_grounds(action: Action) -> None:
    for role in those_of_ours_who_may(action):
        caller = a_caller(role, grounds=None)
        with pytest.raises(NotVerified, match=r"say on what grounds.*Sahip-Session.*Sahip-Reason"):
            caller.must_be_allowed(action)
        assert not caller.may(action, "cus_1")


@pytest.mark.parametrize("action", TELLS)
def test_who_is_only_recognised_is_told_nothing(action: Action) -> None:
    for role in those_of_ours_who_may(action):
        caller = a_caller(role, grounds=a_session("cus_1", verified=False))
        with pytest.raises(NotVerified, match="recognised, not verified"):
            caller.must_be_allowed(action)
        assert not caller.may(action, "cus_1", ["cus_1", "cus_2"])


@pytest.mark.parametrize("action", OF_ONE)
def test_a_verified_session_is_good_for_its_person_and_for_nobody_else(action: Action) -> None:
    for role in those_of_ours_who_may(action):
        caller = a_caller(role, grounds=a_session("cus_1", "cus_2"))
        caller.must_be_allowed(action)
        assert caller.must_reach(action, "cus_1")
        assert caller.may(action, "cus_2")
        assert caller.may(action, "joined", ["joined", "cus_1"])
        assert not caller.may(action, "cus_3")
        assert not caller.may(action, "cus_3", ["cus_3", "cus_4"])
        assert not caller.may(action, "cus_3", ["cus_1", "cus_2"])
        with pytest.raises(NotVerified, match="with somebody else"):
            caller.must_reach(action, "cus_3")


@pytest.mark.parametrize("action", sorted(OF_SEVERAL))
def test_what_concerns_several_takes_a_reason_and_no_session(action: Action) -> None:
    for role in those_of_ours_who_may(action):
        with pytest.raises(NotVerified, match="this concerns several"):
            a_caller(role, grounds=a_session("cus_1")).must_be_allowed(action)
        a_caller(role, grounds=CASE).must_be_allowed(action)


@pytest.mark.parametrize("action", TELLS)
def test_looking_for_somebody_opens_searches_alone(action: Action) -> None:
    for role in those_of_ours_who_may(action):
        caller = a_caller(role, grounds=FOUND)
        if action in OF_FINDING:
            caller.must_be_allowed(action)
            continue
        with pytest.raises(NotVerified, match="opens searches alone"):
            caller.must_be_allowed(action)
        assert not caller.may(action, "cus_1")


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.INTEGRATION])
def test_customers_and_machines_need_no_grounds(role: Role) -> None:
    caller = a_caller(role, grounds=None)

    caller.must_be_allowed(Action.READ_ORDER)
    assert caller.must_reach(Action.READ_ORDER, "own")
    assert not caller.needs_grounds(Action.READ_ORDER)


def test_who_is_both_customer_and_one_of_us_sees_alone_what_is_theirs() -> None:
    both = a_caller(Role.CUSTOMER, Role.AGENT, grounds=a_session("cus_1", verified=False))

    assert both.may(Action.READ_ORDER, "own")
    assert not both.may(Action.READ_ORDER, "cus_1")
    assert not both.may(Action.READ_ORDER, "cus_2", ["cus_1", "cus_2"])
    with pytest.raises(NotVerified):
        both.must_reach(Action.READ_ORDER, "cus_1")


@pytest.mark.parametrize(
    ("header", "code", "reference"),
    [
        ("visit", "visit", None),
        (" case ", "case", None),
        ("case;cmp_7k2m", "case", "cmp_7k2m"),
        ("case; ord_7k2mabc", "case", "ord_7k2mabc"),
        ("audit; jira-123", "audit", "jira-123"),
        *((code, code, None) for code in REASONS),
    ],
)
def test_a_reason_is_a_code_and_perhaps_an_id(
    header: str, code: str, reference: str | None
) -> None:
    assert Reason.of(header) == Reason(code=code, reference=reference)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "curious",
        "Visit",
        "visit Ayşe",
        "visit; Ayşe Yılmaz",
        "visit; ayse-yilmaz",
        "visit; 05321234567",
        "visit; +905321234567",
        "visit; ayse@example.com",
        "visit;",
        "visit; cmp_1; cmp_2",
        "visit; cmp_" + "1" * 61,
        "visit\nvisit",
    ],
)
def test_what_could_tell_of_somebody_is_no_reason(header: str) -> None:
    with pytest.raises(Invalid, match="give one of visit, case") as refused:
        Reason.of(header)

    assert "yse" not in str(refused.value)
    assert refused.value.field == "Sahip-Reason"
