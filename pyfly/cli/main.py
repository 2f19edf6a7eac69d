"""The entry point of the ``pyfly`` command."""

from typing import Final

import click

from pyfly import __version__
from pyfly.cli.lazy_group import LazyGroup

_NOTICE: Final = "Copyright 2026 The PyFly authors. Apache 2.0 License."
_COMMANDS: Final = {
    "config": ("pyfly.cli.config:config", "Show what is configured, or what can be."),
    "db": ("pyfly.cli.db:db", "Database migrations: write, apply and check them."),
    "graph": ("pyfly.cli.graph:graph", "Show which bean needs which."),
    "info": ("pyfly.cli.info:info", "Show the version, the environment and the installed extras."),
    "new": ("pyfly.cli.new:new", "Create a project that runs, with its tests."),
    "openapi": ("pyfly.cli.openapi:openapi", "Print the API document, or what changed in it."),
    "run": ("pyfly.cli.run:run", "Run the application in this folder."),
}


class _Pyfly(LazyGroup):
    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from pyfly.core.banner import BannerPrinter

        formatter.write(BannerPrinter(version=__version__).render() + "\n")
        super().format_help(ctx, formatter)


@click.group(
    cls=_Pyfly, lazy=_COMMANDS, epilog=_NOTICE, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="pyfly")
@click.option("--debug", is_flag=True, help="Show tracebacks and what the start decided.")
def cli(*, debug: bool) -> None:
    """PyFly: one cohesive, async, type-safe way to build services in Python."""
