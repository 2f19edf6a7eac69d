"""The pages of the documentation and the code blocks in them."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_BLOCK = re.compile(
    r"^(?P<skip><!-- no-run -->\n+)?(?P<indent> *)```(?P<language>\w+)(?P<options>[^\n]*)\n(?P<body>.*?)\n(?P=indent)```",
    re.DOTALL | re.MULTILINE,
)
_TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: code to run, or a file when it has a title."""

    language: str
    title: str
    body: str
    line: int
    skipped: bool


def pages() -> list[Path]:
    """Return the README, the changelog and every page below ``docs``."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of *page* in order."""
    text = page.read_text(encoding="utf-8")
    return [_block(text, match) for match in _BLOCK.finditer(text)]


def _block(text: str, match: re.Match[str]) -> Block:
    indent = len(match["indent"])
    title = _TITLE.search(match["options"])
    return Block(
        language=match["language"],
        title=title[1] if title else "",
        body="\n".join(line[indent:] for line in match["body"].split("\n")),
        line=text.count("\n", 0, match.start("body")) + 1,
        skipped=match["skip"] is not None,
    )
