"""Lays out one service the way Chalice wants it, and has Chalice write template and zip.

Chalice packages app.py and the contents of vendor/. So the service and the shared code go to
vendor/ under their own names, and imports read the same in tests, here and in Lambda. No other
service goes along, and of the shared code only what this one imports.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from infra.launcher.places import ROOT
from infra.needs import imported

IGNORED = shutil.ignore_patterns("__pycache__", ".chalice", "app.py", "*.txt", "*.md")
# Chalice asks for a region although it writes none; and nobody's account is to be asked.
SETTINGS = {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_CONFIG_FILE": os.devnull}


class BuildError(Exception):
    """The service cannot be built as it stands; the text says why."""


def services() -> list[str]:
    """The name of every service, sorted."""
    return sorted(app.parent.name for app in (ROOT / "services").glob("*/app.py"))


@dataclass(frozen=True)
class Built:
    """What Chalice made: our code as laid out, its zip without other packages, the template."""

    code: Path
    zip: Path
    template: dict[str, Any]


def build(service: str, folder: Path) -> Built:
    """Build a service in an empty folder. Raises BuildError."""
    project = _lay_out(service, folder / "project")
    out = folder / "out"
    infra = ROOT / "infra" / f"{service}.yaml"
    options = ["--merge-template", str(infra)] if infra.exists() else []
    # A process of its own, since every app is a module called `app`; isolated, so that it finds
    # the code that was laid out, and not this repository's.
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-I", "-c", "from chalice.cli import main; main()"]
        + ["--project-dir", str(project), "package", "--template-format", "yaml"]
        + [*options, str(out)],
        env={**os.environ, **SETTINGS},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildError(f"chalice could not package {service}:\n{done.stdout}{done.stderr}")
    template = yaml.safe_load((out / "sam.yaml").read_text(encoding="utf-8"))
    _check(service, template, placeholder=_placeholder_role(service))
    return Built(project, out / "deployment.zip", template)


def _lay_out(service: str, project: Path) -> Path:
    source, vendor = ROOT / "services" / service, project / "vendor"
    shutil.copytree(source, vendor / "services" / service, ignore=IGNORED)
    shutil.copy(ROOT / "services" / "__init__.py", vendor / "services")
    _copy_shared(source, vendor)
    (project / ".chalice").mkdir()
    shutil.copy(source / ".chalice" / "config.json", project / ".chalice")
    shutil.copy(source / "app.py", project)
    # Chalice would install what this names, from the network; the locked packages come later.
    (project / "requirements.txt").touch()
    return project


def _copy_shared(source: Path, vendor: Path) -> None:
    """Of the shared code what the service imports, and the data that lie beside it."""
    shared = ROOT / "shared"
    modules = imported(source, shared)
    folders = {module.parent for module in modules}
    for folder in folders:
        unwanted = IGNORED(str(folder), [one.name for one in folder.iterdir()])
        for file in folder.iterdir():
            is_data = file.is_file() and file.suffix != ".py" and file.name not in unwanted
            if file in modules or is_data:
                target = vendor / file.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, target)


def _placeholder_role(service: str) -> str:
    """What Chalice gives every function until infra/<service>.yaml says which role it has."""
    config = ROOT / "services" / service / ".chalice" / "config.json"
    role = json.loads(config.read_text(encoding="utf-8")).get("iam_role_arn")
    if not role:
        raise BuildError(f'{config}: needs "manage_iam_role": false and an "iam_role_arn"')
    return str(role)


def _check(service: str, template: dict[str, Any], *, placeholder: str) -> None:
    """Refuse what CloudFormation would refuse late, or what would only fail once it runs."""
    resources = template["Resources"]
    untyped = sorted(name for name, resource in resources.items() if "Type" not in resource)
    if untyped:
        raise BuildError(
            f"infra/{service}.yaml completes what Chalice does not declare: {untyped}"
        )
    without_role = sorted(
        name
        for name, resource in resources.items()
        if resource.get("Properties", {}).get("Role") == placeholder
    )
    if without_role:
        raise BuildError(f"infra/{service}.yaml gives no Role to: {without_role}")
