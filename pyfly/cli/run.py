"""``pyfly run``: starts the application of a folder and serves it until Ctrl-C."""

from collections.abc import Sequence
from typing import Any

import click


@click.command(context_settings={"ignore_unknown_options": True})
@click.option(
    "--app", metavar="MODULE:NAME", help="What to run; else pyfly.app.module, else the only main.py."
)
@click.option("--host", help="The address to listen on; else pyfly.web.host.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="The port; else pyfly.web.port. 0 takes a free one."
)
@click.option("--workers", type=click.IntRange(1), help="How many processes serve.")
@click.option("--reload", is_flag=True, help="Start again whenever a source file changes.")
@click.option(
    "--profile", "profiles", multiple=True, help="A profile to activate; may be given several times."
)
@click.option(
    "--debug",
    is_flag=True,
    help="Show tracebacks, what the conditions decided, and the time each phase took.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def run(ctx: click.Context, /, *, debug: bool, arguments: tuple[str, ...], **options: Any) -> None:
    """Run the application in this folder until Ctrl-C.

    ARGUMENTS of the form --some.key=value set configuration; all others are for the application's runners.
    """
    _refuse_unknown_options(ctx, arguments)
    debug = debug or bool(ctx.find_root().params.get("debug"))
    from pyfly.cli.running import Flags, run_application  # --help needs none of it

    if not run_application(Flags(arguments=arguments, **options), debug=debug):
        ctx.exit(1)


def _refuse_unknown_options(ctx: click.Context, arguments: Sequence[str]) -> None:
    for argument in arguments:
        name, _, value = argument.partition("=")
        if argument.startswith("-") and not (value and name.startswith("--") and "." in name):
            raise click.NoSuchOption(name, ctx=ctx)


def _discover_app() -> str | None:
    """Return what ``pyfly run`` would run in the working directory, or ``None``."""
    from pathlib import Path

    from pyfly.cli.targets import discover
    from pyfly.core.config.config import Config

    folder = Path.cwd()
    return discover(Config.from_sources(folder), folder)
