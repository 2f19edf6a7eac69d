"""``pyfly graph``: which bean needs which, as a picture or as data."""

import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

import click

FORMS = ("mermaid", "dot", "json")


@click.command()
@click.option(
    "--format", "form", type=click.Choice(FORMS), default=FORMS[0], show_default=True, help="How to write it."
)
@click.option(
    "--app", metavar="MODULE:NAME", help="The application; else pyfly.app.module, else the only main.py."
)
@click.option(
    "--profile", "profiles", multiple=True, help="A profile to activate; may be given several times."
)
@click.pass_context
def graph(ctx: click.Context, /, *, form: str, app: str | None, profiles: tuple[str, ...]) -> None:
    """Show which bean needs which. Nothing is built or connected.

    Wiring errors are reported as a start would report them.
    """
    from pyfly.cli.applications import application_of  # --help needs none of it
    from pyfly.cli.reporting import Starting
    from pyfly.context.graph_view import render_graph
    from pyfly.core.config.keys import parse_key

    if profiles:
        # An application that is made while its module is imported sees them, too.
        os.environ[parse_key("pyfly.profiles.active").variable] = ",".join(profiles)
    picture = ""
    # What modules print or log while they are imported must not get into the picture.
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
        picture = render_graph(application.context.container, form)
    if starting.failed:
        ctx.exit(1)
    click.echo(picture, nl=False)
