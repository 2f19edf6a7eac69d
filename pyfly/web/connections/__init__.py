"""Connections: how many a server keeps, and how slow they may be (``pyfly.web.connections.*``)."""
