"""./sahip, as far as it can be tried without installing anything."""

import ast
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from infra.launcher import client, places
from infra.launcher.commands import parse
from infra.launcher.folders import Folders
from infra.launcher.problems import Problem, disk_problems_in_words
from infra.local import running
from infra.local.logs import log_file, show

SAHIP = places.ROOT / "sahip"


def test_the_command_can_be_read_by_any_python_from_3_6() -> None:
    ast.parse(SAHIP.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_help_needs_nothing_but_the_standard_library() -> None:
    for words in (["--help"], ["up", "--help"], ["test", "--help"]):
        done = subprocess.run(
            [sys.executable, "-S", SAHIP, *words], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "usage: ./sahip" in done.stdout


def test_a_command_line_that_makes_no_sense_ends_with_2() -> None:
    for words in ([], ["fly"], ["up", "--prot", "1"], ["up", "--port", "70000"], ["token"]):
        with pytest.raises(SystemExit) as end:
            parse(words)
        assert end.value.code == 2


def test_pytest_gets_what_the_launcher_does_not_know() -> None:
    options = parse(["test", "-k", "merge", "--engine", "ministack", "tests/x.py::y", "-x"])
    assert options.engine == "ministack"
    assert options.rest == ["-k", "merge", "tests/x.py::y", "-x"]


def test_an_interrupted_environment_is_made_anew_and_a_finished_one_kept(tmp_path: Path) -> None:
    made: list[str] = []

    def make(folder: Path) -> None:
        made.append(folder.name)
        folder.mkdir()  # fails if what was left of the first attempt is still there
        if len(made) == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Folders(tmp_path).ensure("run", "a lock", make)
    for _ in range(2):
        assert Folders(tmp_path).ensure("run", "a lock", make).is_dir()
    assert len(made) == 2


def test_a_new_lock_makes_a_new_environment_beside_one_that_is_in_use(tmp_path: Path) -> None:
    first = Folders(tmp_path).ensure("run", "a lock", Path.mkdir).resolve()
    second = Folders(tmp_path).ensure("run", "another lock", Path.mkdir).resolve()
    assert first != second
    assert first.is_dir()  # this process holds it, as `up` does while it runs


def test_an_old_environment_is_removed_when_nobody_uses_it(tmp_path: Path) -> None:
    make = "import sys; from pathlib import Path; from infra.launcher.folders import Folders; "
    make += "Folders(Path(sys.argv[1])).ensure('run', 'a lock', Path.mkdir)"
    subprocess.run([sys.executable, "-c", make, tmp_path], cwd=places.ROOT, check=True)
    Folders(tmp_path).ensure("run", "another lock", Path.mkdir)
    assert len(list((tmp_path / "environments").iterdir())) == 1


def test_two_processes_make_an_environment_once(tmp_path: Path) -> None:
    make = """
import sys, time
from pathlib import Path
from infra.launcher.folders import Folders
def make(folder):
    time.sleep(0.2)
    folder.mkdir()
    with Path(sys.argv[1], "made").open("a") as made:
        made.write("x")
Folders(Path(sys.argv[1])).ensure("run", "a lock", make)
"""
    command = [sys.executable, "-c", make, str(tmp_path)]
    at_once = [subprocess.Popen(command, cwd=places.ROOT) for _ in range(3)]
    assert [process.wait() for process in at_once] == [0, 0, 0]
    assert (tmp_path / "made").read_text(encoding="utf-8") == "x"


def test_a_full_disk_and_a_forbidden_folder_are_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="disk is full"), disk_problems_in_words():
        Path("/dev/full").write_text("something", encoding="utf-8")
    with pytest.raises(Problem, match="not allowed to write"), disk_problems_in_words():
        raise PermissionError(13, "Permission denied", str(tmp_path))


def test_a_taken_port_is_refused() -> None:
    with socket.socket() as other:
        other.bind((running.ADDRESS, 0))
        other.listen()
        with pytest.raises(Problem, match="in use") as refusal:
            running.refuse_taken_port(other.getsockname()[1])
    assert refusal.value.exit_code == 2


def test_a_state_folder_belongs_to_one_system_at_a_time(tmp_path: Path) -> None:
    with (
        running.alone_on(tmp_path),
        pytest.raises(Problem, match="already runs") as refusal,
        running.alone_on(tmp_path),
    ):
        pass
    assert refusal.value.exit_code == 2
    with running.alone_on(tmp_path):
        pass


def test_a_system_is_found_by_its_port_only_while_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "RUNNING", tmp_path / "running")
    state = tmp_path / "state"
    addresses = ("http://127.0.0.1:1", "http://127.0.0.1:2")
    with running.alone_on(state), running.announced(8360, state, *addresses):
        assert running.system_on(8360) == running.System(state, *addresses)
        note = (tmp_path / "running" / "8360.json").read_text(encoding="utf-8")
    # As if it had been killed: its note is still there, its lock is not.
    (tmp_path / "running" / "8360.json").write_text(note, encoding="utf-8")
    with pytest.raises(Problem, match="no system runs on port 8360"):
        running.system_on(8360)


def test_logs_are_printed_oldest_first_over_all_files(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    newest = log_file(tmp_path)
    newest.parent.mkdir()
    for name, line in (("", "three"), (".1", "two"), (".2", "one")):
        newest.with_name(newest.name + name).write_text(f"{line}\n", encoding="utf-8")
    assert show(tmp_path, follow=False) == 0
    assert capfdbinary.readouterr().out == b"one\ntwo\nthree\n"


def test_logs_of_a_system_that_never_ran_are_a_clear_refusal(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no system has run"):
        show(tmp_path / "nowhere", follow=False)


def test_an_old_python_is_told_what_is_missing(tmp_path: Path) -> None:
    code = SAHIP.read_text(encoding="utf-8").replace("OLDEST = (3, 11)", "OLDEST = (9, 9)")
    copy = tmp_path / "sahip"
    copy.write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, copy, "up"],
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("sahip: Python 3.11 or newer is needed")


def test_a_client_is_not_written_over_what_is_something_else(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("the only copy", encoding="utf-8")

    with pytest.raises(Problem, match="holds something else than a client"):
        client.generate(tmp_path)

    assert [one.name for one in tmp_path.iterdir()] == ["thesis.txt"]
