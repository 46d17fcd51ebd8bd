"""What a service needs by what its code imports: of the locked packages, and of our own."""

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


def imported(code: Path, package: Path) -> set[Path]:
    """The modules of our own package that the Python files under `code` import, in turn too.

    With each come the packages that it lies in, since Python runs those first.
    """
    found: set[Path] = set()
    ahead = set(code.rglob("*.py"))
    while ahead:
        named = {name for file in ahead for name in _named(file)}
        ahead = {file for name in named for file in _files(name, package)} - found
        found |= ahead
    return found


def _files(name: str, package: Path) -> Iterator[Path]:
    """The files that Python runs for a dotted name, if it begins with the package's own."""
    words = name.split(".")
    if words[0] == package.name:
        places = [package.joinpath(*words[1:end]) for end in range(1, len(words) + 1)]
        candidates = [one for place in places for one in (place / "__init__.py", _module(place))]
        yield from (one for one in candidates if one.is_file())


def _module(place: Path) -> Path:
    return place.with_name(f"{place.name}.py")


def _of(file: Path) -> Iterator[str]:
    """The first word of every import in a module."""
    yield from (name.partition(".")[0] for name in _named(file))


def _named(file: Path) -> Iterator[str]:
    """Every dotted name that may be a module in the imports of one, also inside functions."""
    for node in ast.walk(_parsed(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _tops(distribution: Distribution) -> set[str]:
    """Its folders and single modules, without suffix as far as they are modules."""
    tops = {file.parts[0] for file in distribution.files or [] if file.parts[0] != ".."}
    return {top.removesuffix(".py") for top in tops} - {"__pycache__"}


def _canonical(requirement: str) -> str:
    name = re.split(r"[^A-Za-z0-9_.-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


# Python 3.11 keeps the depth of its parser for all threads together, and fails when two parse.
_one_at_a_time = threading.Lock()


def _parsed(file: Path) -> ast.Module:
    with _one_at_a_time:
        return ast.parse(file.read_bytes())
