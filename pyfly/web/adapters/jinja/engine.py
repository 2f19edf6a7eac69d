"""The template engine port, served by Jinja."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from jinja2 import (
    BaseLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    TemplateNotFound,
    Undefined,
    select_autoescape,
)

from pyfly.core.config.config import Config
from pyfly.core.config.errors import ConfigurationError
from pyfly.web.ports.templates import TemplateEngine
from pyfly.web.views.properties import LOCATION, TemplateProperties

_PACKAGE: Final = "package:"


class JinjaTemplates(TemplateEngine):
    """Renders the templates of one place. Everything that they show is escaped, except in ``.txt`` templates."""

    def __init__(self, loader: BaseLoader, properties: TemplateProperties) -> None:
        """Render the templates that *loader* finds."""
        self._suffix = properties.suffix
        self.environment = Environment(
            loader=loader,
            autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
            undefined=StrictUndefined if properties.strict else Undefined,
            auto_reload=properties.reload,
            cache_size=properties.cache_size,
        )

    def render(self, name: str, model: Mapping[str, Any], /) -> str:
        """Return the page that the template *name* makes of *model*."""
        return self.environment.get_template(self._file(name)).render(model)

    def exists(self, name: str, /) -> bool:
        """Say whether there is a template *name*."""
        try:
            self.environment.get_template(self._file(name))
        except TemplateNotFound:
            return False
        return True

    def _file(self, name: str) -> str:
        return name if PurePosixPath(name).suffix else name + self._suffix


def jinja_of(config: Config) -> JinjaTemplates:
    """Return the engine that ``pyfly.web.templates`` describes.

    Raises:
        ConfigurationError: There is no such directory or package.
    """
    properties = config.bind(TemplateProperties)
    return JinjaTemplates(_loader(properties.location, config), properties)


def _loader(location: str, config: Config) -> BaseLoader:
    if location.startswith(_PACKAGE):
        package, _, folder = location.removeprefix(_PACKAGE).partition("/")
        try:
            return PackageLoader(package, folder or "templates")
        except (ImportError, ValueError) as error:
            raise _unusable(location, f"there is no folder of templates in the package ({error})") from error
    file = Path(config.origin(LOCATION).rpartition(":")[0])
    root = (file.absolute().parent if file.is_file() else Path.cwd()) / location
    if not root.is_dir():
        raise _unusable(location, f"there is no directory {root}")
    return FileSystemLoader(root)


def _unusable(location: str, reason: str) -> ConfigurationError:
    return ConfigurationError(
        f"Templates cannot be found at {location}: {reason}",
        key=LOCATION,
        fix=f"Set {LOCATION} to a directory of templates, or to package:name/folder.",
    )
