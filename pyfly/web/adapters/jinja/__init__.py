"""Pages made by Jinja (extra ``templates``)."""

__all__: list[str] = []
