"""The tables of the clinic.

Revision: 0001
After: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward to this revision."""
    op.create_table(
        "owners",
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("telephone", sa.String(length=20), nullable=False),
        sa.Column("first_name", sa.String(length=30), nullable=False),
        sa.Column("last_name", sa.String(length=30), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owners")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("owners", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_owners_last_name"), ["last_name"], unique=False)

    op.create_table(
        "specialties",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specialties")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("specialties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_specialties_name"), ["name"], unique=False)

    op.create_table(
        "types",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_types")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("types", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_types_name"), ["name"], unique=False)

    op.create_table(
        "users",
        sa.Column("username", sa.String(length=20), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("username", name=op.f("pk_users")),
    )
    op.create_table(
        "vets",
        sa.Column("first_name", sa.String(length=30), nullable=False),
        sa.Column("last_name", sa.String(length=30), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vets")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("vets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vets_last_name"), ["last_name"], unique=False)

    op.create_table(
        "pets",
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("type_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owners.id"], name=op.f("fk_pets_owner_id_owners"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["type_id"], ["types.id"], name=op.f("fk_pets_type_id_types")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pets")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("pets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pets_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_pets_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pets_type_id"), ["type_id"], unique=False)

    op.create_table(
        "roles",
        sa.Column("username", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["username"], ["users.username"], name=op.f("fk_roles_username_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("role", "username", name=op.f("uq_roles_role_username")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("roles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roles_username"), ["username"], unique=False)

    op.create_table(
        "vet_specialties",
        sa.Column("vet_id", sa.Integer(), nullable=False),
        sa.Column("specialty_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["specialty_id"],
            ["specialties.id"],
            name=op.f("fk_vet_specialties_specialty_id_specialties"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["vet_id"], ["vets.id"], name=op.f("fk_vet_specialties_vet_id_vets"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vet_id", "specialty_id", name=op.f("pk_vet_specialties")),
    )
    op.create_table(
        "visits",
        sa.Column("pet_id", sa.Integer(), nullable=False),
        sa.Column("visit_date", sa.Date(), nullable=False),
        sa.Column("description", sa.String(length=255), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pet_id"], ["pets.id"], name=op.f("fk_visits_pet_id_pets"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visits_pet_id"), ["pet_id"], unique=False)


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("visits")
    op.drop_table("vet_specialties")
    op.drop_table("roles")
    op.drop_table("pets")
    op.drop_table("vets")
    op.drop_table("users")
    op.drop_table("types")
    op.drop_table("specialties")
    op.drop_table("owners")
