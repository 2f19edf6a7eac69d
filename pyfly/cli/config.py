"""``pyfly config``: what is configured here, and what can be."""

import json
import sys
from contextlib import redirect_stdout
from pathlib import Path

import click

from pyfly.cli.json_output import json_option, print_json
from pyfly.core.config import Config


@click.group()
def config() -> None:
    """Show what is configured, or what can be."""


@config.command()
@click.argument("prefix", default="")
@json_option
@click.option(
    "--profile", "profiles", multiple=True, help="A profile to activate; may be given several times."
)
@click.pass_context
def show(ctx: click.Context, /, *, prefix: str, as_json: bool, profiles: tuple[str, ...]) -> None:
    """Show every key, at or below PREFIX, with its value and where it was set. Secrets are masked."""
    from pyfly.cli.reporting import Starting  # --help needs none of it
    from pyfly.core.config import known_properties

    with Starting(debug=bool(ctx.find_root().params.get("debug"))) as starting:
        configuration = _configuration(profiles)
        settings = configuration.settings(prefix, known_properties())
        if not settings:
            raise click.ClickException(f"Nothing is set at or below {prefix}.{_hint(configuration, prefix)}")
        if as_json:
            print_json([each._asdict() for each in settings])
        else:
            width = max(len(_line(each.key, each.value)) for each in settings)
            for each in settings:
                click.echo(f"{_line(each.key, each.value):{min(width, 60)}}  ({each.origin})")
    if starting.failed:
        ctx.exit(1)


@config.command()
@click.option("--app", metavar="MODULE:NAME", help="The application; else that of this folder, if any.")
@click.pass_context
def schema(ctx: click.Context, /, *, app: str | None) -> None:
    """Print a JSON Schema of pyfly.yaml: the keys of pyfly, and those of the application in this folder."""
    from pyfly.cli.applications import application_of  # --help needs none of it
    from pyfly.cli.reporting import Starting
    from pyfly.core.config import config_schema
    from pyfly.core.config.reference import framework_properties, loaded_properties

    found = {}
    with (
        Starting(debug=bool(ctx.find_root().params.get("debug"))) as starting,
        redirect_stdout(sys.stderr),
    ):
        application_of(Path.cwd(), app)
        # The dataclasses kept for programs of 0.1 repeat keys with other defaults; nobody reads them.
        current = (each for each in loaded_properties() if not each.__module__.startswith("pyfly."))
        found = config_schema({*framework_properties(), *current})
    if starting.failed:
        ctx.exit(1)
    print_json(found)


def _configuration(profiles: tuple[str, ...]) -> Config:
    import pyfly.config.normalize  # noqa: F401  # values are shown as the framework reads them

    arguments = [f"--pyfly.profiles.active={','.join(profiles)}"] if profiles else []
    return Config.from_sources(Path.cwd(), args=arguments)


def _hint(configuration: Config, prefix: str) -> str:
    from pyfly.kernel.nearest import nearest  # for typing mistakes only

    keys = configuration.keys()
    close = nearest(prefix, {".".join(key.split(".")[:length]) for key in keys for length in range(1, 5)})
    return f" Did you mean {close}?" if close else ""


def _line(key: str, value: object) -> str:
    is_plain = isinstance(value, str) and value.isprintable()
    return f"{key} = {value if is_plain else json.dumps(value, ensure_ascii=False, default=str)}"
