"""Relational data: what a repository costs beside a session of SQLAlchemy that is used by hand."""
