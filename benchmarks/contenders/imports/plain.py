"""Nothing: the start of the interpreter."""


def core() -> tuple[object, ...]:
    return ()


def core_names() -> tuple[object, ...]:
    return ()


def web() -> tuple[object, ...]:
    return ()
