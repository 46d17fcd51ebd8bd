"""The policy, written down a second time by hand: what is not in this table is refused."""

import json
from itertools import product

import pytest

from shared.access import POLICY, PUBLIC, Action, Caller, Role
from shared.errors import Forbidden

ANY, OWN, NONE = "any", "own", "-"

# Open to everybody without a token, so that nobody needs a role, and nobody's data are reached.
# Webhooks, and a call centre that asks who calls, show a partner's signature instead.
OPEN = {
    Action.REGISTER_PRODUCT,
    Action.GIVE_PROOF,
    Action.RELAY_ORDER_EVENT,
    Action.RELAY_CALL_EVENT,
    Action.RECOGNISE_CALLER,
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
    Action.RECORD_CONVERSATION:    (NONE,     ANY,  ANY,  ANY,     ANY,        ANY),
    Action.READ_CONVERSATIONS:     (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
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
    Action.REGISTER_PRODUCT:       (NONE,     NONE, NONE, NONE,    NONE,       NONE),
    Action.GIVE_PROOF:             (NONE,     NONE, NONE, NONE,    NONE,       NONE),
    Action.ACCEPT_PROOF:           (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.REFUSE_PROOF:           (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.READ_REGISTRATION:      (OWN,      ANY,  ANY,  ANY,     ANY,        ANY),
    Action.READ_UNIT:              (OWN,      ANY,  ANY,  ANY,     ANY,        ANY),
    Action.VIEW_CUSTOMER:          (OWN,      ANY,  ANY,  ANY,     ANY,        NONE),
    Action.LOOK_UP_VIEW:           (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
    Action.SEE_RISK:               (NONE,     ANY,  ANY,  ANY,     ANY,        NONE),
}  # fmt: skip


def a_caller(*roles: Role, customer_id: str | None = "own") -> Caller:
    return Caller(subject="s", client_id="web", roles=frozenset(roles), customer_id=customer_id)


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
    caller = a_caller(role)

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


def test_an_empty_customer_id_in_a_token_is_none() -> None:
    assert Caller.from_claims({"sub": "s", "customer_id": ""}).customer_id is None


@pytest.mark.parametrize("customer_id", [None, "cus_1"])
def test_a_caller_is_passed_on_to_another_service_unchanged(customer_id: str | None) -> None:
    caller = a_caller(Role.AGENT, Role.CUSTOMER, customer_id=customer_id)

    assert Caller.from_document(json.loads(json.dumps(caller.document()))) == caller
