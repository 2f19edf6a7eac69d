"""Where things are."""

from urllib.parse import quote

from pyfly.container import component
from pyfly.web import WebProperties


@component
class Links:
    """Knows the paths under which clients find what the API keeps."""

    def __init__(self, web: WebProperties) -> None:
        self._api = f"{web.base_path}/api"

    def to(self, kind: str, key: int | str) -> str:
        """Return the path of one thing, such as ``/petclinic/api/owners/1``."""
        return f"{self._api}/{kind}/{quote(str(key), safe='')}"
