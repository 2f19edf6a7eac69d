"""FastAPI."""

DISTRIBUTIONS = ("fastapi", "starlette", "pydantic")


def core() -> tuple[object, ...]:
    import fastapi

    return (fastapi,)


def core_names() -> tuple[object, ...]:
    from fastapi import FastAPI

    return (FastAPI,)


def web() -> tuple[object, ...]:
    from fastapi import FastAPI
    from pydantic import BaseModel

    return FastAPI, BaseModel
