"""pyfly, started and stopped by the lifespan of its ASGI application."""

from pyfly.core import PyFlyApplication, pyfly_application

DISTRIBUTIONS = ("pyfly", "starlette", "uvicorn")


@pyfly_application(name="items", scan_packages=["benchmarks.contenders.web.apps.pyfly_items"])
class Items: ...


@pyfly_application(name="item-models", scan_packages=["benchmarks.contenders.web.apps.pyfly_item_models"])
class ItemModels: ...


def first_200() -> object:
    return PyFlyApplication(Items).asgi()


def first_200_model() -> object:
    return PyFlyApplication(ItemModels).asgi()
