"""Every Python block of the documentation runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks, pages

WITH_PYTHON = [page for page in pages() if any(block.language == "python" for block in blocks(page))]


@pytest.mark.parametrize("page", WITH_PYTHON, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_python_of_each_page_runs_from_top_to_bottom(page: Path, tmp_path: Path) -> None:
    done = _run(page, tmp_path)
    assert done.returncode == 0, done.stderr


def test_blocks_share_a_namespace_and_titled_ones_are_files(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        '```yaml title="pyfly.yaml"\na: 1\n```\n'
        '```python title="shop/stock.py"\ncount = 5\n```\n'
        "1. Indented:\n\n   ```python\n   from shop.stock import count\n   double = 2 * count\n   ```\n"
        "<!-- no-run -->\n```python\nraise SystemExit('not run')\n```\n"
        "```python\nfrom pathlib import Path\nassert (double, Path('pyfly.yaml').read_text()) == (10, 'a: 1\\n')\n```\n"
    )
    done = _run(page, tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_failing_block_is_reported_with_its_page_and_line(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Title\n\n```python\nx = 1\nassert x == 2\n```\n")
    assert f'File "{page}", line 5' in _run(page, tmp_path).stderr


def _run(page: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.docs.runner", str(page)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
