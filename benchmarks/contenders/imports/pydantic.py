"""pydantic."""

DISTRIBUTIONS = ("pydantic",)


def core() -> tuple[object, ...]:
    import pydantic

    return (pydantic,)


def core_names() -> tuple[object, ...]:
    from pydantic import BaseModel

    return (BaseModel,)
