"""The templates of infra/, read for one machine."""

from infra.local.templates.descriptions import World
from infra.local.templates.documents import TemplateError
from infra.local.templates.reading import read_world, service_names
from infra.local.templates.values import Account

__all__ = ["Account", "TemplateError", "World", "read_world", "service_names"]
