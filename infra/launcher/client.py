"""Makes the Python client of the API from what all services say of themselves."""

import os
import shutil
import tempfile
from pathlib import Path

from infra.launcher import environments, places, progress, reference
from infra.launcher.problems import Problem

PACKAGE = "sahip_client"
NAMES = places.ROOT / "web" / "reference" / "client.yaml"


def generate(folder: Path) -> None:
    """Write it to `folder`, in place of one that was made before.

    Raises Problem where something else lies there, or where the generator leaves anything out.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / PACKAGE).is_dir():
        raise Problem(f"{folder} holds something else than a client; name another folder")
    bin_folder = environments.python_of("client").parent
    # It calls ruff by its name.
    path = f"{bin_folder}{os.pathsep}{os.environ.get('PATH', '')}"
    env = {**os.environ, "PATH": path, "RUFF_NO_CACHE": "true"}
    document = reference.document()
    with tempfile.TemporaryDirectory() as work:
        made = Path(work) / "client"
        generator: list[str | Path] = [bin_folder / "openapi-python-client", "generate"]
        options: list[str | Path] = ["--meta", "pdm", "--config", NAMES, "--fail-on-warning"]
        paths: list[str | Path] = ["--path", document, "--output-path", made]
        progress.run(
            "generating the client", [*generator, *options, *paths], cwd=places.ROOT, env=env
        )
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder)
    progress.say(f"the client is in {folder}; pip install it from there")
