"""Events, the values they seal, drafts, and what the ledger knows of itself."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# On PostgreSQL what is looked up is compared by code point: the order of a language changes with an update of the system's C
# library, and an index that was made in the old order then lets a token or a revision in twice.
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

# The seq check also stops INSERT OR REPLACE, which would remove a row without any delete trigger being asked.
SQLITE_TRIGGERS = (
    """
    CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN
        SELECT RAISE(ABORT, 'events are append-only: a record is never changed; record a correction as a new event');
    END
    """,
    """
    CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN
        SELECT RAISE(ABORT, 'events are append-only: a record is never deleted; void it with a new event');
    END
    """,
    """
    CREATE TRIGGER events_in_order BEFORE INSERT ON events
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events) BEGIN
        SELECT RAISE(ABORT, 'events are append-only: a new record takes the next seq');
    END
    """,
    """
    CREATE TRIGGER event_values_no_delete BEFORE DELETE ON event_values BEGIN
        SELECT RAISE(ABORT, 'a sealed value is never deleted; erasing sets value and salt to NULL');
    END
    """,
    """
    CREATE TRIGGER event_values_only_erased BEFORE UPDATE ON event_values
    WHEN NOT (NEW.value IS NULL AND NEW.salt IS NULL AND NEW.seq IS OLD.seq AND NEW.pointer IS OLD.pointer) BEGIN
        SELECT RAISE(ABORT, 'a sealed value is never changed; erasing sets value and salt to NULL');
    END
    """,
)

POSTGRES_TRIGGERS = (
    """
    CREATE FUNCTION workbench_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '%', TG_ARGV[0];
    END $$
    """,
    """
    CREATE FUNCTION workbench_events_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.seq IS DISTINCT FROM (SELECT coalesce(max(seq), 0) + 1 FROM events) THEN
            RAISE EXCEPTION 'events are append-only: a new record takes the next seq';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER events_no_update BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION workbench_refuse(
        'events are append-only: a record is never changed; record a correction as a new event')
    """,
    """
    CREATE TRIGGER events_no_delete BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION workbench_refuse(
        'events are append-only: a record is never deleted; void it with a new event')
    """,
    """
    CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION workbench_refuse(
        'events are append-only: a record is never deleted; void it with a new event')
    """,
    "CREATE TRIGGER events_in_order BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION workbench_events_in_order()",
    """
    CREATE TRIGGER event_values_no_delete BEFORE DELETE ON event_values FOR EACH ROW EXECUTE FUNCTION workbench_refuse(
        'a sealed value is never deleted; erasing sets value and salt to NULL')
    """,
    """
    CREATE TRIGGER event_values_no_truncate BEFORE TRUNCATE ON event_values
    FOR EACH STATEMENT EXECUTE FUNCTION workbench_refuse(
        'a sealed value is never deleted; erasing sets value and salt to NULL')
    """,
    """
    CREATE TRIGGER event_values_only_erased BEFORE UPDATE ON event_values FOR EACH ROW
    WHEN (NOT (NEW.value IS NULL AND NEW.salt IS NULL AND NEW.seq = OLD.seq AND NEW.pointer = OLD.pointer))
    EXECUTE FUNCTION workbench_refuse('a sealed value is never changed; erasing sets value and salt to NULL')
    """,
)


def upgrade() -> None:
    """Make the first tables; the ledger is born with its own id and the key that hides names in actor_key."""
    _create_events()
    op.create_table(
        "drafts",
        sa.Column("claim_id", KEY, primary_key=True),
        sa.Column("actor_key", KEY, primary_key=True),
        sa.Column("draft", sa.Text, nullable=False),
    )
    meta = op.create_table(
        "meta",
        sa.Column("name", KEY, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    born_with = {"workspace_id": secrets.token_hex(16), "pseudonym_key": secrets.token_hex(32)}
    op.bulk_insert(meta, [{"name": name, "value": value} for name, value in born_with.items()])
    if op.get_bind().dialect.name == "sqlite":
        for trigger in SQLITE_TRIGGERS:
            op.execute(trigger)
    else:
        # One row, which every transaction that writes counts up first: it lets one write at a time, and says that one did.
        pulse = op.create_table("pulse", sa.Column("beats", sa.BigInteger, nullable=False))
        op.bulk_insert(pulse, [{"beats": 0}])
        for statement in POSTGRES_TRIGGERS:
            op.execute(statement)


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("subject_kind", KEY, nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("subject_revision", sa.Integer, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("actor_key", KEY, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer),
        sa.Column("token", KEY),
        sa.Column("subject_prev", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.UniqueConstraint("subject_kind", "subject_id", "subject_revision", name="one_order_per_subject"),
        sa.UniqueConstraint("subject_kind", "subject_id", "actor_key", "revision", name="one_revision_per_actor"),
        sa.UniqueConstraint("token", name="one_save_per_token"),
    )
    op.create_index("events_by_kind", "events", ["subject_kind", "kind", "subject_id", "seq"])
    op.create_table(
        "event_values",
        sa.Column("seq", sa.Integer, sa.ForeignKey("events.seq"), primary_key=True, autoincrement=False),
        sa.Column("pointer", KEY, primary_key=True),
        sa.Column("salt", sa.LargeBinary),
        sa.Column("value", sa.Text),
    )
