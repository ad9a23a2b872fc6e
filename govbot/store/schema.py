"""What is kept, as tables; the same on SQLite and PostgreSQL.

workspaces
├── contents               what a file holds: kept once, however often the file comes
│   ├── passages
│   └── assessments        as made, under one version of framework, matcher and model
├── documents              a line of versions
│   ├── versions           one file that was handed in
│   │   ├── readings       a version under one framework, decisions applied: what summaries read
│   │   │   └── coverages
│   │   ├── shares
│   │   └── replies
│   └── decisions
├── enquiries
├── audit
├── jobs                   what the job engine is asked to do, and how far it is
│   └── uploads
├── deliveries
├── channels               when the bot reads drafts there, and where digests go
├── conversations          what was asked last in a thread
└── installations          tokens, encrypted
oauth_states               installations that have begun

When text is removed, contents go, with all that hangs on them; readings and coverages stay.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from govbot.store.types import Packed, UtcTime, Vector

#: How constraints are named, so that migrations can speak of them on both databases.
METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
#: Longest names of Slack's, and of frameworks, matchers and models.
_KEY, _NAME = 200, 200


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _of(table: str) -> Column[int]:
    """Return a column that points at a row of another table, and whose row goes with that one."""
    name = f"{table.removesuffix('s')}_id"
    return Column(name, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=False, index=True)


workspaces = Table(
    "workspaces",
    METADATA,
    _id(),
    #: A Slack team's id; "local" for the command line.
    Column("key", String(_KEY), nullable=False, unique=True),
    Column("made_at", UtcTime, nullable=False),
)
contents = Table(
    "contents",
    METADATA,
    _id(),
    _of("workspaces"),
    #: Of the file's bytes, hexadecimal.
    Column("sha256", String(64), nullable=False),
    #: The document as read.
    Column("document", Packed, nullable=False),
    #: The model that made its passages' vectors; empty where there are none yet.
    Column("model", String(_NAME), nullable=False),
    Column("kept_at", UtcTime, nullable=False, index=True),
    UniqueConstraint("workspace_id", "sha256"),
)
passages = Table(
    "passages",
    METADATA,
    _id(),
    _of("contents"),
    #: Position in the document's passages, from 0.
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("vector", Vector, nullable=False),
    UniqueConstraint("content_id", "number"),
)
assessments = Table(
    "assessments",
    METADATA,
    _id(),
    _of("contents"),
    Column("framework", String(_NAME), nullable=False),
    Column("framework_version", String(_NAME), nullable=False),
    Column("matcher", String(_NAME), nullable=False),
    Column("model", String(_NAME), nullable=False),
    #: The whole of it, quotes too.
    Column("body", Packed, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    UniqueConstraint(
        "content_id", "framework", "framework_version", "matcher", "model", name="uq_assessments_made_under"
    ),
)
documents = Table(
    "documents",
    METADATA,
    _id(),
    _of("workspaces"),
    Column("title", Text, nullable=False),
    #: What titles of the same document have in common.
    Column("line", String(400), nullable=False),
    #: The channel in Slack, or the team that was named on the command line; empty where there is none.
    Column("team", String(_KEY), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Index(None, "workspace_id", "team", "line"),
)
versions = Table(
    "versions",
    METADATA,
    _id(),
    _of("documents"),
    #: From 1.
    Column("number", Integer, nullable=False),
    #: None once the text is removed.
    Column("content_id", ForeignKey("contents.id", ondelete="SET NULL"), index=True),
    Column("sha256", String(64), nullable=False),
    #: Of the file.
    Column("name", Text, nullable=False),
    #: True for the newest of the document.
    Column("is_current", Boolean, nullable=False),
    Column("kept_by", String(_KEY), nullable=False),
    Column("kept_at", UtcTime, nullable=False, index=True),
    UniqueConstraint("document_id", "number"),
    Index(
        "ix_versions_is_current",
        "document_id",
        unique=True,
        sqlite_where=text("is_current"),
        postgresql_where=text("is_current"),
    ),
)
readings = Table(
    "readings",
    METADATA,
    _id(),
    _of("versions"),
    Column("framework", String(_NAME), nullable=False),
    Column("framework_version", String(_NAME), nullable=False),
    Column("matcher", String(_NAME), nullable=False),
    Column("made_at", UtcTime, nullable=False, index=True),
    UniqueConstraint("version_id", "framework"),
    Index(None, "framework"),
)
coverages = Table(
    "coverages",
    METADATA,
    Column("reading_id", ForeignKey("readings.id", ondelete="CASCADE"), primary_key=True),
    Column("criterion", String(_NAME), primary_key=True),
    Column("principle", String(_NAME), nullable=False),
    Column("status", String(20), nullable=False),
    #: Stages that are shown, as first letters: "pdca" for all four.
    Column("stages", String(4), nullable=False),
    sqlite_with_rowid=False,
)
shares = Table(
    "shares",
    METADATA,
    _id(),
    _of("versions"),
    #: Slack's ids: where the file is, which it is, and who shared it.
    Column("channel", String(_KEY), nullable=False, index=True),
    Column("file", String(_KEY), nullable=False, index=True),
    #: Time of the message that brought it, under which replies stand; empty where there is none.
    Column("thread", String(_KEY), nullable=False, server_default="", index=True),
    Column("shared_by", String(_KEY), nullable=False),
    Column("shared_at", UtcTime, nullable=False),
    UniqueConstraint("version_id", "channel", "file"),
)
decisions = Table(
    "decisions",
    METADATA,
    _id(),
    _of("documents"),
    Column("framework", String(_NAME), nullable=False),
    Column("criterion", String(_NAME), nullable=False),
    #: "not_applicable", "not_evidence" or "evidence".
    Column("kind", String(20), nullable=False),
    #: The quote that it is about; empty where it is about the criterion.
    Column("quote", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("author", String(_KEY), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    #: When it was taken back; None while it stands.
    Column("withdrawn_at", UtcTime),
)
enquiries = Table(
    "enquiries",
    METADATA,
    _id(),
    _of("versions"),
    Column("asker", String(_KEY), nullable=False),
    Column("question", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("targets", Packed, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("asked_at", UtcTime, nullable=False, index=True),
)
audit = Table(
    "audit",
    METADATA,
    _id(),
    _of("workspaces"),
    Column("at", UtcTime, nullable=False, index=True),
    Column("actor", String(_KEY), nullable=False),
    #: "kept", "seen", "asked", "decided", "forgotten", "text removed", "denied".
    Column("action", String(40), nullable=False),
    #: Number of the document; it may be gone.
    Column("document", Integer),
)
jobs = Table(
    "jobs",
    METADATA,
    #: The job engine's id of it too.
    Column("id", String(_KEY), primary_key=True),
    _of("workspaces"),
    #: What makes two requests the same job; see jobs.py.
    Column("key", String(400), nullable=False),
    #: File name, for people.
    Column("name", Text, nullable=False),
    #: Where the file is, under what it is read, and where the reply goes.
    Column("order", Packed, nullable=False),
    #: "held", "waiting", "reading", "matching", "writing", "sending", "done", "failed" or "cancelled".
    Column("step", String(20), nullable=False, index=True),
    #: Passages done, and how many there are; 0 where that is not known.
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    #: What went wrong: the error's class and slots, which hold no text of a draft.
    Column("fault", Packed),
    #: The content that was read; the version that it became.
    Column("sha256", String(64)),
    Column("version_id", ForeignKey("versions.id", ondelete="SET NULL"), index=True),
    Column("made_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False, index=True),
    UniqueConstraint("workspace_id", "key"),
)
uploads = Table(
    "uploads",
    METADATA,
    #: A file on its way to whatever worker reads it; gone once the job is done.
    Column("job_id", ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
replies = Table(
    "replies",
    METADATA,
    _id(),
    _of("versions"),
    Column("job_id", ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False, unique=True),
    #: The reply as Markdown.
    Column("body", Packed, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)
deliveries = Table(
    "deliveries",
    METADATA,
    _id(),
    _of("workspaces"),
    #: What was delivered, once: a job's id and which of its replies.
    Column("key", String(400), nullable=False),
    #: What the receiver calls it: a file, or a message's time in Slack.
    Column("receipt", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    UniqueConstraint("workspace_id", "key"),
)
channels = Table(
    "channels",
    METADATA,
    _id(),
    _of("workspaces"),
    #: Slack's id.
    Column("key", String(_KEY), nullable=False),
    #: Which drafts are read: "all", "mentioned" or "none".
    Column("reads", String(20), nullable=False),
    #: Framework of the weekly digest; empty where the channel gets none.
    Column("digest", String(_NAME), nullable=False),
    #: When the last digest was sent; None before the first.
    Column("digest_at", UtcTime),
    #: When somebody left it, or it was shared with others; None where that was not heard of.
    Column("members_changed_at", UtcTime),
    Column("set_by", String(_KEY), nullable=False),
    Column("set_at", UtcTime, nullable=False),
    UniqueConstraint("workspace_id", "key"),
)
conversations = Table(
    "conversations",
    METADATA,
    _id(),
    _of("workspaces"),
    Column("channel", String(_KEY), nullable=False),
    #: Time of the thread's first message; empty for a direct message outside threads.
    Column("thread", String(_KEY), nullable=False),
    #: The draft that is talked about.
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    #: What was asked last, as asking understood it.
    Column("target", Packed),
    #: Hashes of the quotes that were shown of it.
    Column("seen", Packed, nullable=False),
    Column("changed_at", UtcTime, nullable=False, index=True),
    UniqueConstraint("workspace_id", "channel", "thread"),
)
installations = Table(
    "installations",
    METADATA,
    _id(),
    _of("workspaces"),
    #: Slack's record of it, tokens and all, encrypted with the key of the settings.
    Column("body", LargeBinary, nullable=False),
    Column("installed_at", UtcTime, nullable=False),
    UniqueConstraint("workspace_id"),
)
oauth_states = Table(
    "oauth_states",
    METADATA,
    #: Hash of what Slack is to bring back.
    Column("state", String(64), primary_key=True),
    Column("expires_at", UtcTime, nullable=False, index=True),
)
