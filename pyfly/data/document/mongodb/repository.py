"""The repository: a typed collection of documents."""

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, TypeVar, cast

from beanie import Document

from pyfly.container.autowired import Autowired
from pyfly.data.derivation.generics import type_argument
from pyfly.data.document.mongodb.managers import ByHand
from pyfly.data.document.mongodb.model import model_of
from pyfly.data.document.mongodb.operations import MongoOperations
from pyfly.data.document.mongodb.transaction_manager import MongoTransactionManager
from pyfly.data.ports.operations import Operations
from pyfly.data.repository_writes import RepositoryFront

T = TypeVar("T")
ID = TypeVar("ID")
R = TypeVar("R")


class MongoRepository(RepositoryFront[T, ID]):
    """Stores documents of type ``T`` whose id is of type ``ID``.

    A subclass names the document, ``class OrderRepository(MongoRepository[Order, PydanticObjectId])``, and needs
    no constructor. It has no state: every call joins the current transaction or is a command of its own.
    Methods with an empty body and a name such as ``find_by_last_name`` are implemented at start-up.

    A document without an id is given one when it is saved: an ``ObjectId``, a random UUID, or the next number,
    as the type of its ``id`` says.
    """

    _queries: ClassVar[str] = "pyfly.data.document.mongodb.queries:QUERIES"
    _model: type[T]
    _transactions: MongoTransactionManager = Autowired()

    def __init__(self, model: type[T] | None = None) -> None:
        """Store the documents of the generic argument.

        Args:
            model: The document, for a repository that is made by hand; it works on the database that Beanie
                has been initialised with.
        """
        if model is not None:
            self._model = model
            self._transactions = cast("MongoTransactionManager", ByHand(cast("type[Document]", model)))
            self._listeners = ()
            self._hooks = None
        elif not hasattr(self, "_model"):
            raise TypeError(
                f"{type(self).__name__} does not say which document it stores: MongoRepository[Document, str]"
            )
        self._is_by_hand = model is not None

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        model = type_argument(cls, MongoRepository)
        if isinstance(model, type):
            cls._model = model

    async def run_read(
        self, operation: Callable[..., Coroutine[Any, Any, R]], *args: Any, **kwargs: Any
    ) -> R:
        """Run *operation*, which only reads, in the current transaction or on its own."""
        result = await self._transactions.read(operation, *args, **kwargs)
        hooks = self._hooks
        if hooks is not None and hooks.has_loads:
            await self._given(hooks, result)
        return result

    async def run_write(
        self, operation: Callable[..., Coroutine[Any, Any, R]], *args: Any, **kwargs: Any
    ) -> R:
        """Run *operation* in the current transaction, or as a whole of its own."""
        return await self._transactions.write(operation, *args, **kwargs)

    @property
    def _operations(self) -> Operations[T]:
        # The same promises, kept by coroutines: both sides of the manager run them.
        return cast("Operations[T]", MongoOperations(model_of(self._model)))

    @property
    def _is_standalone(self) -> bool:
        return self._is_by_hand
