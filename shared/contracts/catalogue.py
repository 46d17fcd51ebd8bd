"""Every event there is, by its detail type."""

from collections.abc import Mapping

from shared.contracts import complaints, customer, engagement, orders, warranty
from shared.contracts.event import Event

_MODULES = (complaints, customer, engagement, orders, warranty)

EVENTS: Mapping[str, type[Event]] = {
    event.detail_type: event
    for module in _MODULES
    for event in vars(module).values()
    if isinstance(event, type) and issubclass(event, Event) and "detail_type" in vars(event)
}
