"""The check of policies costs nothing where there are none."""

import subprocess
import sys


def test_an_application_without_policies_loads_none_of_them() -> None:
    code = """
import asyncio, sys
from pyfly.context import ApplicationContext
from pyfly.core.config import Config

async def main():
    async with ApplicationContext(Config({})):
        pass

asyncio.run(main())
print(sorted(name for name in sys.modules if name.startswith("pyfly.resilience.")))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
