"""pyfly."""

DISTRIBUTIONS = ("pyfly",)


def core() -> tuple[object, ...]:
    import pyfly.container
    import pyfly.context

    return pyfly.container, pyfly.context


def core_names() -> tuple[object, ...]:
    from pyfly.container import Container
    from pyfly.context import ApplicationContext

    return Container, ApplicationContext


def web() -> tuple[object, ...]:
    from pyfly.container import rest_controller
    from pyfly.core import PyFlyApplication, pyfly_application
    from pyfly.web import get_mapping, request_mapping
    from pyfly.web.adapters.starlette import StarletteWebAdapter

    return (
        rest_controller,
        PyFlyApplication,
        pyfly_application,
        get_mapping,
        request_mapping,
        StarletteWebAdapter,
    )
