"""Starts what a command names, in the environment it needs."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from infra.launcher import (
    browser,
    client,
    desk,
    environments,
    npm,
    places,
    progress,
    reference,
)
from infra.launcher.commands import parse
from infra.launcher.problems import Problem, disk_problems_in_words

INTERRUPTED = 130
MINISTACK_PYTHON = "SAHIP_MINISTACK_PYTHON"
LAMBDA_PACKAGES = "SAHIP_LAMBDA_PACKAGES"
MATCHING_PYTHON = "SAHIP_MATCHING_PYTHON"
DESK, DESK_MODULES, CHROMIUM = "SAHIP_DESK", "SAHIP_DESK_MODULES", "SAHIP_CHROMIUM"
REFERENCE = "SAHIP_REFERENCE"


def main(words: list[str]) -> int:
    """Carry out a command line; returns the exit code unless the process becomes the command."""
    options = parse(words)
    start: dict[str, Callable[[Namespace, list[str]], int]] = {
        "up": _up,
        "test": _test,
        "faults": _faults,
        "lint": _lint,
        "token": _in_run,
        "import": _import,
        "check": _check,
        "logs": _logs,
        "package": _package,
        "client": _client,
        "bench": _bench,
        "learn": _learn,
        "redrive": _in_run,
        "dedup": _in_run,
        "rebuild": _in_run,
        "lock": _lock,
    }
    try:
        with disk_problems_in_words():
            return start[options.command](options, words[1:])
    except Problem as problem:
        sys.stderr.write(f"sahip: {problem}\n")
        return problem.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("\nsahip: interrupted\n")
        return INTERRUPTED


def _up(_options: Namespace, words: list[str]) -> NoReturn:
    python = environments.python_of("run")
    settings = {MINISTACK_PYTHON: environments.python_of("ministack"), **_pages()}
    _become(python, "infra.local.up", _with_absolute_paths(_options, words), settings)


def _pages() -> dict[str, Path]:
    """Where the files for browsers are, without what cannot be built: the API needs none."""
    pages = {}
    for what, name, build in (
        ("the desk", DESK, desk.built),
        ("the reference", REFERENCE, reference.built),
    ):
        try:
            pages[name] = build()
        except Problem as problem:
            progress.say(f"going on without {what}, which could not be built: {problem}")
    return pages


# A file stays in one process, since its tests share a system that takes a moment to start. There
# is one process more than cores: some tests wait. Files come in the order of their names: those
# with the fewest tests, which would come last otherwise, are stories that take long.
ALL_CORES = ["-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile", "--no-loadscope-reorder"]
# Each has a command of its own, so that the rest is seen soon. The faults take as long as all the
# other tests together.
FAULTS = "tests/faults"
API = ("tests/access", "tests/api", "tests/reference")
PACKAGES = ("tests/packages",)
BROWSER = "tests/browser"


def _in_run(options: Namespace, words: list[str]) -> NoReturn:
    _become(environments.python_of("run"), f"infra.local.{options.command}", words)


def _import(options: Namespace, _words: list[str]) -> NoReturn:
    words = [options.source, str(options.directory), "--port", str(options.port)]
    words += ["--rejects", str(options.rejects)]
    _become(environments.python_of("run"), f"imports.{options.source}", words)


def _check(options: Namespace, _words: list[str]) -> NoReturn:
    words = [options.source, str(options.directory), "--port", str(options.port)]
    words += ["--persons", str(options.persons or "all")]
    _become(environments.python_of("run"), f"checks.{options.source}", words)


def _logs(options: Namespace, _words: list[str]) -> int:
    from infra.local.logs import show

    return show(options.state, follow=options.follow)


def _faults(options: Namespace, _words: list[str]) -> NoReturn:
    words = [_from_here(word) for word in options.rest] or [FAULTS, *ALL_CORES]
    _become(environments.python_of("test"), "pytest", words)


def _test(options: Namespace, _words: list[str]) -> NoReturn:
    if options.browser:
        _test_desk(options)
    python = environments.python_of("test")
    settings = {LAMBDA_PACKAGES: environments.lambda_packages()}
    if part := (API if options.api else PACKAGES if options.packages else ()):
        words = [_from_here(word) for word in options.rest] or [*part, *ALL_CORES]
        _become(python, "pytest", words, settings)
    if options.engine == "ministack":
        settings[MINISTACK_PYTHON] = environments.python_of("ministack")
        environments.ensure("client")  # one is made and walked with
    words = ["--engine", options.engine, *(_from_here(word) for word in options.rest)]
    if options.engine == "moto" and not options.rest:
        # What is asked for by name is seen sooner in one process.
        words += [f"--ignore={one}" for one in (FAULTS, *API, *PACKAGES)] + ALL_CORES
    _become(python, "pytest", words, settings)


def _test_desk(options: Namespace) -> NoReturn:
    settings = {
        DESK: desk.built(),
        DESK_MODULES: npm.fetched(desk.SOURCES),
        REFERENCE: reference.built(),
        CHROMIUM: browser.chromium(),
    }
    words = [_from_here(word) for word in options.rest]
    if not any(Path(word.partition("::")[0]).exists() for word in words):
        words.append(BROWSER)
    _become(environments.python_of("browser"), "pytest", words, settings)


def _lint(options: Namespace, words: list[str]) -> NoReturn:
    settings = {}
    if not options.checks or "templates" in options.checks:
        settings[LAMBDA_PACKAGES] = environments.lambda_packages()
    if not options.checks or "desk" in options.checks:
        npm.fetched(desk.SOURCES)
    _become(environments.python_of("test"), "infra.lint", words, settings)


def _package(options: Namespace, words: list[str]) -> NoReturn:
    settings = {LAMBDA_PACKAGES: environments.lambda_packages()}
    if not options.services:
        settings |= {DESK: desk.built(), REFERENCE: reference.built()}
    python = environments.python_of("run")
    _become(python, "infra.package", _with_absolute_paths(options, words), settings)


def _client(options: Namespace, _words: list[str]) -> int:
    client.generate(options.out)
    return 0


def _bench(options: Namespace, _words: list[str]) -> NoReturn:
    python = environments.python_of("run")
    settings = {MINISTACK_PYTHON: environments.python_of("ministack")}
    if not options.rest or "dedup" in options.rest:
        settings[MATCHING_PYTHON] = environments.python_of("matching")
    _become(python, "bench", options.rest, settings)


def _learn(options: Namespace, _words: list[str]) -> NoReturn:
    _become(environments.python_of("run"), f"bench.{options.what}.learn", [])


def _lock(options: Namespace, _words: list[str]) -> int:
    from infra.launcher import locks

    installer = environments.ensure(environments.INSTALLER)
    locks.make(installer / "bin" / "uv", upgrade=options.upgrade)
    return 0


def _become(
    python: Path, module: str, words: list[str], settings: dict[str, Path] | None = None
) -> NoReturn:
    """Turn this process into `python -m module`, so that signals and exit codes are its own."""
    env = dict(os.environ)
    for misleading in ("PYTHONPATH", "PYTHONHOME"):
        env.pop(misleading, None)
    if module == "pytest":
        # Half of what a process of the tests needs for its start is compiling them.
        env.pop("PYTHONDONTWRITEBYTECODE", None)
    env.update({name: str(value) for name, value in (settings or {}).items()})
    os.chdir(places.ROOT)
    sys.stderr.flush()
    os.execve(python, [str(python), "-m", module, *words], env)  # noqa: S606 - our own commands


def _from_here(word: str) -> str:
    """A pytest argument that names a file, as seen from the folder pytest will run in."""
    file, mark, test = word.partition("::")
    return f"{Path(file).absolute()}{mark}{test}" if file and Path(file).exists() else word


def _with_absolute_paths(options: Namespace, words: list[str]) -> list[str]:
    """The same words, with --state and --output as seen from any folder; the last one counts."""
    named = [(name, getattr(options, name, None)) for name in ("state", "output")]
    return [*words, *(w for name, path in named if path for w in (f"--{name}", str(path)))]
