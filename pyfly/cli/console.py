"""The terminal: one console with the colours of pyfly, and its banner."""

from typing import Final

from rich.console import Console
from rich.theme import Theme

from pyfly import __version__
from pyfly.core.banner import BannerPrinter

THEME: Final = Theme(
    {
        "info": "cyan",
        "success": "bold green",
        "warning": "bold yellow",
        "error": "bold red",
        "pyfly": "bold magenta",
        "dim": "dim",
    }
)

console: Final = Console(theme=THEME, highlight=False)


def print_banner() -> None:
    """Print the art, the version and the notice."""
    console.print(BannerPrinter(version=__version__).render(), style="pyfly", markup=False)
