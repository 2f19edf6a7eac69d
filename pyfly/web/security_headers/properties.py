"""The settings of the security headers."""

from typing import Annotated

from pyfly.core.config import Doc, config_properties
from pyfly.kernel.record import Record


@config_properties("pyfly.web.security-headers")
class SecurityHeadersConfig(Record):
    """The values of the security headers; ``None`` (or an empty text) leaves a header out.

    A response that has one of the headers already keeps its own.
    """

    x_content_type_options: Annotated[str | None, Doc("X-Content-Type-Options.")] = "nosniff"
    x_frame_options: Annotated[str | None, Doc("X-Frame-Options.")] = "DENY"
    strict_transport_security: Annotated[
        str | None, Doc("Strict-Transport-Security; sent over TLS only.")
    ] = "max-age=31536000; includeSubDomains"
    x_xss_protection: Annotated[str | None, Doc("X-XSS-Protection.")] = "0"
    referrer_policy: Annotated[str | None, Doc("Referrer-Policy.")] = "strict-origin-when-cross-origin"
    content_security_policy: Annotated[str | None, Doc("Content-Security-Policy.")] = None
    permissions_policy: Annotated[str | None, Doc("Permissions-Policy.")] = None
    cache_control: Annotated[
        str | None, Doc("Cache-Control of responses to authenticated requests that say nothing about it.")
    ] = "no-store"
    enabled: Annotated[bool, Doc("Send security headers with every response.")] = True
