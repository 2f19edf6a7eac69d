"""The environment that the comparisons run in: the peers must not mix with the project's own."""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
HOME: Final = ROOT / ".venv-bench"
REQUIREMENTS: Final = ROOT / "benchmarks" / "requirements.txt"


def interpreter() -> Path:
    """Return the interpreter of the benchmark environment, whether or not it exists yet."""
    return HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare() -> Path:
    """Create or refresh the environment if the pinned requirements changed, and return its interpreter."""
    stamp = HOME / "installed.sha256"
    wanted = _fingerprint()
    if not (interpreter().exists() and stamp.exists() and stamp.read_text("utf-8") == wanted):
        _install()
        stamp.write_text(wanted, "utf-8")
    return interpreter()


def _fingerprint() -> str:
    inputs = (REQUIREMENTS, ROOT / "pyproject.toml", ROOT / "pyfly" / "__init__.py")
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in inputs)).hexdigest()


def _install() -> None:
    if not interpreter().exists():
        print(f"creating {HOME.name}", file=sys.stderr)
        venv.create(HOME, with_pip=True)
        (HOME / ".gitignore").write_text("*\n", "utf-8")
    print(f"installing {REQUIREMENTS.relative_to(ROOT)} and the checkout into {HOME.name}", file=sys.stderr)
    pip = [str(interpreter()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", str(REQUIREMENTS)], check=True)
    # Not editable: that would add an import hook to the start of every measured process. What is
    # measured is the checkout all the same, because it comes first on the path; this gives its entry points.
    subprocess.run([*pip, "-c", str(REQUIREMENTS), f"{ROOT}[web]"], check=True)
