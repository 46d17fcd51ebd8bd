"""`./sahip package`: every service's zip and template as they go to AWS, and what browsers get.

Needs no network, once the launcher has made what it builds with.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from infra import build, zips
from infra.launcher.commands import parse
from infra.launcher.places import ROOT
from infra.launcher.progress import say
from infra.needs import needed

TEMPLATE, ZIP = "template.json", "deployment.zip"


@dataclass(frozen=True)
class Package:
    """What was built of one service: its folder, and the size of its zip in bytes."""

    service: str
    folder: Path
    size: int


def package(services: Sequence[str], *, packages: Path, output: Path) -> list[Package]:
    """Write output/<service>/{template.json,deployment.zip} for each, and platform.yaml.

    `packages` holds the locked packages for Lambda's platform. Raises BuildError.
    """
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        zips.third_party(packages, work / "packages")
        one = partial(_package_one, packages=packages, work=work, output=output)
        with ThreadPoolExecutor(os.cpu_count()) as at_once:
            built = list(at_once.map(one, services))
    shutil.copy(ROOT / "infra" / "platform.yaml", output)
    return built


def _package_one(service: str, *, packages: Path, work: Path, output: Path) -> Package:
    (work / service).mkdir()
    built = build.build(service, work / service)
    wanted = needed(built.code, packages)
    zips.merge(built.zip, work / "packages", wanted, work / service / "zip")
    target = output / service
    target.mkdir(parents=True, exist_ok=True)
    size = zips.write(work / service / "zip", target / ZIP)
    if size > zips.LARGEST:
        raise build.BuildError(f"{service}: its zip has {size:,} bytes, over {zips.LARGEST:,}")
    text = json.dumps(built.template, indent=2, sort_keys=True)
    (target / TEMPLATE).write_text(f"{text}\n", encoding="utf-8")
    return Package(service, target, size)


def _package_sites(desk: Path, reference: Path, output: Path) -> None:
    """Write output/desk/ and docs/ as they go into the bucket, and output/desk.yaml."""
    for name, files in (("desk", desk), ("docs", reference)):
        shutil.rmtree(output / name, ignore_errors=True)
        shutil.copytree(files, output / name)
    shutil.copy(ROOT / "infra" / "desk.yaml", output)


def main() -> int:
    """Build what the command line names, or all."""
    options = parse(["package", *sys.argv[1:]])
    known = build.services()
    unknown = sorted(set(options.services) - set(known))
    if unknown:
        sys.stderr.write(f"sahip: no such service: {', '.join(unknown)}; there is: {known}\n")
        return 2
    started = time.monotonic()
    if not options.services:
        desk, reference = (Path(os.environ[f"SAHIP_{name}"]) for name in ("DESK", "REFERENCE"))
        _package_sites(desk, reference, options.output)
    try:
        built = package(
            options.services or known,
            packages=Path(os.environ["SAHIP_LAMBDA_PACKAGES"]),
            output=options.output,
        )
    except build.BuildError as error:
        sys.stderr.write(f"sahip: {error}\n")
        return 1
    for one in built:
        sys.stdout.write(f"{one.service:<16} {one.size / 1e6:.2f} MB  {one.folder / ZIP}\n")
    # The .pyc files and pydantic's core fit one version of Python: the one that packages.
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    say(f"packaged for {runtime} in {time.monotonic() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
