"""The settings of the protection against requests that pages of other origins forge."""

from typing import Annotated

from pyfly.core.config import Doc, config_properties
from pyfly.kernel.record import Record


@config_properties("pyfly.web.csrf")
class CsrfProperties(Record, kw_only=True):
    """``pyfly.web.csrf``: which pages may send requests that change something with the cookies of their visitors."""

    enabled: Annotated[
        bool,
        Doc("Refuse requests with cookies that pages of other origins send, unless they are GET or HEAD."),
    ] = True
    trusted_origins: Annotated[
        tuple[str, ...], Doc("Origins like https://shop.example whose pages may send them all the same.")
    ] = ()
    same_site: Annotated[
        bool,
        Doc("Let other hosts of the same site do so as well, such as app.shop.example for shop.example."),
    ] = False
    exclude: Annotated[tuple[str, ...], Doc("Paths that are not protected, such as /saml/**.")] = ()
