"""Technologies of the web layer.

=========  =======  ==================================================
adapter    extra    for
=========  =======  ==================================================
starlette  ``web``  request and response classes, ``create_app``
uvicorn    ``web``  the HTTP server
=========  =======  ==================================================
"""

__all__: list[str] = []
