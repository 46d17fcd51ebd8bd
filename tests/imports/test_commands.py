"""`./sahip import` and `./sahip check`, as far as they go without a system."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra.launcher import places
from infra.launcher.commands import PERSONS, parse
from tests.imports import files


def start(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *(str(word) for word in words)],
        cwd=places.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_directory_is_meant_as_seen_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options = parse(["import", "olist", "shop"])
    assert options.directory == tmp_path / "shop"
    assert options.rejects == tmp_path / "olist-rejects.csv"


def test_a_thousand_persons_are_checked_unless_it_is_said_otherwise() -> None:
    assert parse(["check", "olist", "shop"]).persons == PERSONS
    assert parse(["check", "olist", "shop", "--persons", "7"]).persons == 7
    assert parse(["check", "olist", "shop", "--persons", "all"]).persons is None


@pytest.mark.parametrize(
    "words",
    [
        ["import"],
        ["import", "olist"],
        ["import", "magento", "shop"],
        ["check", "olist", "shop", "--persons", "0"],
        ["check", "olist", "shop", "--persons", "some"],
    ],
)
def test_a_command_line_that_makes_no_sense_ends_with_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse(words)
    assert end.value.code == 2


@pytest.mark.parametrize("module", ["imports.olist", "checks.olist"])
def test_a_port_where_nothing_runs_is_a_clear_refusal(tmp_path: Path, module: str) -> None:
    directory = files.one_order(tmp_path / "shop", "1")
    done = start(module, "olist", directory, "--port", "1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("sahip: no system runs on port 1")
    assert "Traceback" not in done.stderr
