"""The files that ``pyfly db init`` writes into a project."""

from typing import Final

ENVIRONMENT: Final = '''\
"""What Alembic runs. The database and the entities are those of the application."""

from pyfly.data.relational.sqlalchemy.migrations import run_migrations

# Takes the options of Alembic's context.configure(), such as include_object.
run_migrations()
'''

REVISION: Final = '''\
"""${message.rstrip(".")}.

Revision: ${up_revision}
After: ${down_revision or "nothing" | comma,n}
Written: ${create_date}
"""

import sqlalchemy as sa
from alembic import op
${imports + "\\n" if imports else ""}
revision = ${repr(up_revision).replace("'", '"')}
down_revision = ${repr(down_revision).replace("'", '"')}
branch_labels = ${repr(branch_labels).replace("'", '"')}
depends_on = ${repr(depends_on).replace("'", '"')}


def upgrade() -> None:
    """Go forward to this revision."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Go back to the one before."""
    ${downgrades if downgrades else "pass"}
'''
