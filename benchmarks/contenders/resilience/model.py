"""The function that is guarded, and limits that are never reached."""

ATTEMPTS = 3
FAILURES = 5
RECOVERY = 30.0
RATE = 1_000_000_000.0
BURST = 1_000_000.0


def work(value: int) -> int:
    return value + 1


async def work_async(value: int) -> int:
    return value + 1
