"""How the files of the desk are made."""

import gzip
import os
import shutil
from pathlib import Path

import pytest

from infra.launcher import browser, desk, reference
from infra.launcher.problems import Problem

LARGEST = 150_000  # bytes of script, compressed


def test_the_script_is_small() -> None:
    files = Path(os.environ["SAHIP_DESK"])
    scripts = [gzip.compress(one.read_bytes()) for one in files.glob("*.js")]

    assert 0 < sum(map(len, scripts)) <= LARGEST


@pytest.mark.parametrize("site", [desk.SOURCES, reference.SOURCES], ids=lambda one: one.name)
def test_no_registry_and_no_machine_stands_in_the_lock(site: Path) -> None:
    lock = (site / "package-lock.json").read_text(encoding="utf-8")

    assert '"resolved"' not in lock
    assert lock.count('"integrity"') == lock.count('"node_modules/')


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The desk's sources, to be changed."""
    copied = tmp_path / "desk"
    shutil.copytree(desk.SOURCES, copied)
    monkeypatch.setattr(desk, "SOURCES", copied)
    return copied


def test_it_is_built_when_its_sources_have_changed_and_only_then(sources: Path) -> None:
    style = sources / "src" / "app.css"

    first, again = desk.built().resolve(), desk.built().resolve()
    style.write_text(style.read_text(encoding="utf-8") + ".new{color:red}", encoding="utf-8")
    changed = desk.built().resolve()

    assert first == again != changed
    page = (changed / desk.PAGE).read_text(encoding="utf-8")
    named = [one.name for one in changed.iterdir() if one.suffix in {".js", ".css"}]
    assert len(named) == 2
    assert all(f"/desk/{name}" in page for name in named)


def test_what_cannot_be_built_is_told_with_its_place(sources: Path) -> None:
    (sources / "src" / "app.tsx").write_text("const = 1;", encoding="utf-8")

    with pytest.raises(Problem, match=r"building the desk failed(.|\n)*app\.tsx"):
        desk.built()


def test_without_a_browser_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(Problem, match="apt-get install chromium"):
        browser.chromium()
