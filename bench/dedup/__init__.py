"""`./sahip bench dedup` and `./sahip learn dedup`: how well people are told to be one person."""

import os
import subprocess

from infra.launcher import places
from infra.launcher.main import MATCHING_PYTHON


def run() -> None:
    """Run the benchmark where Splink and febrl's sets are installed."""
    python = os.environ[MATCHING_PYTHON]
    subprocess.run([python, "-m", "bench.dedup"], cwd=places.ROOT, check=True)  # noqa: S603 - ours
