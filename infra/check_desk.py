"""`./sahip lint desk`: what TypeScript, as strict as it can be, says of the desk's sources."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from infra.launcher import desk, npm


def main() -> int:
    """Hold web/desk/src against its tsconfig.json; 0 if nothing is found."""
    modules = npm.fetched(desk.SOURCES).resolve()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "tsconfig.json"
        settings = {
            "extends": str(desk.SOURCES / "tsconfig.json"),
            # What is imported by name lies outside of the sources.
            "compilerOptions": {"paths": {"*": [f"{modules}/*"]}},
            "include": [str(desk.SOURCES / "src")],
        }
        project.write_text(json.dumps(settings), encoding="utf-8")
        compiler = [npm.node(), modules / "typescript" / "bin" / "tsc"]
        return subprocess.run(  # noqa: S603 - our own command
            [*compiler, "--noEmit", "--project", project], check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
