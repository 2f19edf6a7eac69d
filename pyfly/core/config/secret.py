"""A text that nobody prints by accident."""

import hmac
from typing import Any, Final, NoReturn

_MASK: Final = "******"


class Secret:
    """Wraps a secret text; only :meth:`reveal` gives it away.

    ``repr``, ``str`` and ``format`` show ``******``; pickling is refused.
    """

    __slots__ = ("__value",)

    def __init__(self, value: "str | Secret") -> None:
        """Wrap *value*."""
        self.__value = value.reveal() if isinstance(value, Secret) else str(value)

    def reveal(self) -> str:
        """Return the secret itself."""
        return self.__value

    get_secret_value = reveal

    def __repr__(self) -> str:
        return f"Secret('{_MASK}')" if self.__value else "Secret('')"

    def __str__(self) -> str:
        return _MASK if self.__value else ""

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __bool__(self) -> bool:
        return bool(self.__value)

    def __len__(self) -> int:
        return len(self.__value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.__value.encode(), other.__value.encode())

    def __hash__(self) -> int:
        return hash(self.__value)

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: object) -> "Secret":
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("A Secret is not written to files or sent to other processes.")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Let pydantic models have fields of this type; they are serialised masked."""
        from pydantic_core import core_schema  # only reached from within pydantic

        return core_schema.no_info_plain_validator_function(
            cls, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )
