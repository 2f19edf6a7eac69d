"""Requests at a fixed rate that create, read, update and delete, and what each of them must have left behind."""

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

RATE = 100
CLIENTS = 40
WINDOW = 0.5
_ABSENT = None


@dataclass(frozen=True)
class Outcome:
    """What became of a request."""

    sent: float
    status: int


class Load:
    """Clients of :mod:`tests.faults.pairs_app` that know what they were promised.

    Attributes:
        outcomes: What became of each request.
        allowed: The values that a pair may have; after a change that failed, the one before and the one after.
        torn: Answers that show half a transaction, or something that nobody wrote.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.outcomes: list[Outcome] = []
        self.allowed: dict[int, set[int | None]] = {}
        self.torn: list[object] = []
        self._client = client
        self._chance = random.Random(16)
        self._busy: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._value = 0
        self._newest = 0

    async def run(self, seconds: float) -> None:
        """Send requests for that long, as many as there are clients that wait for no answer."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if len(self._tasks) < CLIENTS:
                task = asyncio.create_task(self._one())
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            await asyncio.sleep(1 / RATE)

    async def settle(self) -> None:
        """Wait for every answer."""
        await asyncio.gather(*self._tasks)

    def recovered_at(self, moment: float, part: float) -> float | None:
        """Return since when, after *moment*, that *part* of the requests of half a second has succeeded."""
        sent = sorted((each for each in self.outcomes if each.sent >= moment), key=lambda each: each.sent)
        for first in sent:
            window = [each.status < 300 for each in sent if first.sent <= each.sent < first.sent + WINDOW]
            if sent[-1].sent >= first.sent + WINDOW and sum(window) >= part * len(window):
                return first.sent
        return None

    def statuses(self) -> set[int]:
        """Return how requests were answered."""
        return {outcome.status for outcome in self.outcomes}

    def wrong(self, stored: dict[int, list[int]]) -> Iterator[str]:
        """Yield what is wrong with the *stored* values of the halves of each pair."""
        for number in sorted(stored.keys() | self.allowed.keys()):
            values = stored.get(number, [])
            if len(values) not in {0, 2} or len(set(values)) > 1:
                yield f"{number} is half a transaction: {values}"
            elif (values[0] if values else _ABSENT) not in self.allowed[number]:
                yield f"{number} is {values}, promised was one of {self.allowed[number]}"

    async def _one(self) -> None:
        number = self._free()
        self._busy.add(number)
        try:
            await self._request(number)
        finally:
            self._busy.discard(number)

    def _free(self) -> int:
        """Return a new number, or one that nobody else changes just now."""
        known = [number for number in self.allowed if number not in self._busy] if self._value % 2 else []
        if known:
            return self._chance.choice(known)
        self._newest += 1
        return self._newest

    async def _request(self, number: int) -> None:
        self._value += 1
        before = self.allowed.setdefault(number, {_ABSENT})
        after: int | None = self._value
        url, sent, kind = f"/pairs/{number}", time.monotonic(), self._chance.random()
        if before != {_ABSENT} and kind < 0.4:
            answer = await self._client.get(url)
            values = answer.json()["values"] if answer.status_code == 200 else None
            if values is not None and (values[0] if values else _ABSENT) not in before:
                self.torn.append((number, values, before))
            if values is not None and (len(values) not in {0, 2} or len(set(values)) > 1):
                self.torn.append((number, values))
        elif before != {_ABSENT} and kind < 0.6:
            answer, after = await self._client.delete(url), _ABSENT
            self.allowed[number] = {after} if answer.status_code < 300 else before | {after}
        else:
            answer = await self._client.put(url, params={"value": after})
            self.allowed[number] = {after} if answer.status_code < 300 else before | {after}
        self.outcomes.append(Outcome(sent, answer.status_code))
