import gc

from pyfly.core.asgi import LifespanApp, Message, Receive, Send
from pyfly.core.garbage import settled_heap


class Nothing:
    async def startup(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None: ...


def test_what_exists_at_the_start_is_not_looked_at_while_an_application_serves() -> None:
    with settled_heap():
        frozen = gc.get_freeze_count()
    assert (frozen > 0, gc.get_freeze_count()) == (True, 0)


def test_partial_collections_come_more_often_meanwhile_and_as_before_afterwards() -> None:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    try:
        with settled_heap():
            assert gc.get_threshold() == (700, 1, 50)
        assert gc.get_threshold() == (700, 10, 10)
    finally:
        gc.set_threshold(*before)


def test_everything_is_looked_at_again_after_a_failure() -> None:
    try:
        with settled_heap():
            raise ValueError
    except ValueError:
        assert gc.get_freeze_count() == 0


async def test_the_lifespan_of_an_application_settles_the_heap_until_it_ends() -> None:
    counts: list[tuple[str, bool]] = []

    async def receive() -> Message:
        counts.append(("waiting", gc.get_freeze_count() > 0))
        return {"type": "lifespan"}

    async def send(message: Message) -> None:
        counts.append((message["type"], gc.get_freeze_count() > 0))

    await LifespanApp(Nothing(), Nothing)({"type": "lifespan"}, receive, send)
    assert counts == [
        ("waiting", False),
        ("lifespan.startup.complete", False),
        ("waiting", True),
        ("lifespan.shutdown.complete", False),
    ]
