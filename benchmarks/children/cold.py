"""The measured process of a cold area: import the contender, do one row once, say READY, then prove the answer.

Nothing is imported here before READY but ``time``: it would be missing from the contender's bill.
"""

from time import perf_counter


def main(package: str, contender: str, row: str) -> None:
    """Do *row* once and report the time inside this process and its peak memory."""
    start = perf_counter()
    module = __import__(f"{package}.{contender}", fromlist=[row])
    answer = getattr(module, row)()
    inside = perf_counter() - start
    print("READY", flush=True)
    _report(package, row, answer, inside)


def _report(package: str, row: str, answer: object, inside: float) -> None:
    memory = _peak_mib()
    from importlib import import_module
    from json import dumps

    import_module(f"{package}.checks").check(row, lambda: answer)
    print(dumps({"inside": inside * 1000, "memory": memory}), flush=True)


def _peak_mib() -> float | None:
    # The same figure as benchmarks.machine.memory_mib, whose imports would be counted here.
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:  # noqa: PTH123
            return next((int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM")), None)
    except OSError:
        return None
