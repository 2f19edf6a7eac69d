import click
import pytest

from pyfly.cli.reporting import Starting
from pyfly.container import service
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.core.lifespan import LifespanError


@pyfly_application(name="reporting-test", scan_packages=[])
class Application: ...


class Missing: ...


@service
class NeedsMissing:
    def __init__(self, missing: Missing) -> None: ...


def test_what_goes_wrong_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    with Starting(debug=False) as starting:
        raise LookupError("gone")
    assert starting.failed
    assert "LookupError: gone" in capsys.readouterr().err


@pytest.mark.parametrize("debug", [False, True])
async def test_what_the_application_has_reported_is_not_reported_again(
    capsys: pytest.CaptureFixture[str], debug: bool
) -> None:
    application = PyFlyApplication(Application)
    application.context.register_bean(NeedsMissing)
    with Starting(debug=debug) as starting:
        try:
            await application.startup()
        except Exception as failure:
            raise LifespanError("startup failed") from failure
    told = capsys.readouterr().err
    assert starting.failed
    assert told.count("What failed") == 1
    assert ("check and compile the graph" in told, "Traceback" in told) == (debug, debug)


def test_a_text_to_exit_with_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with Starting(debug=False) as starting:
        raise SystemExit("enough")
    assert (starting.failed, capsys.readouterr().err) == (True, "enough\n")


@pytest.mark.parametrize("end", [SystemExit(0), click.ClickException("no"), click.Abort()], ids=repr)
def test_the_end_of_a_command_is_no_failure_of_a_start(end: BaseException) -> None:
    starting = Starting(debug=False)
    with pytest.raises(type(end)), starting:
        raise end
    assert not starting.failed
