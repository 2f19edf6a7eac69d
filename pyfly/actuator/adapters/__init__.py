"""Ways to serve the actuator outside an auto-configured web application.

=========  =======  =================================================
adapter    extra    for
=========  =======  =================================================
starlette  ``web``  a list of Starlette routes to put in any app
=========  =======  =================================================
"""

__all__: list[str] = []
