"""From what a method of a ``@controller`` returned to the reply with its page."""

from collections.abc import Awaitable, Callable, Mapping
from time import perf_counter
from typing import Any, Final
from urllib.parse import quote

from pyfly.kernel.diagnosis import Diagnosis, diagnose
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.binding.results import FRAMING, answer, is_asgi_response
from pyfly.web.ports.templates import TemplateEngine
from pyfly.web.responses import RawHeaders, Reply, ResponseEntity, Scope, raw_headers
from pyfly.web.views.types import Redirect, View

HTML: Final = (b"content-type", b"text/html; charset=utf-8")

_REDIRECT: Final = "redirect:"
_SHORT: Final = 0.001
"""Pages that take longer, in seconds, are made in another thread from then on."""
_IN_LOCATION: Final = "!#$%&'()*+,/:;=?@[]~"


class MissingTemplateError(Exception):
    """A handler is made for a template that does not exist."""

    def __init__(self, name: str, handler: str) -> None:
        """Name the template and the *handler*."""
        super().__init__(f"there is no template '{name}', which {handler} is decorated with")
        self.name = name
        self.handler = handler


@diagnose.register
def _explain_missing(failure: MissingTemplateError) -> Diagnosis:
    return Diagnosis(
        f"There is no template '{failure.name}', which {failure.handler} is decorated with.",
        (),
        ("Correct the name in @view.", "Set pyfly.web.templates.location to where the template is."),
    )


class Pages:
    """Makes pages with a template engine."""

    def __init__(
        self, engine: TemplateEngine, run_sync: Callable[..., Any], clock: Callable[[], float] = perf_counter
    ) -> None:
        """Render with *engine*, what takes long with *run_sync*."""
        self._engine = engine
        self._run_sync = run_sync
        self._clock = clock
        self._quick: dict[str, bool] = {}

    def of(self, plan: RoutePlan) -> Callable[[Any, Scope], Awaitable[Reply]]:
        """Return what answers with the results of the route *plan*.

        Raises:
            MissingTemplateError: Its template does not exist.
        """
        template, status = plan.view.template if plan.view else "", plan.status_code
        if template and not self._engine.exists(template):
            raise MissingTemplateError(template, f"{plan.controller.__name__}.{plan.name}")

        async def page(result: Any, scope: Scope) -> Reply:
            view = _view_of(result, template, status)
            if isinstance(view, View):
                return await self._page(view)
            if isinstance(view, Redirect):
                return _redirected(view, scope)
            return answer(result, status, scope=scope)

        return page

    async def _page(self, view: View) -> Reply:
        body = (await self._rendered(view.name, view.model)).encode()
        extra = [each for each in raw_headers(view.headers) if each[0] not in FRAMING]
        headers: RawHeaders = [(b"content-length", b"%d" % len(body)), *extra]
        if not any(name == b"content-type" for name, _ in extra):
            headers.append(HTML)
        return view.status, headers, body

    async def _rendered(self, name: str, model: Mapping[str, Any]) -> str:
        # The first page of a template compiles it, which is slow; after that it is as slow as it was last.
        if not self._quick.get(name, False):
            page, seconds = await self._run_sync(self._timed, name, model)
        else:
            page, seconds = self._timed(name, model)
        if name in self._quick or len(self._quick) < 10_000:
            self._quick[name] = seconds < _SHORT
        return str(page)

    def _timed(self, name: str, model: Mapping[str, Any]) -> tuple[str, float]:
        started = self._clock()
        page = self._engine.render(name, model)
        return page, self._clock() - started


def _view_of(result: Any, template: str, status: int) -> View | Redirect | None:
    if isinstance(result, View | Redirect):
        return result
    if isinstance(result, str):
        if result.startswith(_REDIRECT):
            return Redirect(result.removeprefix(_REDIRECT))
        return View(result, {}, status)
    if template and (result is None or isinstance(result, Mapping)):
        return View(template, result or {}, status)
    if result is None or isinstance(result, ResponseEntity) or is_asgi_response(result):
        return None
    raise TypeError(f"a controller returned {type(result).__name__}, which is no view")


def _redirected(redirect: Redirect, scope: Scope) -> Reply:
    location = quote(scope.get("root_path", "") + redirect.path, safe=_IN_LOCATION)
    return redirect.status, [(b"location", location.encode()), (b"content-length", b"0")], b""
