"""References and tables of the documentation say what the code says."""

import re
import subprocess
import sys

from pyfly.context.startup import STARTUP
from tests.docs.pages import ROOT


def test_the_page_of_configuration_keys_is_current() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/configuration_reference.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def test_the_guide_explains_every_phase_of_the_start() -> None:
    guide = (ROOT / "docs" / "guides" / "lifecycle.md").read_text(encoding="utf-8")
    table = guide.partition("| phase | what happens |\n|---|---|\n")[2].partition("\n\n")[0]
    assert re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE) == [phase.name for phase in STARTUP]
