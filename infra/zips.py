"""Zips of functions that start fast, and are the same to the byte for the same commit."""

import ast
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Collection, Iterable
from fnmatch import fnmatch
from pathlib import Path
from typing import TypeGuard

EPOCH = (1980, 1, 1, 0, 0, 0)
IN_LAMBDA = "/var/task"
LARGEST = 13 * 256 * 1024  # bytes, three MiB and a quarter
# Types, tools and notes of installers.
NEEDLESS = ("*.pyi", "*.typed", "*.pyc", "__pycache__", "bin", "test*", ".lock")
NOTES = ("METADATA", "licenses")
# What a package has for purposes that are not ours, by the folder it lies in.
NEEDLESS_IN = {
    "pydantic": (
        *("v1", "deprecated", "experimental", "mypy.py", "color.py", "networks.py"),
        # Names of its first version, which are there to say that they are gone.
        *("class_validators.py", "datetime_parse.py", "decorator.py", "env_settings.py"),
        *("error_wrappers.py", "generics.py", "json.py", "parse.py", "schema.py", "tools.py"),
        *("typing.py", "utils.py", "validators.py"),
        # Decorators of functions and of ways to write that we do not use.
        *("alias_generators.py", "functional_serializers.py", "validate_call_decorator.py"),
    ),
    "pydantic/_internal": ("_decorators_v1.py", "_git.py", "_validate_call.py"),
    # To look for numbers in a text, as one types them, short ones; where and whose one is.
    "phonenumbers": (
        *("asyoutypeformatter.py", "phonenumbermatcher.py", "shortnumberinfo.py", "shortdata"),
        *("carrier.py", "geocoder.py", "prefix.py", "timezone.py"),
    ),
    "phonenumbers/data": ("alt_format_*.py",),
}
# Modules and folders of ours whose docstrings openapi.json tells.
DESCRIBING = {"app", "doors", "schemas", "contracts", "http"}
ZONES = ("Europe/Istanbul", "UTC")
# Numbers from abroad are seldom, and one country is loaded at a time. Their 250 modules of a few
# lines compress badly one by one, and well as one file: that saves a twentieth of the zip.
COUNTRIES = "region_*.py"
HOME_COUNTRY = "region_TR.py"
# The same holds for small modules of ours. A folder with data beside them stays as it is: they
# look for the data where they lie themselves.
BUNDLE = "modules.zip"
FEWEST = 3  # modules of a folder that are worth a bundle


def third_party(packages: Path, folder: Path) -> None:
    """Copy what functions need of the locked packages into a folder that does not exist yet.

    They go along compiled and without docstrings: a sixth of the zip's size.
    """
    shutil.copytree(packages, folder, ignore=_needless)
    for notes in folder.glob("*.dist-info/METADATA"):  # the rest of it is the package's README
        notes.write_text(notes.read_text(encoding="utf-8").partition("\n\n")[0] + "\n")
    _drop_zones(folder / "tzdata" / "zoneinfo")
    for package in (folder / "phonenumbers", folder / "phonenumbers" / "data"):
        _forget_needless(package)
    _bundle_countries(folder / "phonenumbers" / "data")
    _replace_sources(folder.rglob("*.py"), folder, "-o", "2")


def merge(chalice_zip: Path, packages: Path, needed: Collection[str], folder: Path) -> None:
    """Unpack Chalice's zip into a folder that does not exist yet, and add what is needed to it.

    Our own code keeps the docstrings that describe the API, and no source: what has a zip has the
    commit, and tracebacks name files and lines of it.
    """
    with zipfile.ZipFile(chalice_zip) as source:
        ours = [name for name in source.namelist() if "__pycache__" not in name]
        source.extractall(folder, ours)
    bundled = [package for package in sorted(folder.rglob("*")) if _is_worth_bundling(package)]
    for package in bundled:
        _import_from_bundle(package)
    silent = (path for path in folder.rglob("*.py") if not DESCRIBING & {path.stem, *path.parts})
    _replace_sources(silent, folder, "-o", "2")
    _replace_sources(folder.rglob("*.py"), folder)
    for package in bundled:
        _bundle(package, [one for one in package.glob("*.pyc") if one.stem != "__init__"])
    for package in packages.iterdir():
        if package.is_dir() and package.name in needed:
            shutil.copytree(package, folder / package.name)
        elif package.stem in needed:
            shutil.copy(package, folder)


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


def _needless(folder: str, names: list[str]) -> set[str]:
    if folder.endswith(".dist-info"):
        return set(names) - set(NOTES)
    here = [drop for ending, drop in NEEDLESS_IN.items() if folder.endswith(f"/{ending}")]
    patterns = [*NEEDLESS, *(pattern for drop in here for pattern in drop)]
    return {name for name in names if any(fnmatch(name, pattern) for pattern in patterns)}


def _forget_needless(package: Path) -> None:
    """Take out of a package's __init__.py what it imports of modules that did not come along.

    What is made of that goes too, and its names leave `__all__`.
    """
    init = package / "__init__.py"
    if not init.is_file():
        return
    tree = ast.parse(init.read_bytes())
    gone = [one for one in tree.body if _is_of_another(one, package)]
    names = {alias.asname or alias.name for one in gone for alias in one.names}
    tree.body = [_forgetting(names, one) for one in tree.body if one not in gone]
    tree.body = [one for one in tree.body if _is_public(one) or not names & _named_in(one)]
    init.write_text(ast.unparse(tree), encoding="utf-8")


def _is_of_another(statement: ast.stmt, package: Path) -> TypeGuard[ast.ImportFrom]:
    """Whether it imports from a module of the package that is not there."""
    if not isinstance(statement, ast.ImportFrom) or statement.level != 1 or not statement.module:
        return False
    module = package.joinpath(*statement.module.split("."))
    return not module.is_dir() and not module.with_name(f"{module.name}.py").is_file()


def _is_public(statement: ast.stmt) -> TypeGuard[ast.Assign]:
    """Whether it says which names are for others."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets)


def _forgetting(names: Collection[str], statement: ast.stmt) -> ast.stmt:
    if _is_public(statement) and isinstance(statement.value, ast.List):
        listed = statement.value.elts
        statement.value.elts = [one for one in listed if ast.literal_eval(one) not in names]
    return statement


def _named_in(statement: ast.stmt) -> set[str]:
    return {one.id for one in ast.walk(statement) if isinstance(one, ast.Name)}


def _drop_zones(zones: Path) -> None:
    """All time zones but those that our code names."""
    for file in zones.rglob("*"):
        named = file.relative_to(zones).as_posix() in ZONES
        if file.is_file() and file.suffix != ".py" and not named:
            file.unlink()


def _bundle_countries(data: Path) -> None:
    countries = [path for path in data.glob(COUNTRIES) if path.name != HOME_COUNTRY]
    if countries:
        _import_from_bundle(data)
        _bundle(data, countries)


def _is_worth_bundling(package: Path) -> bool:
    if not (package / "__init__.py").is_file():
        return False
    files = [path for path in package.iterdir() if path.is_file()]
    return len(files) > FEWEST and all(path.suffix == ".py" for path in files)


def _import_from_bundle(package: Path) -> None:
    """Let a package find modules in its bundle, before it imports any of them itself.

    No line moves, so that tracebacks name the right ones; our packages begin with a docstring.
    """
    init = package / "__init__.py"
    lines = init.read_text(encoding="utf-8").splitlines() or [""]
    finds = f'__path__.append(__path__[0] + "/{BUNDLE}")'
    tree = ast.parse(init.read_bytes())
    if ast.get_docstring(tree) is None:
        lines.insert(0, finds)
    else:
        lines[(tree.body[0].end_lineno or 1) - 1] += f"; {finds}"
    init.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _bundle(package: Path, modules: Iterable[Path]) -> None:
    """Put modules of a package into an archive that Python imports from, uncompressed."""
    with zipfile.ZipFile(package / BUNDLE, "w", zipfile.ZIP_STORED) as archive:
        for module in sorted(modules):
            archive.writestr(zipfile.ZipInfo(module.name, EPOCH), module.read_bytes())
            module.unlink()


def _replace_sources(modules: Iterable[Path], folder: Path, *options: str) -> None:
    """Put a .pyc in each module's place, which Python trusts without looking at the source.

    `folder` is what Lambda will have as /var/task, for tracebacks.

    Lambda's disk is read-only and its functions short-lived, so without these every cold start
    compiles everything. In another process whose hash seed is fixed: the order of a set is
    written into the .pyc. Raises CalledProcessError for a module with a syntax error.
    """
    sources = sorted(modules)
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-s", "-m", "compileall", "-q", "-f", "-s", str(folder), "-p", IN_LAMBDA]
        + ["--invalidation-mode", "unchecked-hash", "-b", *options, "-i", "-"],
        input="".join(f"{source}\n" for source in sources),
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        check=True,
    )
    for source in sources:
        source.unlink()
