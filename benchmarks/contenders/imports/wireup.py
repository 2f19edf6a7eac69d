"""wireup."""

DISTRIBUTIONS = ("wireup",)


def core() -> tuple[object, ...]:
    import wireup

    return (wireup,)


def core_names() -> tuple[object, ...]:
    from wireup import create_sync_container

    return (create_sync_container,)
