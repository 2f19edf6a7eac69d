"""Security headers on every response, errors, streams and preflights included."""

from pyfly.web.ports.stages import PRINCIPAL, HeaderWriter, Stage
from pyfly.web.principal import user_of
from pyfly.web.responses import RawHeaders, Scope, raw_headers
from pyfly.web.security_headers.properties import SecurityHeadersConfig
from pyfly.web.stages.parts import Parts


def stage(parts: Parts, order: int) -> Stage:
    """Return the stage that adds the headers of ``pyfly.web.security-headers``."""
    config = parts.given.get("security_headers")
    if not isinstance(config, SecurityHeadersConfig):
        config = parts.config.bind(SecurityHeadersConfig)
    return Stage("security headers", order, headers=writer_of(config))


def headers_of(config: SecurityHeadersConfig, *, tls: bool) -> RawHeaders:
    """Return the headers that *config* adds to a response sent with or without TLS."""
    values = {
        "X-Content-Type-Options": config.x_content_type_options,
        "X-Frame-Options": config.x_frame_options,
        "X-XSS-Protection": config.x_xss_protection,
        "Referrer-Policy": config.referrer_policy,
        "Content-Security-Policy": config.content_security_policy,
        "Permissions-Policy": config.permissions_policy,
        "Strict-Transport-Security": config.strict_transport_security if tls else None,
    }
    return raw_headers({name: value for name, value in values.items() if value})


def writer_of(config: SecurityHeadersConfig) -> HeaderWriter:
    """Return the function that adds what *config* says and the response does not say itself."""
    plain, secure = headers_of(config, tls=False), headers_of(config, tls=True)
    private = raw_headers({"Cache-Control": config.cache_control}) if config.cache_control else []
    names = frozenset(name for name, _ in (*secure, *private))

    def write(scope: Scope, headers: RawHeaders) -> None:
        added = secure if scope.get("scheme") == "https" else plain
        if private and _is_authenticated(scope):
            added = [*added, *private]
        for name, _ in headers:
            if name in names:
                present = {name for name, _ in headers}
                added = [pair for pair in added if pair[0] not in present]
                break
        headers += added

    return write


def _is_authenticated(scope: Scope) -> bool:
    for name, _ in scope["headers"]:
        if name == b"authorization":
            return True
    return PRINCIPAL in scope or (bool(scope.get("state")) and user_of(scope) is not None)
