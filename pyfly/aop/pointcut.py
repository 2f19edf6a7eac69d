"""Pointcuts: which methods an advice is for.

::

    pointcut  = either { "or" either }
    either    = single { "and" single }
    single    = "not" single | "(" pointcut ")" | pattern
              | "@annotation(" dotted name ")" | "within(" pattern ")" | "bean(" pattern ")"

Patterns are those of :class:`pyfly.aop.globs.Glob`. The text is read once, into a tree.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, Protocol

from pyfly.aop._facts import MethodFacts
from pyfly.aop.annotations import Matcher, matcher
from pyfly.aop.exceptions import PointcutSyntaxError
from pyfly.aop.globs import Glob

_TOKEN: Final = re.compile(r"\s*(&&|\|\||[()!]|[@\w.*?<>-]+)")
_MEANINGS: Final = (("and", "&&"), ("or", "||"), ("not", "!"), ("(",), (")",))
_OPERATORS: Final = {way: ways[0] for ways in _MEANINGS for way in ways}
_DEEPEST: Final = 50


class Node(Protocol):
    """One part of a pointcut."""

    def matches(self, facts: MethodFacts) -> bool:
        """Say whether the part holds for a method."""

    def is_explicit(self, facts: MethodFacts) -> bool:
        """Say whether the part, which holds, means the method itself and not whatever is around it."""


class Pointcut:
    """A parsed pointcut.

    Methods whose names begin with an underscore are only chosen by what means them: an annotation, or a
    pattern that has the underscore too.
    """

    __slots__ = ("_root", "text")

    def __init__(self, text: str) -> None:
        """Read *text*.

        Raises:
            PointcutSyntaxError: It is no pointcut.
        """
        self.text = text
        self._root = _Reader(text).read()

    def matches(self, facts: MethodFacts) -> bool:
        """Say whether the method of *facts* is meant.

        Raises:
            UnknownAnnotationError: An ``@annotation(…)`` names no decorator.
        """
        return self._root.matches(facts) and (not facts.is_private or self._root.is_explicit(facts))

    def resolve(self) -> None:
        """Look up the decorators that are named.

        Raises:
            UnknownAnnotationError: One of them does not exist.
        """
        pending: list[Node] = [self._root]
        while pending:
            node = pending.pop()
            if isinstance(node, _Annotated):
                node.find()
            elif isinstance(node, _Joined | _Not):
                pending += node.parts

    def __repr__(self) -> str:
        return f"Pointcut({self.text!r})"


def matches_pointcut(pattern: str, qualified_name: str) -> bool:
    """Say whether *pattern* matches all of *qualified_name*, such as ``service.OrderService.create``.

    Args:
        pattern: Segments divided by dots: ``*`` is one segment, ``**`` one or more; inside a segment ``*``
            and ``?`` do not cross a dot. Patterns may be joined by ``and``, ``or``, ``not``.
        qualified_name: The name of a method.
    """
    return _parsed(pattern).matches(MethodFacts(_Nothing, "", None, (qualified_name,)))


class _Nothing:
    """Stands for the class of a method of which only the name is known."""


@lru_cache(maxsize=256)
def _parsed(text: str) -> Pointcut:
    return Pointcut(text)


class _Name:
    def __init__(self, text: str) -> None:
        self._glob = Glob(text)
        self._means_private = text.rpartition(".")[2].startswith("_")

    def matches(self, facts: MethodFacts) -> bool:
        return any(self._glob.matches(name) for name in facts.names)

    def is_explicit(self, facts: MethodFacts) -> bool:
        return self._means_private


class _Within:
    def __init__(self, text: str) -> None:
        self._glob = Glob(text)

    def matches(self, facts: MethodFacts) -> bool:
        return any(self._glob.matches(name) for name in facts.types)

    def is_explicit(self, facts: MethodFacts) -> bool:
        return False


class _Bean:
    def __init__(self, text: str) -> None:
        self._glob = Glob(text)

    def matches(self, facts: MethodFacts) -> bool:
        return self._glob.matches(facts.bean_name)

    def is_explicit(self, facts: MethodFacts) -> bool:
        return False


class _Annotated:
    def __init__(self, name: str) -> None:
        self._name = name
        self._matcher: Matcher | None = None

    def find(self) -> Matcher:
        if self._matcher is None:
            self._matcher = matcher(self._name)
        return self._matcher

    def matches(self, facts: MethodFacts) -> bool:
        return self.find()(facts)

    def is_explicit(self, facts: MethodFacts) -> bool:
        return True


class _Not:
    def __init__(self, part: Node) -> None:
        self.parts = [part]

    def matches(self, facts: MethodFacts) -> bool:
        return not self.parts[0].matches(facts)

    def is_explicit(self, facts: MethodFacts) -> bool:
        return False


class _Joined:
    def __init__(self, parts: list[Node]) -> None:
        self.parts = parts


class _And(_Joined):
    def matches(self, facts: MethodFacts) -> bool:
        return all(part.matches(facts) for part in self.parts)

    def is_explicit(self, facts: MethodFacts) -> bool:
        return any(part.is_explicit(facts) for part in self.parts)


class _Or(_Joined):
    def matches(self, facts: MethodFacts) -> bool:
        return any(part.matches(facts) for part in self.parts)

    def is_explicit(self, facts: MethodFacts) -> bool:
        return any(part.matches(facts) and part.is_explicit(facts) for part in self.parts)


_DESIGNATORS: Final[dict[str, Callable[[str], Node]]] = {
    "@annotation": _Annotated,
    "within": _Within,
    "bean": _Bean,
}


class _Reader:
    """Reads a pointcut from left to right; each token is looked at once, and none before it is needed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = len(text.rstrip())
        self._after = 0  # where the present token ends
        self._token: str | None = None
        self._operator: str | None = None  # what the token means, if it is no word
        self._position = 0
        self._names: dict[str, _Name] = {}  # the same pattern is compiled once
        self._step()

    def read(self) -> Node:
        node = self._either(0)
        if self._token is not None:
            raise self._expected("'and' or 'or'")
        return node

    def _step(self) -> None:
        """Go on to the next token."""
        if self._after >= self._end:
            self._token, self._position = None, len(self._text)
            return
        found = _TOKEN.match(self._text, self._after)
        if found is None:
            raise PointcutSyntaxError(self._text, self._after, "a pattern")
        self._after, self._token = found.end(), found[1]
        self._position = self._after - len(self._token)
        self._operator = _OPERATORS.get(self._token)

    def _either(self, depth: int) -> Node:
        parts = [self._both(depth)]
        while self._takes("or"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else _Or(parts)

    def _both(self, depth: int) -> Node:
        parts = [self._single(depth)]
        while self._takes("and"):
            parts.append(self._single(depth))
        return parts[0] if len(parts) == 1 else _And(parts)

    def _single(self, depth: int) -> Node:
        negated = False
        while self._takes("not"):
            negated = not negated
        node = self._group(depth) if self._takes("(") else self._designated()
        return _Not(node) if negated else node

    def _group(self, depth: int) -> Node:
        if depth == _DEEPEST:
            raise self._expected(f"at most {_DEEPEST} parentheses inside each other")
        node = self._either(depth + 1)
        if not self._takes(")"):
            raise self._expected("')'")
        return node

    def _designated(self) -> Node:
        position, word = self._position, self._word("a pattern")
        if not self._takes("("):
            if word.startswith("@"):
                raise self._expected("'('")
            return self._name(word)
        if word not in _DESIGNATORS:
            self._position = position
            raise self._expected("@annotation(…), within(…), bean(…) or a pattern")
        argument = self._word("a name" if word == "@annotation" else "a pattern")
        if not self._takes(")"):
            raise self._expected("')'")
        return _DESIGNATORS[word](argument)

    def _name(self, text: str) -> Node:
        known = self._names.get(text)
        if known is None:
            known = self._names[text] = _Name(text)
        return known

    def _word(self, expected: str) -> str:
        token = self._token
        if token is None or self._operator is not None:
            raise self._expected(expected)
        self._step()
        return token

    def _takes(self, operator: str) -> bool:
        if self._token is None or self._operator != operator:
            return False
        self._step()
        return True

    def _expected(self, what: str) -> PointcutSyntaxError:
        return PointcutSyntaxError(self._text, self._position, what)
