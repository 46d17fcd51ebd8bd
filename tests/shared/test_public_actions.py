"""What may be asked for without a token is named one by one; everything else stays shut."""

import pytest

from shared.access import POLICY, PUBLIC, Action, Caller, Role
from shared.errors import Forbidden

NOBODY = Caller.anonymous()


def test_who_comes_without_a_token_has_no_role_and_is_no_customer() -> None:
    assert NOBODY.roles == frozenset()
    assert NOBODY.customer_id is None


@pytest.mark.parametrize("action", sorted(set(Action) - PUBLIC))
def test_what_is_not_public_is_refused_without_a_token(action: Action) -> None:
    with pytest.raises(Forbidden, match="not open to no role"):
        NOBODY.must_be_allowed(action)


@pytest.mark.parametrize("action", sorted(PUBLIC))
def test_what_is_public_is_open_to_everybody_but_reaches_nobodys_data(action: Action) -> None:
    signed_in = Caller(
        subject="s", client_id="c", roles=frozenset({Role.CUSTOMER}), customer_id="cus_1"
    )

    for anybody in (NOBODY, signed_in):
        anybody.must_be_allowed(action)
        assert not anybody.may(action, "cus_1", ["cus_1"])


@pytest.mark.parametrize("action", sorted(Action))
def test_every_action_is_public_or_has_somebody_who_may_do_it(action: Action) -> None:
    assert (action in PUBLIC) != bool(POLICY.get(action))
