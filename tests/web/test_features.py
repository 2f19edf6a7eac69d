"""Features of the web layer cost nothing where nobody uses them."""

import subprocess
import sys

import pytest

USED = {
    "": "async def a(self, q: str = '') -> int: return 1",
    "pyfly.web.paging.reading": "async def a(self, p: Pageable) -> int: return 1",
    "pyfly.web.forms.reading": "async def a(self, q: Form[str]) -> int: return 1",
    "pyfly.web.background.running": "async def a(self, q: BackgroundTasks) -> int: return 1",
}
IMPORTS = {
    "pyfly.web.paging.reading": "from pyfly.data import Pageable",
    "pyfly.web.forms.reading": "from pyfly.web import Form",
    "pyfly.web.background.running": "from pyfly.web import BackgroundTasks",
}
CODE = """
import sys
from pyfly.web import post_mapping, rest_controller
{imports}
from tests.web.support import client_of

@rest_controller
class Controller:
    @post_mapping('/a')
    {handler}

client_of(Controller)
names = ('pyfly.web.paging.', 'pyfly.web.forms.', 'pyfly.web.views.', 'pyfly.web.background.', 'jinja2')
print(*sorted(name for name in sys.modules if name.startswith(names) and not name.endswith(('tasks', 'properties'))))
"""


@pytest.mark.parametrize("module", list(USED))
def test_a_feature_is_loaded_by_the_route_that_uses_it_and_by_no_other(module: str) -> None:
    code = CODE.format(imports=IMPORTS.get(module, ""), handler=USED[module])
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = found.stdout.split()
    assert [name for name in loaded if not name.startswith(module.rpartition(".")[0] or "!")] == []
    assert (module in loaded) == bool(module)
