"""Chooses the web adapters: Starlette's classes for requests and responses, uvicorn as the server."""

from importlib.util import find_spec

from pyfly import web  # a lazy package: its names are loaded when an annotation below is first read
from pyfly.container.bean import bean
from pyfly.container.container import Container
from pyfly.context.conditions import (
    Facts,
    Outcome,
    Pass,
    adapter,
    auto_configuration,
    conditional,
    conditional_on_bean,
    conditional_on_class,
    conditional_on_missing_bean,
)
from pyfly.core.asgi import ApplicationServer, AsgiApplication
from pyfly.core.config.config import Config
from pyfly.web.application import WebApplication
from pyfly.web.routing.check import RouteCheck
from pyfly.web.routing.unserved import UnservedCheck
from pyfly.web.threads import ThreadsEndpoint
from pyfly.web.websocket.check import WebSocketCheck

_CONTROLLERS = frozenset({"rest_controller", "controller"})
_APP_KEYS = ("pyfly.app.name", "pyfly.app.version", "pyfly.app.description")


class WebIsWanted:
    """Holds when ``pyfly.web.enabled`` is true, or is auto and there is a controller; not without an adapter."""

    runs_in = Pass.BEANS

    def check(self, facts: Facts) -> Outcome:
        """Ask the settings first, then the beans."""
        if facts.property("pyfly.web.adapter") == "none":
            return Outcome(False, "pyfly.web.adapter is none", "Set pyfly.web.adapter: auto.")
        value = facts.property("pyfly.web.enabled")
        said = "auto" if value is None else str(value).lower()
        if said != "auto":
            wanted = said in ("true", "1", "yes", "on")
            remedy = "" if wanted else "Set pyfly.web.enabled: true."
            return Outcome(wanted, f"pyfly.web.enabled is {said}", remedy)
        found = sorted(facts.stereotypes() & _CONTROLLERS)
        if found:
            return Outcome(True, f"there is a {found[0]}")
        return Outcome(False, "there is no controller", "Set pyfly.web.enabled: true.")

    def published(self) -> dict[str, object]:
        """Return the condition as other programs see it."""
        return {"type": "on_web", "key": "pyfly.web.enabled"}


class ServerIsInstalled:
    """Holds when the server that ``pyfly.web.server`` names is installed."""

    runs_in = Pass.EARLY

    def check(self, facts: Facts) -> Outcome:
        """Ask for uvicorn, unless another one is wanted; a wanted one that is missing is told at its use."""
        wanted = str(facts.property("pyfly.web.server") or "uvicorn")
        if wanted != "uvicorn" or find_spec(wanted) is not None:
            return Outcome(True, f"pyfly.web.server is {wanted}")
        return Outcome(False, f"{wanted} is not installed", "pip install 'pyfly[web]'")

    def published(self) -> dict[str, object]:
        """Return the condition as other programs see it."""
        return {"type": "on_server", "key": "pyfly.web.server"}


@auto_configuration(checks=(UnservedCheck,))
class MappingAutoConfiguration:
    """Makes sure that mappings are those of controllers, whether or not there is a web application."""


@auto_configuration(checks=(RouteCheck, WebSocketCheck))
@conditional(WebIsWanted())
@conditional_on_class("starlette")
@adapter("web", "starlette")
class WebAutoConfiguration:
    """The web application of the controllers, and the server that runs it."""

    @bean
    @conditional_on_missing_bean(AsgiApplication)
    def web_application(
        self, container: Container, config: Config, properties: "web.WebProperties"
    ) -> WebApplication:
        """Serve the controllers of *container*."""
        from pyfly.web.adapters.starlette.technology import STARLETTE
        from pyfly.web.assembly import Options, assemble

        title, version, description = _identity_of(container, config)
        options = Options(
            technology=STARLETTE,
            title=title,
            version=version,
            description=description,
            docs_enabled=properties.docs.are_served(config.active_profiles),
            config=config,
        )
        return WebApplication(lambda _: assemble(container, properties, options))

    @bean
    @conditional_on_bean(WebApplication)
    def threads_endpoint(self, application: WebApplication) -> ThreadsEndpoint:
        """Report the threads of *application*."""
        return ThreadsEndpoint(application)

    @bean
    @conditional(ServerIsInstalled())
    @conditional_on_missing_bean(ApplicationServer)
    def application_server(self, properties: "web.WebProperties", config: Config) -> ApplicationServer:
        """Serve it with uvicorn, or with granian if that is wanted."""
        from pyfly.web.connections.properties import ConnectionProperties
        from pyfly.web.stages.properties import LimitProperties
        from pyfly.web.websocket.properties import WebSocketProperties

        limits, sockets = config.bind(ConnectionProperties), config.bind(WebSocketProperties)
        heads = config.bind(LimitProperties)
        if properties.server == "granian":
            from pyfly.web.adapters.granian.server import GranianServer

            return GranianServer(properties, limits, sockets, heads)
        from pyfly.web.adapters.uvicorn.server import UvicornServer

        return UvicornServer(properties, limits, sockets, heads)


def _identity_of(container: Container, config: Config) -> tuple[str, str, str]:
    from pyfly.core.application import PyFlyApplication

    if container.definitions_of(PyFlyApplication):
        app = container.resolve(PyFlyApplication)
        return app.name, app.version, app.description
    name, version, description = (str(config.get(key, "")) for key in _APP_KEYS)
    return name, version, description
