"""pyfly, started by the lifespan of its ASGI application; lean unless a row says otherwise."""

from pyfly.core import PyFlyApplication, pyfly_application

DISTRIBUTIONS = ("pyfly", "pydantic", "starlette", "uvicorn")

_APPS = "benchmarks.contenders.http.apps"
_LEAN = tuple(
    f"--pyfly.web.{switch}.enabled=false"
    for switch in ("request-id", "limits", "csrf", "access-log", "security-headers")
)


def _application(*modules: str, args: tuple[str, ...] = _LEAN) -> object:
    packages = [f"{_APPS}.{module}" for module in ("pyfly_shop", *modules)]
    shop = pyfly_application(name="shop", scan_packages=packages)(type("Shop", (), {}))
    return PyFlyApplication(shop, args=args).asgi()


def plaintext() -> object:
    return _application()


json_get = json_post = plaintext


def filters5() -> object:
    return _application("pyfly_filters")


def defaults() -> object:
    return _application(args=())


def routes500() -> object:
    return _application("pyfly_many")
