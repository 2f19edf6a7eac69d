"""Who makes a request: what a filter has put at ``request.state.security_context``."""

from typing import Any

from pyfly.web.responses import Scope


def context_in(scope: Scope) -> Any:
    """Return what has been put there, or ``None``."""
    return scope.get("state", {}).get("security_context")


def context_of(scope: Scope) -> Any:
    """Return what has been put there, or the context of somebody unknown."""
    found = context_in(scope)
    if found is not None:
        return found
    from pyfly.security.context import SecurityContext  # whoever asks for one has imported it

    return SecurityContext.anonymous()


def user_of(scope: Scope) -> str | None:
    """Return the id of whoever was authenticated, if that is known."""
    found: str | None = getattr(context_in(scope), "user_id", None)
    return found
