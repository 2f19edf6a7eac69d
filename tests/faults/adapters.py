"""Eight adapters of an imaginary infrastructure, contributed the way a module of the framework does it."""

from pyfly.container import bean
from pyfly.context import auto_configuration
from pyfly.context.conditions import adapter
from tests.faults.journal import JOURNAL


class Adapter:
    """Connects to nothing, and tells the journal."""

    def __init__(self, name: str) -> None:
        JOURNAL.reach_now("create", name)
        self.name = name

    async def start(self) -> None:
        await JOURNAL.reach("start", self.name)
        JOURNAL.note("started", self.name)

    async def stop(self) -> None:
        JOURNAL.note("stopped", self.name)
        await JOURNAL.reach("stop", self.name)


@auto_configuration
@adapter("imaginary", "journal")
class Infrastructure:
    @bean
    def adapter0(self) -> Adapter:
        return Adapter("adapter0")

    @bean
    def adapter1(self) -> Adapter:
        return Adapter("adapter1")

    @bean
    def adapter2(self) -> Adapter:
        return Adapter("adapter2")

    @bean
    def adapter3(self) -> Adapter:
        return Adapter("adapter3")

    @bean
    def adapter4(self) -> Adapter:
        return Adapter("adapter4")

    @bean
    def adapter5(self) -> Adapter:
        return Adapter("adapter5")

    @bean
    def adapter6(self) -> Adapter:
        return Adapter("adapter6")

    @bean
    def adapter7(self) -> Adapter:
        return Adapter("adapter7")


ADAPTERS = [f"adapter{number}" for number in range(8)]
