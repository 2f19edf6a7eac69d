"""The reference of configuration keys is what the properties classes say."""

import subprocess
import sys

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
