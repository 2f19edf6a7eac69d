"""What is raised when a context is used at the wrong time of its life."""


class ContextStateError(RuntimeError):
    """The context was used in a way that its state does not allow."""
