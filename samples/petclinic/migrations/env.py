"""What Alembic runs. The database and the entities are those of the application."""

from pyfly.data.relational.sqlalchemy.migrations import run_migrations

# Takes the options of Alembic's context.configure(), such as include_object.
run_migrations()
