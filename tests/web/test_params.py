from typing import get_args, get_origin

import pytest

from pyfly.web.params import markers
from pyfly.web.params.markers import Body, Cookie, Header, PathVar, QueryParam, Valid


@pytest.mark.parametrize("marker", [PathVar, QueryParam, Header, Cookie, Body, Valid])
def test_a_marker_keeps_its_argument_at_run_time(marker: type[markers.Marker[int]]) -> None:
    marked = marker[int]  # type: ignore[index]
    assert get_origin(marked) is marker
    assert get_args(marked) == (int,)


def test_the_package_gives_the_run_time_classes() -> None:
    from pyfly import web
    from pyfly.web import params

    assert vars(markers)["PathVar"] is params.PathVar is web.PathVar
