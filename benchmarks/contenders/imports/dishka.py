"""dishka."""

DISTRIBUTIONS = ("dishka",)


def core() -> tuple[object, ...]:
    import dishka

    return (dishka,)


def core_names() -> tuple[object, ...]:
    from dishka import make_container

    return (make_container,)
