"""``pyfly openapi``: the API document of an application, and what changed in it."""

import json
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import click

from pyfly.cli.json_output import json_option, print_json

_APP = click.option(
    "--app", metavar="MODULE:NAME", help="The application; else pyfly.app.module, else the only main.py."
)
_PROFILE = click.option(
    "--profile", "profiles", multiple=True, help="A profile to activate; may be given several times."
)


@click.group(invoke_without_command=True)
@_APP
@_PROFILE
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@click.pass_context
def openapi(
    ctx: click.Context, /, *, app: str | None, profiles: tuple[str, ...], output: Path | None
) -> None:
    """Print the OpenAPI document. Nothing is started or connected."""
    if ctx.invoked_subcommand is not None:
        ctx.obj = app, profiles
        return
    text = json.dumps(_document(ctx, app, profiles), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


@openapi.command()
@click.argument("old", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("new", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@click.pass_context
def diff(ctx: click.Context, /, *, old: Path, new: Path | None, as_json: bool) -> None:
    """Tell what changed from the document OLD to NEW, or to that of the application in this folder.

    The exit code is 1 if a client of OLD would notice.
    """
    from pyfly.web.openapi.diff import compare  # --help needs none of it

    app, profiles = ctx.obj
    current = _document(ctx, app, profiles) if new is None else _read(new)
    changes = compare(_read(old), current)
    if as_json:
        print_json([each._asdict() for each in changes])
    else:
        for each in changes:
            click.echo(f"{'BREAKING' if each.breaking else 'change  '}  {each.where}: {each.what}")
        click.echo(_summary(len(changes), sum(each.breaking for each in changes)))
    if any(each.breaking for each in changes):
        ctx.exit(1)


def _document(ctx: click.Context, app: str | None, profiles: tuple[str, ...]) -> dict[str, Any]:
    from pyfly.cli.applications import application_of  # --help needs none of it
    from pyfly.cli.reporting import Starting
    from pyfly.core.config.keys import parse_key
    from pyfly.web.openapi.offline import document_of
    from pyfly.web.openapi.writing import content_of

    if profiles:
        # An application that is made while its module is imported sees them, too.
        os.environ[parse_key("pyfly.profiles.active").variable] = ",".join(profiles)
    found: dict[str, Any] = {}
    # What modules print or log while they are imported must not get into the document.
    with (
        Starting(debug=bool(ctx.find_root().params.get("debug"))) as starting,
        redirect_stdout(sys.stderr),
    ):
        application = application_of(Path.cwd(), app)
        if application is None:
            raise click.ClickException(
                "No application found: set pyfly.app.module in pyfly.yaml, or name it with --app package.module:name."
            )
        starting.watch(application)
        application.context.check()
        found = json.loads(content_of(document_of(application)))
    if starting.failed:
        ctx.exit(1)
    return found


def _read(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise click.ClickException(f"{file} is not JSON: {error}") from None
    if not isinstance(found, dict) or "paths" not in found:
        raise click.ClickException(f"{file} is no OpenAPI document: it has no paths.")
    return found


def _summary(changes: int, breaking: int) -> str:
    if not changes:
        return "Nothing changed."
    return f"{changes} change{'s' * (changes != 1)}, {breaking} of them breaking."
