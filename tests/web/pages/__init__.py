"""An application of functions and templates, booted by the tests."""

from pyfly.core import pyfly_application


@pyfly_application(name="pages", scan_packages=["tests.web.pages"])
class PagesApplication:
    pass
