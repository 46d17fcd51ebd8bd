"""Which of the locked packages a service needs, by what its code imports."""

import ast
import re
import threading
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

# What is needed without being imported by name: the time zones behind the standard library.
BEHIND = {"zoneinfo": "tzdata"}


def needed(code: Path, packages: Path) -> set[str]:
    """Names at the top of the folder `packages` that the Python files under `code` need.

    What those packages require in turn is among them, and their notes (…dist-info).
    """
    installed = {_canonical(one.name): one for one in distributions(path=[str(packages)])}
    providers = {top: name for name, one in installed.items() for top in _tops(one)}
    imported = {BEHIND.get(module, module) for file in code.rglob("*.py") for module in _of(file)}
    ahead = [providers[module] for module in imported if module in providers]
    found: set[str] = set()
    while ahead:
        name = ahead.pop()
        if name not in found and name in installed:
            found.add(name)
            required = installed[name].requires or []
            ahead += [_canonical(one) for one in required if "extra ==" not in one]
    return {top for name in found for top in _tops(installed[name])}


# Python 3.11 keeps the depth of its parser for all threads together, and fails when two parse.
_one_at_a_time = threading.Lock()


def _of(file: Path) -> Iterator[str]:
    """The first word of every import in a module, also of those inside functions."""
    with _one_at_a_time:
        tree = ast.parse(file.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _tops(distribution: Distribution) -> set[str]:
    """Its folders and single modules, without suffix as far as they are modules."""
    tops = {file.parts[0] for file in distribution.files or [] if file.parts[0] != ".."}
    return {top.removesuffix(".py") for top in tops} - {"__pycache__"}


def _canonical(requirement: str) -> str:
    name = re.split(r"[^A-Za-z0-9_.-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()
