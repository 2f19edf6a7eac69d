from importlib.util import find_spec

import pytest

from pyfly.core import loops


def test_applications_run_on_uvloop_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    factory = loops.loop_factory()
    if find_spec("uvloop") is not None:
        assert factory is not None
        loop = factory()
        loop.close()
        assert type(loop).__module__.startswith("uvloop")
    monkeypatch.setattr(loops, "find_spec", lambda name: None)
    assert loops.loop_factory() is None
