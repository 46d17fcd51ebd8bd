"""Makes the Python environments that the commands run in, from the locks in requirements/.

A new lock or another Python makes a new environment beside the old one. `.sahip/<name>` is a
link to the current one.
"""

import importlib.util
import os
import platform
import sys
from functools import partial
from pathlib import Path

from infra.launcher import places, progress
from infra.launcher.folders import Folders
from infra.launcher.problems import Problem

INSTALLER = "installer"
# Not a Python environment but a folder: what goes into the zips besides our own code.
LAMBDA = "lambda"
PACKAGES = "packages"
RUNTIME = f"{sys.version_info.major}.{sys.version_info.minor}"
LAMBDA_PLATFORM = "x86_64-manylinux_2_17"
MISLEADING = {"PIP_PREFIX", "PIP_TARGET", "PIP_USER", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"}
PIP_PLATFORMS = ("manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux_2_5_x86_64")


def python_of(name: str) -> Path:
    """The Python of the environment `name`, made first if need be.

    Raises Problem when it cannot be made.
    """
    return ensure(name) / "bin" / "python"


def ensure(name: str) -> Path:
    """The folder of the environment `name`, made first if need be, and kept while we live."""
    lock = (places.LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    made_from = "\0".join([lock, sys.version, sys.base_prefix, platform.machine()])
    return Folders(places.HOME).ensure(name, made_from, partial(_make, name))


def lambda_packages() -> Path:
    """The folder of third-party packages for a function's zip, made first if need be."""
    return ensure(LAMBDA) / PACKAGES


def _make(name: str, folder: Path) -> None:
    if name == INSTALLER:
        _make_installer(folder)
    elif name == LAMBDA:
        _make_lambda(folder)
    else:
        _make_venv(name, folder)


def _make_installer(folder: Path) -> None:
    """A venv with pip, from what Python brings along, and uv, which installs faster."""
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise Problem(
                f"{sys.executable} lacks its module '{module}'. On Debian or Ubuntu: "
                f"apt-get install python{RUNTIME}-venv"
            )
    env = _clean_environment()
    progress.run(
        "making the installer", [sys.executable, "-m", "venv", folder], cwd=places.ROOT, env=env
    )
    fetch = [folder / "bin" / "python", *_pip_install(INSTALLER)]
    progress.run("fetching uv", fetch, cwd=places.ROOT, env=env)


def _make_venv(name: str, folder: Path) -> None:
    from venv import EnvBuilder

    EnvBuilder(symlinks=True).create(folder)
    python = folder / "bin" / "python"
    installer = python_of(INSTALLER)
    _install(
        name,
        uv=["--python", python, "--compile-bytecode"],
        pip=[installer, "-m", "pip", "--python", python, *_pip_install(name)[2:]],
    )


def _make_lambda(folder: Path) -> None:
    """What is locked for Lambda, for Lambda's platform whatever this machine is."""
    installer = python_of(INSTALLER)
    of_platform: list[str | Path] = [word for tag in PIP_PLATFORMS for word in ("--platform", tag)]
    folder.mkdir()
    into: list[str | Path] = [
        "--target",
        folder / PACKAGES,
        "--python-version",
        RUNTIME,
        "--only-binary",
        ":all:",
    ]
    _install(
        LAMBDA,
        uv=[*into, "--python", installer, "--python-platform", LAMBDA_PLATFORM],
        pip=[installer, *_pip_install(LAMBDA), *into, "--no-deps", *of_platform],
    )


def _install(name: str, *, uv: list[str | Path], pip: list[str | Path]) -> None:
    """With uv; and where that fails with pip, which knows the mirrors set up for this machine.

    `uv` holds options of `uv pip install`, `pip` a whole command.
    """
    count = _packages_in(name)
    what = f"installing {count} packages into '{name}'"
    env = {**_clean_environment(), "UV_PYTHON_DOWNLOADS": "never", "UV_NO_CONFIG": "1"}
    lock = str(places.LOCKS / f"{name}.txt")
    command = [places.HOME / INSTALLER / "bin" / "uv", "pip", "install", *uv]
    try:
        progress.run(
            what, [*command, "--no-deps", "--require-hashes", "-r", lock], cwd=places.ROOT, env=env
        )
    except Problem as problem:
        if "the disk is full" in str(problem):
            raise
        progress.run(f"{what} with pip, since uv could not", pip, cwd=places.ROOT, env=env)


def _pip_install(name: str) -> list[str | Path]:
    lock = places.LOCKS / f"{name}.txt"
    quietly: list[str | Path] = ["--quiet", "--no-input", "--disable-pip-version-check"]
    return ["-m", "pip", "install", *quietly, "--require-hashes", "-r", lock]


def _packages_in(name: str) -> int:
    lock = (places.LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    return sum("==" in line for line in lock.splitlines() if not line.startswith((" ", "#")))


def _clean_environment() -> dict[str, str]:
    """Ours, without what would point a new environment at another Python's packages."""
    return {name: value for name, value in os.environ.items() if name not in MISLEADING}
