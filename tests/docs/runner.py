"""Runs the Python of one page in the current directory: ``python -m tests.docs.runner PAGE``.

Blocks with a title are files: they are written first, and those in Python are imported in their
turn. The others run one after the other in one namespace. Tracebacks point into the page.
"""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

from tests.docs.pages import Block, blocks


def main(page: Path) -> None:
    """Run every block of *page* that is not marked with ``<!-- no-run -->``."""
    wanted = [block for block in blocks(page) if not block.skipped]
    for block in wanted:
        if block.title:
            _write(block)
    sys.path.insert(0, str(Path.cwd()))
    module = sys.modules["page"] = ModuleType("page")
    for block in wanted:
        if block.language != "python":
            continue
        if block.title:
            import_module(block.title.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        else:
            code = compile("\n" * (block.line - 1) + block.body, str(page), "exec")
            exec(code, module.__dict__)


def _write(block: Block) -> None:
    file = Path(block.title)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(block.body + "\n", encoding="utf-8")
    if file.suffix == ".py":
        for folder in file.parents[:-1]:
            (folder / "__init__.py").touch()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
