"""`./sahip lint templates`: what CloudFormation would say of the templates, asked of cfn-lint."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from infra import build
from infra.launcher.places import ROOT
from infra.package import TEMPLATE, package


def main() -> int:
    """Package every service into a folder that is thrown away; 0 if cfn-lint finds nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        packages = Path(os.environ["SAHIP_LAMBDA_PACKAGES"])
        try:
            built = package(build.services(), packages=packages, output=folder)
        except build.BuildError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        alone = [folder / "platform.yaml", ROOT / "infra" / "desk.yaml"]
        templates = [*alone, *(one.folder / TEMPLATE for one in built)]
        return subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-c", "from cfnlint.runner import main; main()", *templates],
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
