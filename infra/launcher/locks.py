"""Makes requirements/*.txt from pyproject.toml: all that will be installed, with hashes."""

import re
import tempfile
import tomllib
from pathlib import Path

from infra.launcher import places, progress

# boto3 is part of Lambda's runtime, and `chalice package` adds chalice's to every zip.
NOT_IN_THE_ZIP = ("boto3", "chalice")
# Groups that go into the environment of `./sahip up`, as far as they are declared.
RUN = ("local", "import")
OLDEST_PYTHON = "3.11"
HEADING = "# Made by ./sahip lock from pyproject.toml. Do not edit.\n"


def make(uv: Path, *, upgrade: bool) -> None:
    """Write every lock. Without `upgrade`, versions locked before stay while they are allowed.

    `test` comes first and the others follow its versions, so that what is tested is what runs.
    Raises Problem when the declared versions do not fit together.
    """
    project = tomllib.loads((places.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    in_the_zip = [
        requirement
        for requirement in project["project"]["dependencies"]
        if _name(requirement) not in NOT_IN_THE_ZIP
    ]
    with tempfile.TemporaryDirectory() as folder:
        zip_requirements = Path(folder) / "lambda.in"
        zip_requirements.write_text("\n".join(in_the_zip), encoding="utf-8")
        _compile(uv, "test", ["pyproject.toml", "--group", "test"], upgrade=upgrade)
        same = ["-c", str(places.LOCKS / "test.txt")]
        declared = [one for one in RUN if one in project["dependency-groups"]]
        groups = [word for one in declared for word in ("--group", one)]
        _compile(uv, "run", ["pyproject.toml", *groups, *same], upgrade=upgrade)
        _compile(uv, "lambda", [str(zip_requirements), *same], upgrade=upgrade)
        _compile(uv, "browser", ["pyproject.toml", "--group", "browser", *same], upgrade=upgrade)
    for group in ("client", "ministack", "matching", "web", "installer"):
        _compile(uv, group, ["--group", group], upgrade=upgrade)


def _compile(uv: Path, name: str, sources: list[str], *, upgrade: bool) -> None:
    lock = places.LOCKS / f"{name}.txt"
    form = ["--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes"]
    # Neither the way here nor an index: the lock says the same on every machine.
    quiet = ["--quiet", "--no-annotate", "--no-header", "--no-emit-index-url"]
    again = ["--upgrade"] if upgrade else []
    progress.run(
        f"locking {lock.name}",
        [uv, "pip", "compile", *form, *quiet, *again, "-o", lock, *sources],
        cwd=places.ROOT,
    )
    lock.write_text(HEADING + lock.read_text(encoding="utf-8"), encoding="utf-8")


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9_.-]", requirement, maxsplit=1)[0].lower()
