"""What somebody is shown of a draft: found, and allowed, at the moment that it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from govbot.slack.replying import as_reply
from govbot.store import find_decisions, find_jobs, find_shared, find_versions

if TYPE_CHECKING:
    from govbot.frameworks import Framework
    from govbot.records import Check, Decision
    from govbot.rendering.slack.actions import Ref
    from govbot.slack.office import Office
    from govbot.store import Shared


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A draft that somebody may see, as it stands now."""

    shared: Shared
    check: Check
    frameworks: tuple[Framework, ...]
    decisions: tuple[Decision, ...]


def find_seen(office: Office, user: str, ref: Ref) -> Shared | None:
    """Return where somebody may see a draft; None where they may not, or where it is not there any more."""
    return next(iter(office.visible(user, find_shared(office.store, document=ref.document))), None)


def look_up(office: Office, shared: Shared) -> Seen:
    """Return a draft as it stands now; raise TextRemoved."""
    with office.thinking:
        return Seen(
            shared=shared,
            check=office.archive().check_again(shared.document, number=shared.number),
            frameworks=office.frameworks,
            decisions=find_decisions(office.store, shared.document),
        )


def refresh_reply(office: Office, shared: Shared) -> None:
    """Put the reply on a draft as it stands now in the place of the one that was posted of this version."""
    with office.thinking:
        version = find_versions(office.store, shared.document)[shared.number - 1]
        message = as_reply(office.archive().again(version), office.frameworks)
    for one in find_shared(office.store, document=shared.document):
        key = f"check {one.place.channel} {one.place.file}"
        # Of a file that holds several documents, each has a job whose key begins so.
        for job in (*find_jobs(office.store, key=key), *find_jobs(office.store, prefix=f"{key} ")):
            if job.version == shared.version:
                office.poster.replace(one.place.channel, job.order["message"], message)
