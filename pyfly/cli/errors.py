"""How the command line tells that something went wrong."""

import traceback

import click


def one_line(failure: BaseException) -> str:
    """Return *failure* as one line that says how to see more of it."""
    lines = str(failure).splitlines()
    message = f"{type(failure).__name__}: {lines[0]}" if lines else type(failure).__name__
    return f"{message} (run `pyfly --debug ...` for the traceback)"


def print_traceback(failure: BaseException) -> None:
    """Write the whole story of *failure* to standard error."""
    click.echo("".join(traceback.format_exception(failure)), err=True)
