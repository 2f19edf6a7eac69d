from collections.abc import Callable
from typing import Any

import pytest

from pyfly.cli.wizard import Wish, ask


class Prompts:
    """Answers the questions of the wizard, one after the other, as questionary would."""

    def __init__(self, *answers: object) -> None:
        self._answers = iter(answers)
        self.verdicts: list[Callable[[str], bool | str]] = []

    def __getattr__(self, kind: str) -> Callable[..., "Prompts"]:
        def prompt(*_: object, **options: Any) -> "Prompts":
            if "validate" in options:
                self.verdicts.append(options["validate"])
            return self

        return prompt

    def unsafe_ask(self) -> object:
        answer = next(self._answers)
        if isinstance(answer, BaseException):
            raise answer
        return answer


def test_the_answers_become_the_wish() -> None:
    prompts = Prompts("shop", "store", "web-api", ["web", "data-relational"], True)
    assert ask(prompts) == Wish(
        name="shop", package="store", archetype="web-api", features=("web", "data-relational")
    )


def test_who_does_not_confirm_gets_nothing() -> None:
    assert ask(Prompts("shop", "shop", "core", [], False)) is None


@pytest.mark.parametrize(("question", "answer"), [(0, "a/b"), (1, "../../x"), (1, "class"), (0, "os")])
def test_both_names_are_checked_while_they_are_typed(question: int, answer: str) -> None:
    prompts = Prompts("shop", "shop", "core", [], True)
    ask(prompts)
    assert isinstance(prompts.verdicts[question](answer), str)
    assert prompts.verdicts[question]("shop") is True
