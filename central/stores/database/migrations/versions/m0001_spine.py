"""The spine: boxes, cameras, streams, events, cases, alerts, notices, access, commands, evidence, series."""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import Position, UtcTime

revision = "0001_spine"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all tables."""
    _actors()
    _boxes()
    _case_numbers()
    _cases()
    _dead_letters()
    _evidence()
    _join_guesses()
    _series()
    _tallies()
    _alerts()
    _boot_clocks()
    _box_secrets()
    _box_states()
    _cameras()
    _case_episodes()
    _case_steps()
    _commands()
    _events()
    _evidence_links()
    _gaps()
    _join_codes()
    _receipts()
    _streams()
    _camera_states()
    _notices()


def _actors() -> None:
    op.create_table(
        "actors",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_actors")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_actors_token_hash")),
    )


def _boxes() -> None:
    op.create_table(
        "boxes",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("heard_at", UtcTime(), nullable=True),
        sa.Column("boot", sa.BigInteger(), nullable=True),
        sa.Column("born_at", UtcTime(), nullable=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("config_sha256", sa.String(length=64), nullable=True),
        sa.Column("config_status", sa.String(length=32), nullable=True),
        sa.Column("config_errors", sa.Text(), nullable=False),
        sa.Column("commands", sa.Text(), nullable=False),
        sa.Column("outbox", sa.Text(), nullable=True),
        sa.Column("disk_free_bytes", sa.BigInteger(), nullable=True),
        sa.Column("clock_offset_ms", sa.BigInteger(), nullable=True),
        sa.Column("clock_skewed", sa.Boolean(), nullable=False),
        sa.Column("joined_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boxes")),
    )


def _case_numbers() -> None:
    op.create_table(
        "case_numbers",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_case_numbers")),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("first_seen_at", UtcTime(), nullable=False),
        sa.Column("last_seen_at", UtcTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("box", sa.String(length=64), nullable=True),
        sa.Column("camera", sa.String(length=96), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("scene", sa.String(length=64), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("opened_by_event", sa.String(length=64), nullable=True),
        sa.Column("spot", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_cases")),
        sa.UniqueConstraint("id", name=op.f("uq_cases_id")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
        sa.UniqueConstraint("opened_by_event", name=op.f("uq_cases_opened_by_event")),
    )
    op.create_index(op.f("ix_cases_camera_position"), "cases", ["camera", "position"], unique=False)
    op.create_index(op.f("ix_cases_source_position"), "cases", ["source", "position"], unique=False)
    op.create_index(op.f("ix_cases_spot_status"), "cases", ["spot", "status"], unique=False)
    op.create_index(op.f("ix_cases_status_position"), "cases", ["status", "position"], unique=False)


def _dead_letters() -> None:
    op.create_table(
        "dead_letters",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("box", sa.String(length=64), nullable=True),
        sa.Column("epoch", sa.String(length=16), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_dead_letters")),
    )
    op.create_index(op.f("ix_dead_letters_reason"), "dead_letters", ["reason"], unique=False)


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("box", sa.String(length=64), nullable=True),
        sa.Column("first_seen_at", UtcTime(), nullable=False),
        sa.Column("stored_at", UtcTime(), nullable=True),
        sa.Column("stored_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_evidence")),
    )
    op.create_index(
        op.f("ix_evidence_box_stored_at_first_seen_at"), "evidence", ["box", "stored_at", "first_seen_at"], unique=False
    )


def _join_guesses() -> None:
    op.create_table(
        "join_guesses",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("peer", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_join_guesses")),
    )
    op.create_index(op.f("ix_join_guesses_peer_at"), "join_guesses", ["peer", "at"], unique=False)


def _series() -> None:
    op.create_table(
        "series",
        sa.Column("metric", sa.String(length=32), nullable=False),
        sa.Column("entity", sa.String(length=96), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("metric", "entity", "at", name=op.f("pk_series")),
        sqlite_with_rowid=False,
    )


def _tallies() -> None:
    op.create_table(
        "tallies",
        sa.Column("tally", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tally", "subject", name=op.f("pk_tallies")),
    )


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("box", sa.String(length=64), nullable=False),
        sa.Column("camera", sa.String(length=96), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("raised_at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("cleared_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["box"], ["boxes.id"], name=op.f("fk_alerts_box")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_alerts")),
        sa.UniqueConstraint("id", name=op.f("uq_alerts_id")),
    )
    op.create_index(op.f("ix_alerts_state_position"), "alerts", ["state", "position"], unique=False)
    op.create_index(op.f("ix_alerts_state_subject"), "alerts", ["state", "subject"], unique=False)


def _boot_clocks() -> None:
    op.create_table(
        "boot_clocks",
        sa.Column("box", sa.String(length=64), nullable=False),
        sa.Column("boot", sa.BigInteger(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=True),
        sa.Column("offset_ms", sa.BigInteger(), nullable=True),
        sa.Column("wall_started_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["box"], ["boxes.id"], name=op.f("fk_boot_clocks_box")),
        sa.PrimaryKeyConstraint("box", "boot", name=op.f("pk_boot_clocks")),
    )


def _box_secrets() -> None:
    op.create_table(
        "box_secrets",
        sa.Column("box", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("set_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["box"], ["boxes.id"], name=op.f("fk_box_secrets_box")),
        sa.PrimaryKeyConstraint("box", name=op.f("pk_box_secrets")),
    )


def _box_states() -> None:
    op.create_table(
        "box_states",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("box", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["box"], ["boxes.id"], name=op.f("fk_box_states_box")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_box_states")),
    )
    op.create_index(op.f("ix_box_states_box_position"), "box_states", ["box", "position"], unique=False)


def _cameras() -> None:
    op.create_table(
        "cameras",
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("box", sa.String(length=64), nullable=False),
        sa.Column("camera", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("boot", sa.BigInteger(), nullable=False),
        sa.Column("mono_ms", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("zones", sa.Text(), nullable=False),
        sa.Column("last_frame_at", UtcTime(), nullable=True),
        sa.Column("fps", sa.Float(), nullable=False),
        sa.Column("latency_ms", sa.Float(), nullable=True),
        sa.Column("last_picture", sa.String(length=64), nullable=True),
        sa.Column("retired_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["box"], ["boxes.id"], name=op.f("fk_cameras_box")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_cameras")),
    )
    op.create_index(op.f("ix_cameras_box"), "cameras", ["box"], unique=False)


def _case_episodes() -> None:
    op.create_table(
        "case_episodes",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("end_reason", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_episodes_case_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_case_episodes")),
        sa.UniqueConstraint("id", name=op.f("uq_case_episodes_id")),
    )
    op.create_index(
        op.f("ix_case_episodes_case_id_end_reason"), "case_episodes", ["case_id", "end_reason"], unique=False
    )


def _case_steps() -> None:
    op.create_table(
        "case_steps",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("actor_kind", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_role", sa.String(length=32), nullable=True),
        sa.Column("from_status", sa.String(length=32), nullable=True),
        sa.Column("to_status", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_steps_case_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_case_steps")),
    )
    op.create_index(op.f("ix_case_steps_case_id"), "case_steps", ["case_id"], unique=False)


def _commands() -> None:
    op.create_table(
        "commands",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("box", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("published_at", UtcTime(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("evidence", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["box"], ["boxes.id"], name=op.f("fk_commands_box")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_commands")),
        sa.UniqueConstraint("id", name=op.f("uq_commands_id")),
    )
    op.create_index(op.f("ix_commands_state_position"), "commands", ["state", "position"], unique=False)


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("box", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("time", UtcTime(), nullable=False),
        sa.Column("corrected_time", UtcTime(), nullable=False),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("camera", sa.String(length=96), nullable=True),
        sa.Column("episode", sa.String(length=64), nullable=True),
        sa.Column("phase", sa.String(length=16), nullable=True),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["box"], ["boxes.id"], name=op.f("fk_events_box")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_events_case_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_events")),
        sa.UniqueConstraint("box", "epoch", "seq", name=op.f("uq_events_box_epoch_seq")),
        sa.UniqueConstraint("id", name=op.f("uq_events_id")),
    )
    op.create_index(op.f("ix_events_camera_position"), "events", ["camera", "position"], unique=False)
    op.create_index(op.f("ix_events_episode"), "events", ["episode"], unique=False)


def _evidence_links() -> None:
    op.create_table(
        "evidence_links",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("box", sa.String(length=64), nullable=True),
        sa.Column("event", sa.String(length=64), nullable=True),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("command", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_evidence_links_case_id")),
        sa.ForeignKeyConstraint(["sha256"], ["evidence.sha256"], name=op.f("fk_evidence_links_sha256")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_evidence_links")),
    )
    op.create_index(op.f("ix_evidence_links_case_id"), "evidence_links", ["case_id"], unique=False)


def _gaps() -> None:
    op.create_table(
        "gaps",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("box", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.String(length=16), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["box"], ["boxes.id"], name=op.f("fk_gaps_box")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_gaps")),
    )
    op.create_index(op.f("ix_gaps_box_epoch_last"), "gaps", ["box", "epoch", "last"], unique=False)


def _join_codes() -> None:
    op.create_table(
        "join_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("box", sa.String(length=64), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("used_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["box"], ["boxes.id"], name=op.f("fk_join_codes_box")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_join_codes")),
    )
    op.create_index(op.f("ix_join_codes_box"), "join_codes", ["box"], unique=False)


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("box", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["box"], ["boxes.id"], name=op.f("fk_receipts_box")),
        sa.PrimaryKeyConstraint("box", "epoch", "seq", name=op.f("pk_receipts")),
        sqlite_with_rowid=False,
    )


def _streams() -> None:
    op.create_table(
        "streams",
        sa.Column("box", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.String(length=16), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("top", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["box"], ["boxes.id"], name=op.f("fk_streams_box")),
        sa.PrimaryKeyConstraint("box", "epoch", name=op.f("pk_streams")),
    )


def _camera_states() -> None:
    op.create_table(
        "camera_states",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("camera", sa.String(length=96), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["camera"], ["cameras.key"], name=op.f("fk_camera_states_camera")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_camera_states")),
    )
    op.create_index(op.f("ix_camera_states_camera_position"), "camera_states", ["camera", "position"], unique=False)


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("alert", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("next_attempt_at", UtcTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("delivered_at", UtcTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("fillings", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name=op.f("fk_notices_alert")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_notices")),
        sa.UniqueConstraint("id", name=op.f("uq_notices_id")),
    )
    op.create_index(op.f("ix_notices_created_at"), "notices", ["created_at"], unique=False)
    op.create_index(op.f("ix_notices_alert"), "notices", ["alert"], unique=False)
    op.create_index(op.f("ix_notices_state_next_attempt_at"), "notices", ["state", "next_attempt_at"], unique=False)
