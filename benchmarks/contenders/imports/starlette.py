"""Starlette, with pydantic in the web row."""

DISTRIBUTIONS = ("starlette", "pydantic")


def core() -> tuple[object, ...]:
    import starlette

    return (starlette,)


def core_names() -> tuple[object, ...]:
    from starlette.applications import Starlette

    return (Starlette,)


def web() -> tuple[object, ...]:
    from pydantic import BaseModel
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    return BaseModel, Starlette, Request, JSONResponse, Route
