"""Forms: fields and uploaded files, urlencoded or multipart, within limits that hold before anything is kept."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.forms.properties import MultipartProperties
    from pyfly.web.forms.uploads import UploadedFile

__all__ = ["MultipartProperties", "UploadedFile"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "MultipartProperties": "pyfly.web.forms.properties",
        "UploadedFile": "pyfly.web.forms.uploads",
    },
)
