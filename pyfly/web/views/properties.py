"""The settings of templates."""

from typing import Annotated, Final

from pyfly.core.config import Doc, config_properties
from pyfly.kernel.bounds import Ge
from pyfly.kernel.record import Record

LOCATION: Final = "pyfly.web.templates.location"


@config_properties("pyfly.web.templates")
class TemplateProperties(Record, kw_only=True):
    """``pyfly.web.templates``: where templates are, and how strict they are."""

    location: Annotated[
        str,
        Doc("A directory, relative to the file that sets it, or package:shop.web/templates."),
    ] = "templates"
    suffix: Annotated[str, Doc("Added to names of views that have none.")] = ".html"
    strict: Annotated[bool, Doc("A template that shows something undefined is an error.")] = True
    reload: Annotated[bool, Doc("Read templates again when they change, for development.")] = False
    cache_size: Annotated[int, Ge(1), Doc("How many compiled templates are kept.")] = 400
