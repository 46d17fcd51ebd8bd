"""The policy, written down a second time by hand: what is not in this table is refused."""

import json
from itertools import product

import pytest

from shared.access import POLICY, Action, Caller, Role
from shared.errors import Forbidden

ANY, OWN, NONE = "any", "own", "-"

#                                customer agent owner manager operations integration
REACHES = {
    Action.CREATE_CUSTOMER:     (NONE,    ANY,  ANY,  ANY,    NONE,      ANY),
    Action.READ_CUSTOMER:       (OWN,     ANY,  ANY,  ANY,    ANY,       ANY),
    Action.CHANGE_CUSTOMER:     (OWN,     ANY,  ANY,  ANY,    NONE,      ANY),
    Action.CHANGE_EXTERNAL_IDS: (NONE,    ANY,  ANY,  ANY,    NONE,      ANY),
    Action.LOOK_UP_CUSTOMERS:   (NONE,    ANY,  ANY,  ANY,    NONE,      ANY),
    Action.LINK_CUSTOMERS:      (NONE,    ANY,  ANY,  ANY,    NONE,      NONE),
    Action.PLACE_ORDER:         (NONE,    ANY,  ANY,  ANY,    NONE,      ANY),
    Action.READ_ORDER:          (OWN,     ANY,  ANY,  ANY,    ANY,       ANY),
    Action.APPROVE_ORDER:       (NONE,    ANY,  ANY,  ANY,    ANY,       ANY),
    Action.SHIP_ORDER:          (NONE,    NONE, NONE, NONE,   ANY,       ANY),
    Action.DELIVER_ORDER:       (NONE,    NONE, NONE, NONE,   ANY,       ANY),
    Action.CANCEL_ORDER:        (OWN,     ANY,  ANY,  ANY,    ANY,       ANY),
    Action.VIEW_CUSTOMER:       (OWN,     ANY,  ANY,  ANY,    ANY,       NONE),
}  # fmt: skip


def a_caller(*roles: Role, customer_id: str | None = "own") -> Caller:
    return Caller(subject="s", client_id="web", roles=frozenset(roles), customer_id=customer_id)


def test_every_action_has_its_line_in_the_table() -> None:
    assert set(REACHES) == set(Action) == set(POLICY)


@pytest.mark.parametrize(("action", "role"), list(product(Action, Role)), ids=str)
def test_a_role_reaches_as_far_as_the_table_says_and_no_farther(
    action: Action, role: Role
) -> None:
    reach = REACHES[action][list(Role).index(role)]
    caller = a_caller(role)

    assert caller.may(action, "own") == (reach != NONE)
    assert caller.may(action, "own-too", ["own", "own-too"]) == (reach != NONE)
    assert caller.may(action, "foreign") == (reach == ANY)
    if reach == NONE:
        with pytest.raises(Forbidden, match=f"is not open to {role}"):
            caller.must_be_allowed(action)
    else:
        caller.must_be_allowed(action)


@pytest.mark.parametrize("action", Action)
def test_who_has_no_role_may_nothing(action: Action) -> None:
    nobody = a_caller()

    assert not nobody.may(action, "own")
    with pytest.raises(Forbidden, match="not open to no role"):
        nobody.must_be_allowed(action)


@pytest.mark.parametrize("action", Action)
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
