"""T11: one instance, one ``@post_construct``, no false cycle, however many ask at the same time."""

import asyncio
import random
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from types import GenericAlias

import pytest

from pyfly.container import CircularDependencyError, Container, Provider, bean, configuration, lazy
from pyfly.context import ApplicationContext, post_construct
from pyfly.core.config import Config
from tests.faults.conftest import Tally
from tests.faults.graphs import Edges, give_constructor, node, random_edges, reachable
from tests.faults.journal import RefusedError

pytestmark = pytest.mark.timeout(60)

THREADS = 64
ROUNDS = 1000
TASKS = 1000
MADE: "Counter[str]" = Counter()

Ask = Callable[[int, int], object]


@lazy
class Store:
    def __init__(self) -> None:
        MADE["store"] += 1

    @post_construct
    def open(self) -> None:
        MADE["opened"] += 1
        self.is_open = True


@lazy
class Ledger:
    def __init__(self, store: Store) -> None:
        MADE["ledger"] += 1
        self.store = store


@lazy
class Books:
    def __init__(self, store: Store, ledgers: Provider[Ledger]) -> None:
        MADE["books"] += 1
        self.store = store
        self.ledgers = ledgers


@lazy
class Office:
    def __init__(self, ledger: Ledger, books: Books) -> None:
        MADE["office"] += 1
        self.ledger = ledger
        self.books = books


@lazy
class Flaky:
    """Fails three times before it succeeds, at each of its steps."""

    def __init__(self, store: Store) -> None:
        MADE["attempts"] += 1
        self._fail_at(1)
        self._fail_at(2)

    @post_construct
    def open(self) -> None:
        self._fail_at(3)
        MADE["flaky"] += 1
        self.is_open = True

    @staticmethod
    def _fail_at(attempt: int) -> None:
        if MADE["attempts"] == attempt:
            raise RefusedError(f"attempt {attempt}")


@lazy
class User:
    def __init__(self, flaky: Flaky) -> None:
        assert flaky.is_open


@lazy
class Chicken:
    def __init__(self, egg: "Provider[Egg]") -> None:
        MADE["chicken"] += 1
        egg.get()


@lazy
class Egg:
    def __init__(self, chicken: Provider[Chicken]) -> None:
        MADE["egg"] += 1
        chicken.get()


@pytest.fixture(autouse=True)
def switching_often() -> Iterator[None]:
    MADE.clear()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.fixture
async def context() -> AsyncIterator[ApplicationContext]:
    context = ApplicationContext(Config())
    for cls in (Office, Books, Ledger, Store, Flaky, User, Chicken, Egg):
        context.register_bean(cls)
    async with context:
        yield context


def in_threads(rounds: int, begin: Callable[[], None], ask: Ask) -> list[list[object]]:
    """Let all threads *ask* at the same instant, round after round, and return their answers."""
    answers: list[list[object]] = []

    def begin_round() -> None:
        begin()
        answers.append([])

    ready, done = threading.Barrier(THREADS, action=begin_round), threading.Barrier(THREADS)

    def work(number: int) -> None:
        for turn in range(rounds):
            ready.wait()
            try:
                answer = ask(number, turn)
            except Exception as error:
                answer = error
            answers[-1].append(answer)
            done.wait()

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "deadlock"
    return answers


def forget(container: Container, *names: str) -> None:
    for name in names:
        definition = container.definition(name)
        assert definition is not None
        container.forget_instance(definition)


async def test_threads_that_ask_at_once_get_one_complete_instance(
    context: ApplicationContext, tally: Tally
) -> None:
    container = context.container
    ways: list[Callable[[], object]] = [
        lambda: container.resolve(Office),
        lambda: (container.resolve(Books).ledgers.get(), container.resolve_by_name("Office"))[1],
        lambda: (container.resolve(Ledger).store.is_open, container.resolve_all(Office)[0])[1],
    ]
    answers = in_threads(
        ROUNDS,
        lambda: forget(container, "Office", "Books", "Ledger", "Store"),
        lambda number, turn: ways[(number + turn) % len(ways)](),
    )
    assert [len(set(map(id, each))) for each in answers] == [1] * ROUNDS
    assert {type(each[0]) for each in answers} == {Office}
    assert dict.fromkeys(["store", "opened", "ledger", "books", "office"], ROUNDS) == MADE
    tally(ROUNDS * THREADS, 0)


async def test_a_creation_that_fails_leaves_no_half_bean_in_any_thread(
    context: ApplicationContext, tally: Tally
) -> None:
    container, rounds = context.container, ROUNDS // 10

    def begin() -> None:
        MADE["attempts"] = 0
        forget(container, "Flaky", "User")

    answers = in_threads(
        rounds,
        begin,
        lambda number, turn: container.resolve(Flaky if number % 2 else User) and container.resolve(Flaky),
    )
    for each in answers:
        made = {id(answer) for answer in each if not isinstance(answer, Exception)}
        failed = [str(answer) for answer in each if isinstance(answer, Exception)]
        assert len(made) == 1
        assert sorted(failed) == ["attempt 1", "attempt 2", "attempt 3"]
    assert MADE["flaky"] == rounds
    tally(rounds * THREADS, rounds * 3)


async def test_constructors_that_wait_for_each_other_fail_instead_of_blocking(
    context: ApplicationContext, tally: Tally
) -> None:
    container, rounds = context.container, ROUNDS // 10
    answers = in_threads(
        rounds, lambda: None, lambda number, turn: container.resolve(Egg if number % 2 else Chicken)
    )
    assert {type(answer) for each in answers for answer in each} == {CircularDependencyError}
    assert {definition.created for definition in container.definitions_of(Egg)} == {False}
    tally(rounds * THREADS, rounds * THREADS)


def any_of(container: Container, classes: list[type], starts: list[int]) -> Ask:
    return lambda number, turn: container.resolve(classes[starts[number]])


async def test_there_is_no_false_cycle_among_constructors_that_ask_providers(tally: Tally) -> None:
    chance = random.Random(11)
    rounds, size = 20, 24
    for _ in range(rounds):
        classes = [node(number) for number in range(size)]
        container = Container()
        for number, needs in random_edges(chance, size, 3, acyclic=True).items():
            kinds = {
                need: GenericAlias(Provider, classes[need]) if need % 2 else classes[need] for need in needs
            }
            give_constructor(classes[number], {f"need{need}": kind for need, kind in kinds.items()}, _ask_all)
            container.register(classes[number])
        starts = [chance.randrange(size) for _ in range(THREADS)]
        answers = in_threads(1, lambda: None, any_of(container, classes, starts))
        assert [type(answer) for answer in answers[0] if isinstance(answer, Exception)] == []
    tally(rounds * THREADS, 0)


def _ask_all(given: dict[str, object]) -> None:
    for value in given.values():
        if isinstance(value, Provider):
            value.get()


@configuration
class Beans:
    @bean
    @lazy
    async def store(self) -> Store:
        await asyncio.sleep(0)
        return Store()

    @bean
    @lazy
    async def ledger(self, store: Store) -> AsyncIterator[Ledger]:
        await asyncio.sleep(0)
        yield Ledger(store)

    @bean
    @lazy
    async def books(self, store: Store, ledgers: Provider[Ledger]) -> Books:
        await ledgers.aget()
        return Books(store, ledgers)

    @bean
    @lazy
    async def office(self, ledger: Ledger, books: Books) -> Office:
        MADE["asked"] += 1
        await asyncio.sleep(0)
        if MADE["asked"] % 4 == 0:
            raise RefusedError("every fourth time")
        return Office(ledger, books)


@pytest.mark.parametrize("rounds", [100])
async def test_tasks_that_ask_at_once_get_one_complete_instance(rounds: int, tally: Tally) -> None:
    context = ApplicationContext(Config())
    context.register_bean(Beans)
    failures = 0
    async with context:
        for _ in range(rounds):
            forget(context.container, "office", "books", "ledger", "store")
            answers = await asyncio.gather(
                *(context.aget_bean(Office) for _ in range(TASKS)), return_exceptions=True
            )
            failed = [answer for answer in answers if isinstance(answer, BaseException)]
            assert len(set(map(id, answers)) - set(map(id, failed))) == 1
            assert {type(each) for each in failed} <= {RefusedError}
            failures += len(failed)
        assert MADE["office"] == rounds
        assert MADE["asked"] == rounds + failures
    assert {MADE[name] for name in ("store", "opened", "ledger", "books")} == {rounds}
    tally(rounds * TASKS, failures)


@configuration
class Farm:
    @bean
    @lazy
    async def chicken(self, egg: Provider["Egg"]) -> Chicken:
        await asyncio.sleep(0)
        return Chicken(await egg.aget())  # type: ignore[arg-type]  # never gets that far

    @bean
    @lazy
    async def egg(self, chicken: Provider[Chicken]) -> Egg:
        await asyncio.sleep(0)
        return Egg(await chicken.aget())  # type: ignore[arg-type]  # never gets that far


async def test_factories_that_wait_for_each_other_fail_instead_of_waiting_for_ever(tally: Tally) -> None:
    context = ApplicationContext(Config())
    context.register_bean(Farm)
    async with context, asyncio.timeout(10):
        for _ in range(20):
            answers = await asyncio.gather(
                *(context.aget_bean(Egg if number % 2 else Chicken) for number in range(50)),
                return_exceptions=True,
            )
            assert {type(answer) for answer in answers} == {CircularDependencyError}
    tally(1000, 1000)


async def test_a_task_that_is_cancelled_while_it_creates_hands_over_to_the_others(tally: Tally) -> None:
    context = ApplicationContext(Config())
    context.register_bean(Beans)
    rounds = 50
    async with context:
        for steps in range(rounds):
            forget(context.container, "office", "books", "ledger", "store")
            tasks = [asyncio.ensure_future(context.aget_bean(Office)) for _ in range(20)]
            for _ in range(steps % 8):
                await asyncio.sleep(0)
            for task in tasks[: 1 + steps % 5]:
                task.cancel()
            answers = await asyncio.gather(*tasks, return_exceptions=True)
            offices = {id(answer) for answer in answers if isinstance(answer, Office)}
            assert len(offices) == 1
    tally(rounds * 20, rounds)


@pytest.mark.parametrize("graphs", [10_000, pytest.param(50_000, marks=pytest.mark.nightly)])
def test_every_cycle_of_a_random_graph_is_found_with_its_chain_and_no_other(
    graphs: int, tally: Tally
) -> None:
    chance = random.Random(12)
    cyclic = 0
    for _ in range(graphs):
        size = chance.randint(2, 9)
        edges = random_edges(chance, size, 3, acyclic=chance.random() < 0.3)
        behind = {number: reachable(edges, number) for number in edges}
        on_cycles = {number for number in edges if number in behind[number]}
        chains = list(map(chain_of, problems_of(edges)))
        assert all(two in edges[one] for chain in chains for one, two in pairwise(chain))
        assert all(chain[0] == chain[-1] for chain in chains)
        # Everybody on a cycle finds it, or one that is tangled with it, among those reported.
        assert on_cycles == {
            number
            for number in edges
            for chain in chains
            if number in behind[chain[0]] and chain[0] in behind[number]
        }
        cyclic += bool(on_cycles)
    tally(graphs, cyclic)


def problems_of(edges: Edges) -> list[object]:
    container = Container()
    classes = [node(number) for number in edges]
    for number, cls in enumerate(classes):
        give_constructor(cls, {f"need{need}": classes[need] for need in edges[number]})
        container.register(cls)
    return container.problems()


def chain_of(problem: object) -> list[int]:
    assert isinstance(problem, CircularDependencyError)
    names = str(problem).removeprefix("Circular dependency: ").split(" -> ")
    return [int(name.removeprefix("Node")) for name in names]


async def test_a_bean_asked_for_before_the_start_is_completed_by_it() -> None:
    context = ApplicationContext(Config())
    context.register_bean(Store)
    early = context.get_bean(Store)
    async with context:
        assert context.get_bean(Store) is early
        assert early.is_open
    assert MADE == {"store": 1, "opened": 1}


def test_a_bean_whose_dependency_failed_can_be_made_later() -> None:
    container = Container()
    for cls in (Store, Flaky, User):
        container.register(cls)
    for _ in range(2):
        with suppress(RefusedError):
            container.resolve(User)
    assert [each.created for each in container.definitions()] == [True, False, False]
