"""The repository whose entities are kept in memory."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from pyfly.container.autowired import Autowired
from pyfly.data.derivation.generics import type_argument
from pyfly.data.derivation.methods import entity_argument
from pyfly.data.memory.entities import EntityModel
from pyfly.data.memory.operations import MemoryOperations
from pyfly.data.memory.transaction_manager import MemoryTransactionManager
from pyfly.data.repository_writes import RepositoryFront

T = TypeVar("T")
ID = TypeVar("ID")


class MemoryRepository(RepositoryFront[T, ID]):
    """Keeps entities of type ``T`` in memory, as long as the application runs.

    ``class Projects(MemoryRepository[Project, int], key="id", unique=["name"])``: any class will do, a dataclass
    most of all. Callers get copies. An integer or UUID key that is ``None`` is given when the entity is saved;
    a property called ``version`` is counted and checked.
    """

    _queries: ClassVar[str] = "pyfly.data.memory.queries:QUERIES"
    _model: type[T]
    _transactions: MemoryTransactionManager = Autowired()
    _key: tuple[str, ...] = ("id",)
    _unique: tuple[tuple[str, ...], ...] = ()

    def __init__(self, transactions: MemoryTransactionManager | None = None) -> None:
        """Keep entities in the store of the application, or in that of *transactions*."""
        if transactions is not None:
            self._transactions = transactions
            self._listeners = ()
            self._hooks = None

    def __init_subclass__(
        cls,
        *,
        key: str | Sequence[str] | None = None,
        unique: Sequence[str | Sequence[str]] = (),
        **options: Any,
    ) -> None:
        super().__init_subclass__(**options)
        model = type_argument(cls, MemoryRepository)
        if isinstance(model, type):
            cls._model = model
        if key is not None:
            cls._key = _names(key)
        if unique:
            cls._unique = tuple(_names(group) for group in unique)

    @classmethod
    def entity_model(cls) -> EntityModel[Any]:
        """Return what is known about the entity.

        Raises:
            InvalidRepositoryError: The class does not say which one it is.
            UnknownPropertyError: The key, or something unique, is no property of it.
        """
        for base in cls.__mro__:
            known: EntityModel[Any] | None = vars(base).get("_entity_model")
            if known is not None and known.model is cls._model:
                return known
        made: EntityModel[Any] = EntityModel(entity_argument(cls, MemoryRepository), cls._key, cls._unique)
        owner = next(base for base in cls.__mro__ if "_model" in vars(base))
        owner._entity_model = made  # type: ignore[attr-defined]  # noqa: SLF001
        return made

    async def run_read(self, operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run *operation*, which only reads, in the current transaction or on its own."""
        result = self._transactions.run(operation, args, kwargs)
        hooks = self._hooks
        return result if hooks is None or not hooks.has_loads else await self._given(hooks, result)

    async def run_write(self, operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run *operation* in the current transaction, or in one of its own that is committed."""
        return self._transactions.run(operation, args, kwargs)

    @property
    def _operations(self) -> MemoryOperations[T]:
        return MemoryOperations(self.entity_model())


def _names(said: str | Sequence[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)
