"""Tickets wake their owners wherever those are, and tell when nobody is there any more."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from pyfly.resilience.waiting import TaskTicket, ThreadTicket


async def test_a_task_is_woken_from_another_thread() -> None:
    ticket = TaskTicket()
    waiting = asyncio.ensure_future(ticket.wait())
    await asyncio.sleep(0)
    assert await asyncio.to_thread(ticket.wake)
    await asyncio.wait_for(waiting, 10)


async def test_being_woken_before_waiting_or_twice_is_fine() -> None:
    ticket = TaskTicket()
    assert ticket.wake()
    assert ticket.wake()
    await asyncio.wait_for(ticket.wait(), 10)


def test_nobody_is_woken_in_a_loop_that_is_gone() -> None:
    async def make() -> TaskTicket:
        return TaskTicket()

    assert asyncio.run(make()).wake() is False


def test_a_thread_waits_until_it_is_woken_or_its_time_is_up() -> None:
    ticket = ThreadTicket()
    ticket.wait(0.001)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ticket.wait)
        assert ticket.wake()
        waiting.result(5)
