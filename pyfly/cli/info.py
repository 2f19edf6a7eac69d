"""``pyfly info``: the version, the environment, and which extras are installed."""

import platform
from importlib.util import find_spec
from typing import Final

import click
from rich.table import Table

from pyfly import __version__
from pyfly.cli.console import console

# The extras in the order of the documentation, each with a module that only it brings.
EXTRAS: Final = {
    "web": "starlette",
    "granian": "granian",
    "compression": "zstandard",
    "templates": "jinja2",
    "data-relational": "sqlalchemy",
    "postgresql": "asyncpg",
    "mysql": "asyncmy",
    "data-document": "pymongo",
    "kafka": "aiokafka",
    "rabbitmq": "aio_pika",
    "redis": "redis",
    "client": "httpx",
    "observability": "prometheus_client",
    "security": "jwt",
    "scheduling": "cronsim",
    "cli": "rich",
}


@click.command()
def info() -> None:
    """Show the version, the environment and the installed extras."""
    console.print(f"[pyfly]PyFly Framework[/pyfly] {__version__}\n")
    environment = {
        "Python": f"{platform.python_version()} ({platform.python_implementation()})",
        "Platform": platform.platform(),
        "Architecture": platform.machine(),
    }
    console.print(_table("Environment", environment))
    installed = {name: find_spec(module) is not None for name, module in EXTRAS.items()}
    console.print(
        _table("Installed Extras", {name: _mark(installed=there) for name, there in installed.items()})
    )


def _table(title: str, rows: dict[str, str]) -> Table:
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column(style="info")
    table.add_column()
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def _mark(*, installed: bool) -> str:
    return "[success]yes[/success]" if installed else "[dim]no[/dim]"
