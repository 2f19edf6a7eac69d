"""What compiled routes use of features that not every application has: each is imported when a route wants it."""

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any

from pyfly.container.container import Container
from pyfly.core.config.config import Config
from pyfly.web.ports.routes import Endpoint
from pyfly.web.ports.templates import TemplateEngine
from pyfly.web.responses import Receive, Reply, Scope


class Features:
    """The features of one application."""

    def __init__(
        self,
        container: Container,
        config: Config,
        *,
        run_sync: Callable[..., Any],
        body_limit: int,
        templates: Callable[[Config], TemplateEngine],
    ) -> None:
        """Configure them by *config*; run what blocks with *run_sync*; make pages with *templates* by default."""
        self._templates = templates
        self._container = container
        self._config = config
        self._run_sync = run_sync
        self._body_limit = body_limit
        self._bound: dict[type, Any] = {}

    def settings(self, properties: type) -> Any:
        """Return the settings of a properties class."""
        if properties not in self._bound:
            self._bound[properties] = self._config.bind(properties)
        return self._bound[properties]

    @cached_property
    def read_form(self) -> Callable[[Scope, Receive], Awaitable[Any]]:
        """Reads the form of a request."""
        from pyfly.web.forms.properties import MultipartProperties
        from pyfly.web.forms.reading import FormReader

        return FormReader(self.settings(MultipartProperties), self._body_limit).read

    def page_reader(self, item: Any) -> Callable[[Any], Any]:
        """Return what makes the ``Pageable`` or ``Sort`` of the parameter *item* of a query string."""
        from pyfly.web.paging.reading import page_reader

        return page_reader(item, self.settings)

    def linked(self, endpoint: Endpoint) -> Endpoint:
        """Return *endpoint*, whose results are pages, with links in its answers."""
        from pyfly.web.paging.links import linked
        from pyfly.web.paging.properties import PagingProperties

        properties: PagingProperties = self.settings(PagingProperties)
        return linked(endpoint, properties) if properties.links else endpoint

    def page(self, plan: Any) -> Callable[[Any, Scope], Awaitable[Reply]]:
        """Return what makes a page of the results of the route *plan*."""
        made: Callable[[Any, Scope], Awaitable[Reply]] = self._pages.of(plan)
        return made

    @cached_property
    def _pages(self) -> Any:
        from pyfly.web.views.pages import Pages

        own = self._container.definitions_of(TemplateEngine)
        engine = self._container.get(own[0]) if own else self._templates(self._config)
        return Pages(engine, self._run_sync)
