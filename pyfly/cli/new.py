"""``pyfly new``: creates a project from an archetype."""

from collections.abc import Iterable
from pathlib import Path

import click
import questionary
from rich.panel import Panel
from rich.tree import Tree

from pyfly.cli.catalogue import (
    ARCHETYPE_DESCRIPTIONS,
    FEATURE_TIPS,
    UnknownFeaturesError,
    checked_features,
)
from pyfly.cli.console import console
from pyfly.cli.generation import generate_project
from pyfly.cli.naming import InvalidNameError
from pyfly.cli.wizard import Wish, ask


@click.command()
@click.argument("name", required=False)
@click.option(
    "--archetype", type=click.Choice(list(ARCHETYPE_DESCRIPTIONS)), default="core", show_default=True
)
@click.option(
    "--features", metavar="A,B,C", help="Features, separated by commas; else those of the archetype."
)
@click.option(
    "--directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The folder to create the project in.",
)
def new(name: str | None, archetype: str, features: str | None, directory: Path) -> None:
    """Create a project that runs, with its tests. Without NAME, questions are asked."""
    if name is None:
        wish = _asked()
    else:
        chosen = tuple(features.split(",")) if features is not None else None
        wish = Wish(name=name, package=None, archetype=archetype, features=chosen)
    if wish is not None:
        _create(wish, directory.resolve())


def _asked() -> Wish | None:
    try:
        wish = ask(questionary)
    except (KeyboardInterrupt, EOFError):
        wish = None
    if wish is None:
        console.print("Nothing was created.", style="dim")
    return wish


def _create(wish: Wish, directory: Path) -> None:
    target = directory / wish.name
    try:
        files = generate_project(wish.name, target, wish.archetype, wish.features, package=wish.package)
        features = checked_features(wish.archetype, wish.features)
    except (InvalidNameError, UnknownFeaturesError, FileExistsError) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"Cannot create {target}: {error.strerror or error}.") from error
    console.print(Panel(_tree(wish.name, files), title=f"[success]{wish.name}[/success]", title_align="left"))
    _print_next_steps(target, features)


def _tree(name: str, files: Iterable[Path]) -> Tree:
    tree = Tree(f"{name}/", style="info")
    folders: dict[Path, Tree] = {Path(): tree}
    for file in files:
        for folder in reversed(file.parents[:-1]):
            if folder not in folders:
                folders[folder] = folders[folder.parent].add(f"{folder.name}/")
        folders[file.parent].add(file.name)
    return tree


def _print_next_steps(target: Path, features: tuple[str, ...]) -> None:
    shown = target.relative_to(Path.cwd()) if target.is_relative_to(Path.cwd()) else target
    console.print("\nNext steps", style="pyfly")
    for command in (f"cd {shown}", 'pip install -e ".[dev]"', "pytest", "pyfly run"):
        console.print(f"  {command}", markup=False, soft_wrap=True)
    for feature in features:
        if feature in FEATURE_TIPS:
            console.print(f"\n{FEATURE_TIPS[feature]}", style="dim", soft_wrap=True)
