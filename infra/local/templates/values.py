"""Resolves the references and intrinsic functions of templates."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.local.templates.documents import TemplateError

_PLACEHOLDER = re.compile(r"\$\{(!?)([A-Za-z0-9:.]+)\}")
_DYNAMIC = re.compile(r"\{\{resolve:([^}]*)\}\}")
_NO_VALUE = object()

# Resources that Chalice declares and a template completes, by their logical id.
HTTP_FUNCTION = "APIHandler"
HTTP_API = "RestAPI"


@dataclass(frozen=True, kw_only=True)
class Account:
    """Whose account, in which region, at which stage the templates are deployed."""

    account: str
    region: str
    stage: str


class Stack:
    """One template with its parameters, and the names its resources get."""

    def __init__(
        self, name: str, document: Mapping[str, Any], account: Account, given: Mapping[str, str]
    ) -> None:
        self.service = name
        self.account = account
        self.name = (
            f"sahip-{account.stage}" if name == "platform" else f"sahip-{account.stage}-{name}"
        )
        self.resources: Mapping[str, Mapping[str, Any]] = document.get("Resources") or {}
        self.outputs: Mapping[str, Any] = document.get("Outputs") or {}
        self.globals: Mapping[str, Any] = document.get("Globals") or {}
        self.conditions: Mapping[str, Any] = document.get("Conditions") or {}
        self.parameters = self._parameters(document.get("Parameters") or {}, given)

    def _parameters(
        self, declared: Mapping[str, Any], given: Mapping[str, str]
    ) -> Mapping[str, str]:
        values: dict[str, str] = {}
        for name, parameter in declared.items():
            if name in given:
                values[name] = given[name]
            elif "Default" in parameter:
                values[name] = str(parameter["Default"])
            else:
                raise TemplateError(f"{self.service}: parameter {name} has no value")
            allowed = parameter.get("AllowedPattern")
            if allowed and not re.fullmatch(allowed, values[name]):
                raise TemplateError(f"{self.service}: {name}={values[name]!r} is not {allowed}")
        return values


class Values:
    """Resolves values of several stacks, which may import from each other."""

    def __init__(self, stacks: Sequence[Stack], secret: Callable[[str], str]) -> None:
        """`secret` gives the value of a secret by its name; KeyError where there is none."""
        self._stacks = {stack.service: stack for stack in stacks}
        self._secret = secret
        self._intrinsics: Mapping[str, Callable[[Any, Stack], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::If": self._if,
            "Fn::Join": self._join,
            "Fn::ImportValue": self._import_value,
            "Fn::Equals": self._equals,
            "Fn::Not": lambda value, stack: not self.resolve(value[0], stack),
            "Fn::And": lambda value, stack: all(self.resolve(part, stack) for part in value),
            "Fn::Or": lambda value, stack: any(self.resolve(part, stack) for part in value),
            "Condition": self.holds,
        }
        self._exports = {
            self.text(output["Export"]["Name"], stack): (stack, output["Value"])
            for stack in stacks
            for output in stack.outputs.values()
            if "Export" in output and self.holds(output.get("Condition"), stack)
        }

    def resolve(self, value: Any, stack: Stack) -> Any:
        """The value with all references replaced. Raise TemplateError if one cannot be."""
        if isinstance(value, Mapping):
            if len(value) == 1:
                [(name, argument)] = value.items()
                if name in self._intrinsics:
                    return self._intrinsics[name](argument, stack)
                if name.startswith("Fn::"):
                    raise TemplateError(f"{stack.service}: {name} is not known here")
            pairs = ((key, self.resolve(part, stack)) for key, part in value.items())
            return {key: part for key, part in pairs if part is not _NO_VALUE}
        if isinstance(value, list):
            parts = (self.resolve(part, stack) for part in value)
            return [part for part in parts if part is not _NO_VALUE]
        if isinstance(value, str):
            return _DYNAMIC.sub(lambda found: self._dynamic(found[1], stack), value)
        return value

    def text(self, value: Any, stack: Stack) -> str:
        """The resolved value, which must be text or a number."""
        resolved = self.resolve(value, stack)
        if isinstance(resolved, bool):
            return "true" if resolved else "false"
        if isinstance(resolved, str | int | float):
            return str(resolved)
        raise TemplateError(f"{stack.service}: expected text, found {resolved!r}")

    def holds(self, condition: str | None, stack: Stack) -> bool:
        """Whether a condition is met; none is always met."""
        if condition is None:
            return True
        if condition not in stack.conditions:
            raise TemplateError(f"{stack.service}: there is no condition {condition}")
        return bool(self.resolve(stack.conditions[condition], stack))

    def arn(self, service: str, resource: str, stack: Stack) -> str:
        """An ARN of the account and region at hand."""
        account = stack.account
        return f"arn:aws:{service}:{account.region}:{account.account}:{resource}"

    def physical_name(self, logical_id: str, stack: Stack) -> str:
        """The name AWS would give a resource, or the one the template gives it."""
        resource = self._resource(logical_id, stack)
        key = {
            "AWS::DynamoDB::Table": "TableName",
            "AWS::SQS::Queue": "QueueName",
            "AWS::Events::EventBus": "Name",
            "AWS::Events::Rule": "Name",
            "AWS::KMS::Alias": "AliasName",
            "AWS::Scheduler::Schedule": "Name",
        }.get(resource.get("Type", ""))
        given = (resource.get("Properties") or {}).get(key) if key else None
        return f"{stack.name}-{logical_id}" if given is None else self.text(given, stack)

    def _resource(self, logical_id: str, stack: Stack) -> Mapping[str, Any]:
        resource = stack.resources.get(logical_id)
        if resource is None or not self.holds(resource.get("Condition"), stack):
            raise TemplateError(f"{stack.service}: there is no resource {logical_id}")
        return resource

    def _ref(self, name: str, stack: Stack) -> Any:
        pseudo = {
            "AWS::AccountId": stack.account.account,
            "AWS::Region": stack.account.region,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::StackName": stack.name,
            "AWS::NoValue": _NO_VALUE,
        }
        if name in pseudo:
            return pseudo[name]
        if name in stack.parameters:
            return stack.parameters[name]
        kind = self._resource(name, stack).get("Type")
        if kind == "AWS::SQS::Queue":
            account = stack.account
            queue = self.physical_name(name, stack)
            return f"https://sqs.{account.region}.amazonaws.com/{account.account}/{queue}"
        if kind in ("AWS::DynamoDB::Table", "AWS::Events::EventBus") or (
            kind is None and name != HTTP_API
        ):
            return self.physical_name(name, stack)
        raise TemplateError(f"{stack.service}: !Ref {name} ({kind}) is not played here")

    def _get_att(self, path: Sequence[str] | str, stack: Stack) -> str:
        logical_id, attribute = path.split(".", 1) if isinstance(path, str) else path
        kind = self._resource(logical_id, stack).get("Type")
        name = self.physical_name(logical_id, stack)
        known = {
            ("AWS::DynamoDB::Table", "Arn"): self.arn("dynamodb", f"table/{name}", stack),
            # Which stream the table has is known once it stands; a mapping asks the table.
            ("AWS::DynamoDB::Table", "StreamArn"): self.arn(
                "dynamodb", f"table/{name}/stream/latest", stack
            ),
            ("AWS::SQS::Queue", "Arn"): self.arn("sqs", name, stack),
            ("AWS::SQS::Queue", "QueueName"): name,
            ("AWS::Events::EventBus", "Arn"): self.arn("events", f"event-bus/{name}", stack),
            ("AWS::Events::EventBus", "Name"): name,
            (None, "Arn"): self.arn("lambda", f"function:{name}", stack),
        }
        if (kind, attribute) not in known or logical_id == HTTP_API:
            raise TemplateError(f"{stack.service}: {logical_id}.{attribute} is not played here")
        return known[kind, attribute]

    def _sub(self, value: Any, stack: Stack) -> str:
        text, given = (value, {}) if isinstance(value, str) else value

        def fill(found: re.Match[str]) -> str:
            literal, name = found.groups()
            if literal:
                return f"${{{name}}}"
            if name in given:
                return self.text(given[name], stack)
            if "." in name:
                return self._get_att(name, stack)
            return self.text({"Ref": name}, stack)

        return str(self.resolve(_PLACEHOLDER.sub(fill, text), stack))

    def _if(self, value: Sequence[Any], stack: Stack) -> Any:
        condition, then, otherwise = value
        return self.resolve(then if self.holds(condition, stack) else otherwise, stack)

    def _join(self, value: Sequence[Any], stack: Stack) -> str:
        separator, parts = value
        return str(separator).join(self.text(part, stack) for part in self.resolve(parts, stack))

    def _equals(self, value: Sequence[Any], stack: Stack) -> bool:
        left, right = value
        return self.text(left, stack) == self.text(right, stack)

    def _import_value(self, value: Any, stack: Stack) -> Any:
        name = self.text(value, stack)
        if name not in self._exports:
            raise TemplateError(f"{stack.service}: nothing exports {name}")
        exporter, exported = self._exports[name]
        return self.resolve(exported, exporter)

    def _dynamic(self, reference: str, stack: Stack) -> str:
        kind, _, name = reference.partition(":")
        if kind != "secretsmanager" or ":" in name:
            raise TemplateError(f"{stack.service}: {{{{resolve:{reference}}}}} is not known here")
        try:
            return self._secret(name)
        except KeyError:
            raise TemplateError(f"{stack.service}: there is no secret {name}") from None
