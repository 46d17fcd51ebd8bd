"""How fast a system of the tests goes."""

from infra.local.mappings.settings import Pace

# A reader that others came in between of has its message again after a second, and not when the
# queue's three minutes are over: those who wait for quiet wait for it.
BRISK = Pace(redelivery=1)
