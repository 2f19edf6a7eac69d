import pytest

from pyfly.cli.errors import one_line, print_traceback


def test_a_failure_without_a_message_is_told_by_its_type() -> None:
    assert one_line(KeyboardInterrupt()).startswith("KeyboardInterrupt (")


def test_the_traceback_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    print_traceback(ValueError("x"))
    assert capsys.readouterr().err == "ValueError: x\n\n"
