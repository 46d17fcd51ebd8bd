"""A zip holds what its service imports, and what that imports in turn: all of it, and no more."""

import ast
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from infra.launcher.places import ROOT
from infra.needs import imported
from infra.package import ZIP
from infra.zips import BUNDLE
from tests.packages.conftest import Packaged

SHARED = ROOT / "shared"


def written(folder: Path, **modules: str) -> Path:
    """A folder with these modules; in a name, __ stands for a slash."""
    for name, code in modules.items():
        file = folder / f"{name.replace('__', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code, encoding="utf-8")
    return folder


def found(tmp_path: Path, app: str) -> set[str]:
    """The modules of a small package `kit` that an app needs."""
    kit = written(
        tmp_path / "kit",
        plain="",
        lazy="def later():\n    import kit.plain\n",
        unused="import kit.plain",
        deep__inner="from kit.lazy import later",
        deep__other="",
    )
    for folder in (kit, kit / "deep"):
        (folder / "__init__.py").touch()
    needed = imported(written(tmp_path / "service", app=app), kit)
    return {file.relative_to(kit).with_suffix("").as_posix() for file in needed}


def contents(archive: Path) -> Iterator[str]:
    """The files of a zip, also those that lie in a bundle."""
    with zipfile.ZipFile(archive) as outer:
        for name in outer.namelist():
            if name.endswith(f"/{BUNDLE}"):
                with zipfile.ZipFile(io.BytesIO(outer.read(name))) as inner:
                    folder = name.removesuffix(BUNDLE)
                    yield from (f"{folder}{module}" for module in inner.namelist())
            else:
                yield name


def test_what_imports_nothing_needs_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, "import json\nfrom kitchen import plain") == set()


def test_a_module_comes_with_the_packages_it_lies_in(tmp_path: Path) -> None:
    assert found(tmp_path, "import kit.deep.other") == {"__init__", "deep/__init__", "deep/other"}


def test_a_name_taken_from_a_package_may_be_a_module_of_it(tmp_path: Path) -> None:
    assert found(tmp_path, "from kit import plain, NAME") == {"__init__", "plain"}


def test_what_is_imported_in_turn_comes_along_also_from_inside_functions(tmp_path: Path) -> None:
    needed = found(tmp_path, "def serve():\n    from kit.deep import inner")

    assert needed == {"__init__", "deep/__init__", "deep/inner", "lazy", "plain"}


def test_of_the_shared_code_a_zip_holds_what_is_imported_and_nothing_else(
    packaged: Packaged,
) -> None:
    held = {name for name in contents(packaged.zip) if name.startswith("shared/")}
    modules = {name.removesuffix("c") for name in held if name.endswith(".pyc")}
    service = ROOT / "services" / packaged.service

    assert modules == {f"{file.relative_to(ROOT)}" for file in imported(service, SHARED)}
    assert ("shared/calendar/turkish_holidays.csv" in held) == (
        "shared/calendar/holidays.py" in modules
    )


def test_who_counts_no_days_carries_no_calendar(output: Path) -> None:
    names = contents(output / "orders" / ZIP)
    assert not [name for name in names if name.startswith("shared/calendar")]


def test_our_own_code_names_what_it_imports_in_full() -> None:
    """What is imported from a dot could not be followed."""
    for folder in ("services", "shared"):
        for file in (ROOT / folder).rglob("*.py"):
            nodes = ast.walk(ast.parse(file.read_bytes()))
            assert not [one for one in nodes if isinstance(one, ast.ImportFrom) and one.level]
