"""PetClinic answers generated requests as its own document says: valid, invalid, and one after another."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.conftest import Tally

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("examples", "cases", "stateful"),
    [(30, 2_000, 100), pytest.param(800, 20_000, 2_000, marks=pytest.mark.nightly)],
    ids=["gate", "nightly"],
)
def test_no_generated_request_gets_an_answer_that_the_document_does_not_promise(
    examples: int, cases: int, stateful: int, tmp_path: Path, tally: Tally
) -> None:
    command = [sys.executable, "-m", "tests.faults.conformance", "--examples", str(examples)]
    command += ["--stateful", str(stateful)]
    done = subprocess.run(
        [*command, "--database", str(tmp_path / "petclinic.db")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=1700,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout[done.stdout.rindex('\n{"cases"') :])
    tally(result["cases"], 0)
    assert result["findings"] == {}
    assert result["cases"] >= cases
    assert result["phases"]["stateful"] >= stateful
    assert set(result["phases"]) == {"examples", "coverage", "fuzzing", "stateful"}
    assert not [status for status in result["statuses"] if int(status) >= 500]
