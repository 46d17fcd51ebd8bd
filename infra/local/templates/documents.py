"""CloudFormation YAML as plain documents: short forms such as !Ref become their long forms."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml


class TemplateError(Exception):
    """A template says something that cannot be played as it would be in AWS."""


if TYPE_CHECKING:
    _SafeLoader = yaml.SafeLoader
else:
    # By libyaml where there is one: templates are read at each start, which takes half a second
    # without.
    _SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):
    """YAML as CloudFormation reads it: its own tags, dates as text, no key twice."""


def read_document(path: Path) -> dict[str, Any]:
    """Read a template. Raise TemplateError if it is not one."""
    try:
        # A subclass of SafeLoader: it makes nothing but plain values.
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except yaml.YAMLError as error:
        raise TemplateError(f"{path.name}: {error}") from error
    if not isinstance(document, dict):
        raise TemplateError(f"{path.name} holds no template")
    return document


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if name == "Fn::GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)  # noqa: S101 - there is no fourth kind
        value = loader.construct_mapping(node, deep=True)
    return {name: value}


def _text(loader: _Loader, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    written = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
    twice = {key for key in written if isinstance(key, str) and written.count(key) > 1}
    if twice:
        raise yaml.constructor.ConstructorError(
            None, None, f"key written twice: {', '.join(sorted(twice))}", node.start_mark
        )
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _short_form)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _text)
