"""What counts as a logging port."""

from typing import Any

from pyfly.logging.port import LoggingPort


class Complete:
    def configure(self, config: Any) -> None: ...
    def get_logger(self, name: str) -> Any: ...
    def set_level(self, name: str, level: str) -> None: ...


class WithoutLevels:
    def configure(self, config: Any) -> None: ...
    def get_logger(self, name: str) -> Any: ...


def test_a_class_with_the_three_methods_is_a_port() -> None:
    assert isinstance(Complete(), LoggingPort)


def test_a_class_that_lacks_one_is_not() -> None:
    assert not isinstance(WithoutLevels(), LoggingPort)
