"""How long each source has is a setting beside its function."""

import pytest

from services.customer_view import bootstrap
from tests.account import AwsAccount, bootstrapped


def test_each_source_has_the_time_that_its_setting_says(
    aws: AwsAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bootstrapped(aws, "customer_view", bootstrap):
        assert all(0.1 <= one.deadline < bootstrap.DEADLINE for one in bootstrap.sources())
        bootstrap.sources.cache_clear()
        monkeypatch.setenv("ORDERS_DEADLINE_MS", "700")

        deadlines = {one.parts[0]: one.deadline for one in bootstrap.sources()}

    assert deadlines["orders"] == 0.7
