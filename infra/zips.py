"""Zips of functions that start fast, and are the same to the byte for the same commit."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)
IN_LAMBDA = "/var/task"
LARGEST = 3_000_000  # bytes


def third_party(packages: Path, folder: Path) -> None:
    """Copy what a function needs of the locked packages into a folder that does not exist yet.

    They go along compiled, without source and docstrings: a sixth of the zip's size.
    """
    shutil.copytree(packages, folder, ignore=_needless)
    for notes in folder.glob("*.dist-info/METADATA"):  # the rest of it is the package's README
        notes.write_text(notes.read_text(encoding="utf-8").partition("\n\n")[0] + "\n")
    _replace_sources(folder, folder)


def _replace_sources(modules: Path, folder: Path) -> None:
    _compile_all(modules, folder, "-b", "-o", "2")
    for source in modules.rglob("*.py"):
        source.unlink()


def _needless(folder: str, names: list[str]) -> set[str]:
    """Types, tools, notes of installers, and of pydantic what it has for its first version."""
    needless = {name for name in names if name.endswith((".pyi", ".typed", ".pyc"))}
    needless |= {"__pycache__", "bin", ".lock", "tests", "test_cases.py"} & set(names)
    if folder.endswith(".dist-info"):
        needless |= set(names) - {"METADATA", "licenses"}
    if Path(folder).name == "pydantic":
        needless |= {"v1", "mypy.py", "color.py"} & set(names)
    return needless


def _compile_all(modules: Path, folder: Path, *options: str) -> None:
    """Write a .pyc for all modules, which Python trusts without looking at the source.

    `folder` is what Lambda will have as /var/task, for tracebacks.

    Lambda's disk is read-only and its functions short-lived, so without these every cold start
    compiles everything. In another process whose hash seed is fixed: the order of a set is
    written into the .pyc. Raises CalledProcessError for a module with a syntax error.
    """
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-s", "-m", "compileall", "-q", "-f", "-s", str(folder), "-p", IN_LAMBDA]
        + ["--invalidation-mode", "unchecked-hash", *options, str(modules)],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        check=True,
    )


def write(folder: Path, archive: Path) -> int:
    """Zip a folder in a fixed order with fixed times and modes; answer its size in bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(archive, "w") as target:
        for file in files:
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, so that the mode below is read
            entry.external_attr = (0o100755 if file.suffix == ".so" else 0o100644) << 16
            target.writestr(entry, file.read_bytes(), compresslevel=9)
    return archive.stat().st_size


def merge(chalice_zip: Path, packages: Path, folder: Path) -> None:
    """Unpack Chalice's zip into a folder that does not exist yet, and add the packages to it.

    Our own code keeps its source: its docstrings are part of the API, its lines of a traceback.
    """
    with zipfile.ZipFile(chalice_zip) as source:
        source.extractall(folder)
    _replace_sources(folder / "chalice", folder)
    _compile_all(folder, folder)
    shutil.copytree(packages, folder, dirs_exist_ok=True)
