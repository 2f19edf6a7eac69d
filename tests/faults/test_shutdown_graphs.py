"""T12: in any graph, whatever fails, hangs or is cancelled, every bean gets its turn, dependants first."""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from time import perf_counter
from typing import Any

import pytest

from pyfly.context import ApplicationContext, ContextClosedEvent, pre_destroy
from pyfly.core.config import Config
from tests.faults.conftest import Tally
from tests.faults.graphs import Edges, give_constructor, node, random_edges
from tests.faults.journal import ACTS

pytestmark = [pytest.mark.timed, pytest.mark.timeout(60), pytest.mark.usefixtures("nothing_left")]

BEANS = 30
ADAPTERS = 6
LIMIT = 0.5
AT_ONCE = 10
ENDS = ("stopped", "destroyed")
SEEDS = range(0, 200, 50)
NIGHTLY = [pytest.param(seed, marks=pytest.mark.nightly) for seed in range(200, 2000, 50)]


@dataclass
class Graph:
    """Thirty beans, the first six of which are infrastructure; each depends on some before it."""

    seed: int
    everywhere: str = ""
    """What happens in every hook, instead of something else in some of them."""
    calls: list[str] = field(default_factory=list)
    expected: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    needs: Edges = field(default_factory=dict)

    def build(self) -> ApplicationContext:
        chance = random.Random(self.seed)
        context = ApplicationContext(
            Config({"pyfly": {"context": {"shutdown-timeout": LIMIT, "stop-timeout": "30ms"}}})
        )
        self.needs = random_edges(chance, BEANS, 4, acyclic=True)
        trouble = chance.choice([0.0, 0.2, 0.5])
        classes = [node(number) for number in range(BEANS)]
        for number, cls in enumerate(classes):
            give_constructor(cls, {f"need{need}": classes[need] for need in self.needs[number]})
            self._add_hooks(cls, number, chance, trouble)
        for number in chance.sample(range(BEANS), BEANS):
            context.register_bean(classes[number]).auto = number < ADAPTERS
        return context

    def _add_hooks(self, cls: Any, number: int, chance: random.Random, trouble: float) -> None:
        def act() -> str:
            return self.everywhere or (chance.choice(list(ACTS)) if chance.random() < trouble else "")

        if chance.random() < 0.7:
            make = self._sync_hook if chance.random() < 0.3 else self._hook
            cls.close = pre_destroy(make(f"{number} destroyed", act()))
        if number < ADAPTERS or chance.random() < 0.3:
            cls.start = _start
            cls.stop = self._hook(f"{number} stopped", act())

    def _hook(self, call: str, act: str) -> Callable[[object], Any]:
        self.expected.add(call)
        if act:
            self.failing.add(call)

        async def hook(_: object) -> None:
            self.calls.append(call)
            if act:
                await ACTS[act]()

        return hook

    def _sync_hook(self, call: str, act: str) -> Callable[[object], Any]:
        """A hook without an event loop cannot hang in a way that anybody could end."""
        raises = act in {"fail", "cancel"}
        self.expected.add(call)
        if raises:
            self.failing.add(call)

        def hook(_: object) -> None:
            self.calls.append(call)
            if raises:
                ACTS[act]().__await__().send(None)

        return hook

    def mistakes(self) -> list[str]:
        """What was not called exactly once, and every pair in the wrong order."""
        found = [
            f"{call}: {self.calls.count(call)} times"
            for call in sorted(self.expected)
            if self.calls.count(call) != 1
        ]
        place = {call: position for position, call in enumerate(self.calls)}
        ends = [
            (number, need, mine, theirs)
            for number, needs in self.needs.items()
            for need, mine, theirs in product(needs, ENDS, ENDS)
        ]
        # A bean that needs another one neither stops nor is destroyed after that one has gone.
        found += [
            f"{number} {mine} after {need} {theirs}"
            for number, need, mine, theirs in ends
            if place.get(f"{number} {mine}", -1) > place.get(f"{need} {theirs}", len(place))
        ]
        last_bean = max(place[call] for call in self.calls if int(call.split()[0]) >= ADAPTERS)
        found += [f"{n} stopped too early" for n in range(ADAPTERS) if place[f"{n} stopped"] < last_bean]
        return found


async def _start(_: object) -> None:
    """Nothing fails before the stop."""


async def stopped(graph: Graph) -> tuple[Graph, float]:
    context = graph.build()
    await context.start()
    began = perf_counter()
    await context.stop()
    return graph, perf_counter() - began


@pytest.mark.parametrize("seed", [*SEEDS, *NIGHTLY])
async def test_every_bean_of_a_random_graph_has_its_turn(
    seed: int, caplog: pytest.LogCaptureFixture, tally: Tally
) -> None:
    done = []
    for first in range(seed, seed + 50, AT_ONCE):
        done += await asyncio.gather(*(stopped(Graph(number)) for number in range(first, first + AT_ONCE)))
    assert {graph.seed: graph.mistakes() for graph, _ in done if graph.mistakes()} == {}
    assert max(seconds for _, seconds in done) <= LIMIT + 1
    faults = sum(len(graph.failing) for graph, _ in done)
    errors = [
        each for each in caplog.records if each.levelno == logging.ERROR and each.name == "pyfly.context"
    ]
    assert len(errors) == faults
    tally(sum(len(graph.calls) for graph, _ in done), faults)
    await everybody_gone()


@pytest.mark.parametrize("act", ["hang", "hang-on"])
async def test_beans_that_all_hang_do_not_outlast_the_limit(act: str) -> None:
    graph, seconds = await stopped(Graph(1, everywhere=act))
    assert graph.mistakes() == []
    assert len(graph.failing) > 20
    assert seconds <= LIMIT + 1
    await everybody_gone()


async def test_a_stop_that_is_cancelled_is_finished_first() -> None:
    graph = Graph(3, everywhere="hang")
    context = graph.build()
    await context.start()
    stopping = asyncio.create_task(context.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert graph.mistakes() == []
    await everybody_gone()


async def test_a_listener_that_hangs_at_the_end_does_not_outlast_the_limit() -> None:
    context = ApplicationContext(Config({"pyfly": {"context": {"shutdown-timeout": "50ms"}}}))
    context.event_bus.subscribe(ContextClosedEvent, lambda event: ACTS["hang"]())
    await context.start()
    began = perf_counter()
    await context.stop()
    assert perf_counter() - began < 1


async def everybody_gone() -> None:
    """End the hooks that ignored the first request to stop; nobody else may be left."""
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in left:
        assert "hook" in str(task) or "call" in str(task)
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
