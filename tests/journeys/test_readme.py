"""The examples of the README and of docs/, line by line as they are printed there."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.launcher import client, environments
from infra.launcher.places import ROOT

pytestmark = pytest.mark.ministack

PAGES = {
    one.relative_to(ROOT).as_posix(): one.read_text(encoding="utf-8")
    for one in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}
BLOCK = re.compile(r"```(bash|python|text)\n(.*?)```", flags=re.DOTALL)
WALK = PAGES["README.md"].partition("## A first walk")[2].partition("\n## ")[0]
BLOCKS = [text for kind, text in BLOCK.findall(WALK) if kind == "bash"]
READY = 120  # seconds, environments included


@dataclass(frozen=True)
class Up:
    """A system that `./sahip up` started, and what that printed."""

    port: int
    state: Path
    said: str

    def run(self, script: str, **env: str) -> str:
        """What a shell prints that is given these lines, for this system; it must succeed."""
        here = script.replace("8360", str(self.port)).replace(".sahip/state", str(self.state))
        done = subprocess.run(
            ["bash", "-c", f"set -eo pipefail\n{here}"],  # noqa: S607 the user's own
            cwd=ROOT,
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    state = tmp_path_factory.mktemp("up")
    process = subprocess.Popen(
        [sys.executable, ROOT / "sahip", "up", "--port", str(free), "--state", state, "--empty"],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if "./sahip token" in line:
            break
    else:
        raise AssertionError(f"./sahip up ended with {process.wait(READY)}")
    yield Up(free, state, "".join(said))
    process.send_signal(signal.SIGTERM)
    assert process.wait(READY) == 0


def test_every_line_of_the_walk_does_what_the_readme_says(up: Up) -> None:
    """All answers are JSON; the one refusal is that of a settlement without an apology."""
    script = re.sub(r"^curl .*$", r"\g<0>; echo", "\n".join(BLOCKS), flags=re.MULTILINE)

    printed = up.run(script)

    answers = [json.loads(line) for line in printed.splitlines() if line]
    assert len(answers) == len(re.findall(r"^curl ", "\n".join(BLOCKS), flags=re.MULTILINE))
    refused = [answer for answer in answers if str(answer.get("type", "")).startswith("urn:")]
    assert [(one["status"], one["errors"][0]["field"]) for one in refused] == [(400, "apology")]
    *_, by_phone, by_serial, searched, herself = answers
    assert by_phone["customer_id"] == by_serial["customer_id"] == herself["customer_id"]
    assert [one["customer_id"] for one in searched["customers"]] == [herself["customer_id"]]
    assert herself["complete"]
    assert herself["orders"]["data"]["last_order"]["status"] == "delivered"
    assert herself["payments"]["data"]["owed"] == []
    assert herself["complaints"]["data"] | {"recent": []} == {
        "count": 1, "open_count": 0, "open": [], "recent": [],
    }  # fmt: skip
    products = [one["product"] for one in herself["products"]["data"]["units"]]
    assert sorted(products) == ["iron", "washing machine"]


def test_what_up_prints_to_be_tried_can_be_tried(up: Up) -> None:
    script = up.said.partition("  TOKEN=")[2].partition("\n\n")[0]

    assert json.loads(up.run(f"TOKEN={script}"))["customer"]["data"]["name"] == "Ayşe Yılmaz"


def test_every_example_of_the_api_page_prints_what_it_says(
    up: Up, tmp_path: Path, sahip_client: Path
) -> None:
    """In one shell, one after another; a block of text is what those before it have printed."""
    lines: list[str] = []
    expected: list[str] = []
    for number, (kind, text) in enumerate(BLOCK.findall(PAGES["docs/api.md"])):
        if kind == "text":
            expected[-1] = text
            continue
        expected.append("")
        lines.append(text)
        if kind == "python":
            file = tmp_path / f"{number}.py"
            file.write_text(text.replace("8360", str(up.port)), encoding="utf-8")
            lines[-1] = f"{environments.python_of('client')} {file}\n"

    script = "echo '=='\n".join(lines)
    printed = up.run(script, PYTHONPATH=str(sahip_client)).split("==\n")

    assert printed == expected


def test_a_partner_signs_as_the_page_of_external_events_says(up: Up) -> None:
    [script] = [
        text for kind, text in BLOCK.findall(PAGES["docs/external-events.md"]) if kind == "bash"
    ]

    assert json.loads(up.run(script)) == {
        "detail_type": "ExternalOrderShipped.v1", "event_id": "8141",
    }  # fmt: skip


def test_no_other_page_has_an_example_that_nobody_tries() -> None:
    tried = {"README.md", "docs/api.md", "docs/external-events.md"}

    assert {name for name, text in PAGES.items() if re.search(r"^curl ", text, re.M)} == tried


@pytest.fixture(scope="module")
def sahip_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the generated client was installed into, and nothing else."""
    made, into = (tmp_path_factory.mktemp(name) for name in ("client", "installed"))
    client.generate(made)
    pip: list[str | Path] = [environments.python_of("installer"), "-m", "pip", "--quiet"]
    install = ["install", "--no-index", "--no-deps", "--no-build-isolation", "--target"]
    subprocess.run(
        [*pip, "--python", environments.python_of("client"), *install, into, made], check=True
    )
    return into
