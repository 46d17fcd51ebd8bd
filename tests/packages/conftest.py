"""Every service as it goes to AWS, built once for all that look at it."""

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra import build
from infra.package import TEMPLATE, ZIP, package

FUNCTION = "AWS::Serverless::Function"


@dataclass(frozen=True)
class Packaged:
    """A service's template and zip."""

    service: str
    template: Mapping[str, Any]
    zip: Path

    def of_type(self, kind: str) -> dict[str, Mapping[str, Any]]:
        """The properties of all resources of that type, by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.template["Resources"].items()
            if resource["Type"] == kind
        }


def lambda_packages() -> Path:
    """The locked packages for Lambda's platform, which the launcher has made."""
    return Path(os.environ["SAHIP_LAMBDA_PACKAGES"])


@pytest.fixture(scope="session")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `./sahip package` writes. Processes that share the tests share it too."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return _packaged_in(tmp_path_factory.mktemp("infra") / "dist")
    folder = tmp_path_factory.getbasetemp().parent / "dist"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return folder if folder.exists() else _packaged_in(folder)


def _packaged_in(folder: Path) -> Path:
    partly = folder.with_suffix(".partly")
    package(build.services(), packages=lambda_packages(), output=partly)
    return partly.rename(folder)


@pytest.fixture(scope="session", params=build.services())
def packaged(request: pytest.FixtureRequest, output: Path) -> Packaged:
    """Each service in turn."""
    folder = output / request.param
    template = json.loads((folder / TEMPLATE).read_text(encoding="utf-8"))
    return Packaged(request.param, template, folder / ZIP)
