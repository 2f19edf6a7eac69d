"""Query methods of repositories: compiled once, and called asynchronously or not."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple, Protocol, cast

from pyfly.container.interception import original_class
from pyfly.data.derivation.methods import derived_stubs, is_derived
from pyfly.data.derivation.shapes import Shape
from pyfly.data.derivation.signatures import Arguments
from pyfly.data.derivation.stubs import is_stub
from pyfly.data.exceptions import InvalidRepositoryError
from pyfly.data.pageable import Sort

_CHUNK = 500


class Query(Protocol):
    """What answers the calls of one repository method."""

    def run(self, session: Any, arguments: Sequence[Any], window: Any = None) -> Any:
        """Answer with *arguments* in the order of the parameters, and the page or order asked for."""

    def chunk(
        self, session: Any, arguments: Sequence[Any], sort: Sort | None, key: Any, size: int
    ) -> tuple[list[Any], Any]:
        """Return the next *size* items of a stream, and the key to go on from."""

    @property
    def limit(self) -> int | None:
        """Most items ever returned."""


class QueryMethod(NamedTuple):
    """A compiled query and how calls of its method are turned into its arguments."""

    query: Query
    arguments: Arguments
    shape: Shape
    writes: bool

    @property
    def doomed(self) -> Callable[..., list[Any]] | None:
        """What returns the entities that the query deletes, given a session and the arguments.

        Only stores whose sessions do not tell hooks by themselves have it.
        """
        return getattr(self.query, "doomed", None) if self.shape is Shape.DELETE else None

    def implementation(self) -> Callable[..., Any]:
        """Return the body of the method, as a function that takes the repository first."""
        run, split = self.query.run, self.arguments.split
        if self.shape is Shape.STREAM:
            return self._streaming()
        if self.writes:
            find = self.doomed

            async def write(repository: Any, *args: Any, **kwargs: Any) -> Any:
                values, window = split(args, kwargs)
                doomed = None if find is None else partial(_found_by, find, values)
                return await repository.run_change(run, values, window, doomed=doomed)

            return write

        async def read(repository: Any, *args: Any, **kwargs: Any) -> Any:
            values, window = split(args, kwargs)
            return await repository.run_read(run, values, window)

        return read

    def call(self, run: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Answer a synchronous call, whose operations *run* carries out."""
        values, window = self.arguments.split(args, kwargs)
        if self.shape is Shape.STREAM:
            return self._iterated(run, values, window)
        return run(self.query.run, values, window)

    def _iterated(self, run: Callable[..., Any], values: Sequence[Any], sort: Sort | None) -> Iterator[Any]:
        left, key, more = self.query.limit, None, True
        while more:
            items, key = run(self.query.chunk, values, sort, key, _size(left))
            yield from items
            left = None if left is None else left - len(items)
            more = key is not None and left != 0

    def _streaming(self) -> Callable[..., Any]:
        query, split = self.query, self.arguments.split

        def stream(repository: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            values, sort = split(args, kwargs)

            async def items() -> AsyncIterator[Any]:
                left, key, more = query.limit, None, True
                while more:
                    found, key = await repository.run_read(query.chunk, values, sort, key, _size(left))
                    for item in found:
                        yield item
                    left = None if left is None else left - len(found)
                    more = key is not None and left != 0

            return items()

        return stream


class QueryMethods(ABC):
    """Port: implements the query methods of repositories for one technology."""

    def __init__(self, repository: type) -> None:
        """Implement the methods of subclasses of the class *repository*."""
        self._repository = repository

    @abstractmethod
    def check(self, cls: type) -> None:
        """Check the repository *cls* itself.

        Raises:
            InvalidRepositoryError: Its entity is missing or unusable.
        """

    @abstractmethod
    def compiled(self, cls: type, name: str, function: Callable[..., Any]) -> QueryMethod:
        """Compile the query method *name* of the repository *cls*.

        Raises:
            InvalidRepositoryError: It asks for something impossible.
        """

    def implements(self, name: str, function: Callable[..., Any]) -> bool:
        """Return whether the method *name* is implemented by the framework."""
        return is_derived(name) and is_stub(function)

    def compile(self, cls: type, name: str, function: Callable[..., Any]) -> QueryMethod:
        """Compile the query method *name* of the repository *cls*, once.

        Raises:
            InvalidRepositoryError: It asks for something impossible.
        """
        return _compiled(self, cast("Any", cls), name, function)

    def find(self, cls: type, name: str) -> QueryMethod | None:
        """Return the query method *name* of the repository *cls*, if it has one."""
        return _found(self, cast("Any", cls), name)

    def methods(self, cls: type) -> Iterator[tuple[str, Callable[..., Any]]]:
        """Yield ``(name, function)`` of the methods of *cls* that the framework implements."""
        seen: set[str] = set()
        for base in cls.__mro__:
            if base is self._repository or base in self._repository.__mro__ or _is_generated(base):
                continue
            for name, member in vars(base).items():
                if name not in seen and callable(member):
                    seen.add(name)
                    if self.implements(name, member):
                        yield name, member

    def invalid(self, cls: type) -> Iterator[InvalidRepositoryError]:
        """Yield one failure per method of the repository *cls* that promises what cannot be kept."""
        try:
            self.check(cls)
        except InvalidRepositoryError as failure:
            yield failure
            return
        queries = dict(self.methods(cls))
        for name, _function, error in derived_stubs(cls, self._repository):
            if error is not None and name not in queries:
                yield error
        for name, function in queries.items():
            try:
                self.compile(cls, name, function)
            except InvalidRepositoryError as failure:
                yield failure


@lru_cache(maxsize=4096)
def _compiled(queries: QueryMethods, cls: Any, name: str, function: Callable[..., Any]) -> QueryMethod:
    return queries.compiled(cls, name, function)


@lru_cache(maxsize=4096)
def _found(queries: QueryMethods, cls: Any, name: str) -> QueryMethod | None:
    function = dict(queries.methods(cls)).get(name)
    return None if function is None else queries.compile(cls, name, function)


def _found_by(find: Callable[..., list[Any]], values: Sequence[Any], session: Any) -> list[Any]:
    return find(session, values)


def _is_generated(cls: type) -> bool:
    return original_class(cls) is not cls


def _size(left: int | None) -> int:
    return _CHUNK if left is None else min(_CHUNK, left)
