"""T11: one instance, one ``@post_construct``, no false cycle, however many ask at the same time."""

import asyncio
import random
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from pyfly.container import BeanGraphError, CircularDependencyError, Container, Provider, bean, configuration
from pyfly.context import ApplicationContext, post_construct
from pyfly.core.config import Config
from tests.faults.conftest import Tally
from tests.faults.journal import RefusedError

pytestmark = pytest.mark.timeout(60)

THREADS = 64
ROUNDS = 1000
TASKS = 1000
MADE: "Counter[str]" = Counter()


class Store:
    def __init__(self) -> None:
        MADE["store"] += 1

    @post_construct
    def open(self) -> None:
        MADE["opened"] += 1
        self.is_open = True


class Ledger:
    def __init__(self, store: Store) -> None:
        MADE["ledger"] += 1
        self.store = store


class Books:
    def __init__(self, store: Store, ledgers: Provider[Ledger]) -> None:
        MADE["books"] += 1
        self.store = store
        self.ledgers = ledgers


class Office:
    def __init__(self, ledger: Ledger, books: Books) -> None:
        MADE["office"] += 1
        self.ledger = ledger
        self.books = books


@pytest.fixture(autouse=True)
def switching_often() -> Iterator[None]:
    MADE.clear()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def in_threads(rounds: int, prepare: Callable[[], Any], ask: Callable[[Any, int], object]) -> list[list[object]]:
    """Let all threads *ask* what was prepared, at the same instant, round after round; return their answers."""
    answers: list[list[object]] = []
    state: list[Any] = [None]

    def next_round() -> None:
        state[0] = prepare()
        answers.append([])

    barrier = threading.Barrier(THREADS, action=next_round)

    def work(number: int) -> None:
        for _ in range(rounds):
            barrier.wait()
            answers[-1].append(ask(state[0], number))
            barrier_end.wait()

    barrier_end = threading.Barrier(THREADS)
    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "deadlock"
    return answers


def prepared() -> Container:
    context = ApplicationContext(Config())
    for cls in (Office, Books, Ledger, Store):
        context.register_bean(cls)
    return context.container


def asked(container: Container, number: int) -> object:
    try:
        if number % 3 == 0:
            return container.resolve(Office)
        if number % 3 == 1:
            return container.resolve(Books).ledgers.get() and container.resolve(Office)
        return container.resolve(Ledger) and container.resolve_by_name("Office")
    except Exception as error:
        return error


@pytest.mark.parametrize("rounds", [ROUNDS // 10, pytest.param(ROUNDS, marks=pytest.mark.nightly)])
def test_threads_that_ask_at_once_get_one_complete_instance(rounds: int, tally: Tally) -> None:
    answers = in_threads(rounds, prepared, asked)
    assert [len(set(map(id, each))) for each in answers] == [1] * rounds
    assert {type(each[0]) for each in answers} == {Office}
    assert {name: count for name, count in MADE.items() if count != rounds} == {}
    assert set(MADE) == {"store", "opened", "ledger", "books", "office"}
    tally(rounds * THREADS, 0)
