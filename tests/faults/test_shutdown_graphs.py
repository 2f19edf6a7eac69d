"""T12: in any graph, whatever fails, hangs or is cancelled, every bean gets its turn, dependants first."""

import asyncio
import logging
import random
from dataclasses import dataclass, field
from time import perf_counter

import pytest

from pyfly.context import ApplicationContext, ContextClosedEvent, pre_destroy
from pyfly.core.config import Config
from tests.faults.conftest import Tally
from tests.faults.journal import ACTS

pytestmark = [pytest.mark.timeout(60), pytest.mark.usefixtures("nothing_left")]

BEANS = 30
ADAPTERS = 6
LIMIT = 0.5
AT_ONCE = 10
SEEDS = [*range(0, 200, 50)]
NIGHTLY = [pytest.param(seed, marks=pytest.mark.nightly) for seed in range(200, 2000, 50)]


@dataclass
class Graph:
    """Thirty beans, the first six of which are infrastructure; each depends on some before it."""

    seed: int
    calls: list[str] = field(default_factory=list)
    expected: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    classes: list[type] = field(default_factory=list)
    needs: dict[int, list[int]] = field(default_factory=dict)

    def build(self) -> ApplicationContext:
        chance = random.Random(self.seed)
        troubled = chance.choice([0.0, 0.2, 0.5])
        context = ApplicationContext(
            Config({"pyfly": {"context": {"shutdown-timeout": LIMIT, "stop-timeout": "30ms"}}})
        )
        for number in range(BEANS):
            available = min(number, ADAPTERS) if number < ADAPTERS else number
            self.needs[number] = sorted(chance.sample(range(available), chance.randint(0, min(4, available))))
            self.classes.append(self._bean(number, chance, troubled))
        shuffled = list(range(BEANS))
        chance.shuffle(shuffled)
        for number in shuffled:
            context.register_bean(self.classes[number]).auto = number < ADAPTERS
        return context

    def _bean(self, number: int, chance: random.Random, troubled: float) -> type:
        needs = self.needs[number]

        def __init__(self: object, *needed: object) -> None: ...

        members: dict[str, object] = {"__init__": _taking(__init__, [self.classes[each] for each in needs])}
        if chance.random() < 0.7:
            act = chance.choice(list(ACTS)) if chance.random() < troubled else ""
            members["close"] = pre_destroy(self._hook(f"{number} destroyed", act, is_sync=chance.random() < 0.3))
        if number < ADAPTERS or chance.random() < 0.3:
            act = chance.choice(list(ACTS)) if chance.random() < troubled else ""

            async def start(self: object) -> None: ...

            members["start"] = start
            members["stop"] = self._hook(f"{number} stopped", act)
        return type(f"Bean{number}", (), members)

    def _hook(self, call: str, act: str, *, is_sync: bool = False) -> object:
        self.expected.add(call)
        if act and not (is_sync and act.startswith("hang")):
            self.failing.add(call)

        def sync(_: object) -> None:
            self.calls.append(call)
            if act in ("fail", "cancel"):
                ACTS[act]().__await__().send(None)

        async def hook(_: object) -> None:
            self.calls.append(call)
            if act:
                await ACTS[act]()

        return sync if is_sync else hook

    def mistakes(self) -> list[str]:
        """What was not called exactly once, and every pair in the wrong order."""
        found = [f"{call}: {self.calls.count(call)} times" for call in sorted(self.expected) if self.calls.count(call) != 1]
        place = {call: position for position, call in enumerate(self.calls)}
        for number, needs in self.needs.items():
            for need in needs:
                # A bean that needs another one neither works nor is destroyed after that one has gone.
                for mine in (f"{number} stopped", f"{number} destroyed"):
                    for theirs in (f"{need} stopped", f"{need} destroyed"):
                        if place.get(mine, -1) > place.get(theirs, BEANS * 2):
                            found.append(f"{mine} after {theirs}")
        last_bean = max((place[call] for call in self.calls if int(call.split()[0]) >= ADAPTERS), default=-1)
        found += [f"{n} stopped before the beans" for n in range(ADAPTERS) if place[f"{n} stopped"] < last_bean]
        return found


def _taking(init: object, types: list[type]) -> object:
    names = [f"need{number}" for number in range(len(types))]
    namespace: dict[str, object] = {}
    exec(f"def __init__(self{''.join(f', {name}' for name in names)}) -> None: ...", namespace)
    made = namespace["__init__"]
    made.__annotations__ = dict(zip(names, types, strict=True))  # type: ignore[attr-defined]
    return made


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
    errors = [each for each in caplog.records if each.levelno == logging.ERROR and each.name == "pyfly.context"]
    assert len(errors) == faults
    tally(sum(len(graph.calls) for graph, _ in done), faults)
    await everybody_gone()


@pytest.mark.parametrize("act", ["hang", "hang-on"])
async def test_beans_that_all_hang_do_not_outlast_the_limit(
    act: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(random.Random, "choice", lambda self, choices: act if act in choices else 1.0)
    graph, seconds = await stopped(Graph(1))
    assert graph.mistakes() == []
    assert len(graph.failing) > 20
    assert seconds <= LIMIT + 1
    await everybody_gone()


async def test_a_stop_that_is_cancelled_is_finished_first() -> None:
    graph = Graph(3)
    context = graph.build()
    await context.start()
    stopping = asyncio.create_task(context.stop())
    while not graph.calls:
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
