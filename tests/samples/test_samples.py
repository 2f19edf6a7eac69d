"""Each sample passes its own tests, run the way its reader would run them."""

import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = sorted(folder.parent for folder in (Path(__file__).parents[2] / "samples").glob("*/tests"))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: str(sample.name))
def test_the_tests_of_the_sample_pass(sample: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests"],
        cwd=sample,
        capture_output=True,
        text=True,
        check=False,
        timeout=290,
    )
    assert done.returncode == 0, done.stdout + done.stderr
