"""The application of these tests, and how it is built."""

from collections.abc import Callable

from pyfly.core import PyFlyApplication, pyfly_application

Build = Callable[..., PyFlyApplication]


@pyfly_application(name="library", scan_packages=["tests.data.document.library"])
class Library:
    """An application whose books are documents."""
