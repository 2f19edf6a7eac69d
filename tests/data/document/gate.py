"""A gate between an application and its server: closed, open, stuck, or cutting everybody off."""

import asyncio
from urllib.parse import urlsplit

from tests.servers.process import free_port


class Gate:
    """Passes on what is sent to the server at an address, as long as it is open.

    Attributes:
        url: The same database, through the gate.
    """

    def __init__(self, url: str) -> None:
        """Stand before the server of *url*, closed."""
        address = urlsplit(url)
        self._server = (str(address.hostname), int(address.port or 0))
        self._port = free_port()
        self.url = f"mongodb://127.0.0.1:{self._port}{address.path}?directConnection=true"
        self._door: asyncio.Server | None = None
        self._ways: set[asyncio.Task[None]] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._waiting: dict[bytes, asyncio.Event] = {}
        self._cutting: bytes | None = None

    async def open(self) -> None:
        """Let everybody through."""
        self._door = await asyncio.start_server(self._pass, "127.0.0.1", self._port)

    async def close(self) -> None:
        """Refuse connections, and end those that there are."""
        self._flowing.set()
        if self._door is not None:
            self._door.close()
            await self.cut()

    async def cut(self) -> None:
        """End every connection."""
        ways = {way for way in self._ways if way is not asyncio.current_task()}
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)

    def cut_at(self, word: bytes) -> None:
        """End every connection when the next command with *word* is sent, which does not arrive."""
        self._cutting = word

    def stall(self) -> None:
        """Keep what is sent from now on."""
        self._flowing.clear()

    def resume(self) -> None:
        """Pass on what was kept."""
        self._flowing.set()

    async def kept(self, word: bytes) -> None:
        """Wait until a command with *word* is kept."""
        await self._waiting.setdefault(word, asyncio.Event()).wait()

    async def _pass(self, inward: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        way = asyncio.current_task()
        assert way is not None
        self._ways.add(way)
        answers, onward = await asyncio.open_connection(*self._server)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._flow(inward, onward, watched=True))
                both.create_task(self._flow(answers, back, watched=False))
        except (asyncio.CancelledError, BaseExceptionGroup):
            pass  # cut, or one of the two is gone
        finally:
            self._ways.discard(way)
            for writer in (onward, back):
                writer.transport.abort()

    async def _flow(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, watched: bool
    ) -> None:
        while data := await source.read(65536):
            if watched and self._cutting is not None and self._cutting in data:
                self._cutting = None
                for way in self._ways:
                    way.cancel()
                return
            if not self._flowing.is_set():
                for word, seen in self._waiting.items():
                    if word in data:
                        seen.set()
                await self._flowing.wait()
            target.write(data)
            await target.drain()
        raise ConnectionError
