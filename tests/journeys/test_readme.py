"""The walk that the README invites to, line by line as it is printed there."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from infra.launcher.places import ROOT

pytestmark = pytest.mark.ministack

README = (ROOT / "README.md").read_text(encoding="utf-8")
WALK = README.partition("## A first walk")[2].partition("\n## ")[0]
BLOCKS = re.findall(r"```bash\n(.*?)```", WALK, flags=re.DOTALL)
READY = 120  # seconds, environments included


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a system that `./sahip up` started."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    state = tmp_path_factory.mktemp("up")
    up = subprocess.Popen(
        [sys.executable, ROOT / "sahip", "up", "--port", str(free), "--state", state, "--empty"],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert up.stdout is not None
    for line in up.stdout:
        if "./sahip token" in line:
            break
    else:
        raise AssertionError(f"./sahip up ended with {up.wait(READY)}")
    yield free
    up.send_signal(signal.SIGTERM)
    assert up.wait(READY) == 0


def test_every_line_of_the_walk_does_what_the_readme_says(port: int) -> None:
    """All answers are JSON; the one refusal is that of a settlement without an apology."""
    script = "\n".join(["set -eo pipefail", *BLOCKS]).replace("8360", str(port))
    script = re.sub(r"^curl .*$", r"\g<0>; echo", script, flags=re.MULTILINE)

    done = subprocess.run(
        ["bash", "-c", script],  # noqa: S607 the user's own, as it would be by hand
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines() if line]
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
