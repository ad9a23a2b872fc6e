"""The receiver of jobs that came from Slack: an office for each workspace, and who does which errand."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from govbot.clerk import Workshops
from govbot.errors import DatabaseUnreachable, GovbotError, SlackError
from govbot.slack import answers, arrivals, deciding, home, officers, pressing, replying, telling
from govbot.slack.access import Access
from govbot.slack.arrivals import Arrival
from govbot.slack.calling import Api, new_client
from govbot.slack.installing import token_of
from govbot.slack.locking import Locks
from govbot.slack.office import Office, Request, reason
from govbot.slack.posting import Poster
from govbot.slack.replying import Pace
from govbot.store import CHECK, find_job, find_workspaces, in_workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from govbot.archive import KeptCheck
    from govbot.clerk import Inside
    from govbot.config import Settings
    from govbot.frameworks import Framework
    from govbot.jobs import Queue
    from govbot.records import Document
    from govbot.store import Job, Store
    from govbot.store.queueing import JobStep

#: A workspace's office is set up anew where its token changed.
_ERRANDS: dict[str, Callable[[Office, Job], None]] = {
    "question": answers.answer_question,
    "command": officers.obey,
    "press": pressing.answer_press,
    "submit": deciding.answer_form,
    "shortcut": pressing.check_message,
    "home": home.show_home,
    "greet": home.greet,
    "several": replying.summarise_several,
    "look": replying.look_again,
    "digest": officers.send_digest,
}


class Reception:
    """Does what Slack's users want."""

    def __init__(self, settings: Settings, store: Store, queue: Queue) -> None:
        """Make ready; the first errand loads the model."""
        self._settings, self._store, self._queue = settings, store, queue
        self._workshops = Workshops(settings)
        self._thinking = threading.Lock()
        self._talking = Locks()
        self._offices: dict[tuple[str, str], Office] = {}
        self._pace = Pace()

    def fetch(self, job: Job) -> bytes:
        """Return the file of a job; raise SlackError."""
        return replying.fetch(self.office(job.workspace), job)

    def look_at(self, document: Document, job: Job) -> None:
        """Look at what was read; raise TooShort."""
        replying.look_at(document, job)

    def spread(self, job: Job, inside: Inside) -> None:
        """Say in the thread what a file holds, and let each document of it be checked by itself."""
        replying.spread(self.office(job.workspace), job, inside, self._pace)

    def tell(self, job: Job, step: JobStep, done: int, total: int) -> None:
        """Say in the thread how far a job is."""
        replying.tell_progress(self.office(job.workspace), job, step, done, total, self._pace)

    def give(self, job: Job, kept: KeptCheck, frameworks: tuple[Framework, ...]) -> None:
        """Put the reply into the thread."""
        replying.give(self.office(job.workspace), job, kept, frameworks, self._pace)

    def give_up(self, job: Job) -> None:
        """Have the reason told, by an errand of its own, since Slack may be what failed."""
        if job.kind == "failure":
            return
        # Without a token there is nobody to tell.
        with suppress(SlackError):
            office = self.office(job.workspace)
            for one in (job, *arrivals.let_fail(office, job)):
                office.add(f"failure {one.id} {one.changed_at.isoformat()}", "failure", {"failed": one.id})

    def errand(self, job: Job) -> None:
        """Do an errand; what goes wrong is told to whoever wanted it."""
        office = self.office(job.workspace)
        if job.kind == "arrival":
            request = Request(job=job)
            place = Arrival(channel=request.channel, file=request.text("file"), user=request.user)
            arrivals.arrive(office, job, place)
        elif job.kind == "failure":
            self._tell_failure(office, job)
        else:
            try:
                _ERRANDS[job.kind](office, job)
            except (SlackError, DatabaseUnreachable):
                raise
            except GovbotError as exc:
                if not Request(job=job).user:
                    raise
                telling.tell_sentence(office, Request(job=job), reason(type(exc).__name__, exc.slots))

    def upkeep(self) -> None:
        """Send digests that are due, and look whether what is shown is still shared."""
        for key in find_workspaces(self._store):
            # A workspace that cannot be reached, or has no token, holds up no other and no worker.
            with suppress(SlackError):
                office = self.office(key)
                officers.plan_digests(office)
                replying.plan_look(office)

    def office(self, workspace: str) -> Office:
        """Return a workspace's office; raise SlackNotSet or SlackKeyUnusable."""
        store = in_workspace(self._store, workspace)
        token = token_of(self._settings, store, workspace)
        if (workspace, token) not in self._offices:
            self._offices[workspace, token] = self._open(workspace, token, store)
        return self._offices[workspace, token]

    def _open(self, workspace: str, token: str, store: Store) -> Office:
        settings = self._settings
        api = Api(new_client(settings, token), hurried=new_client(settings, token, is_patient=False))
        return Office(
            settings=settings,
            store=store,
            queue=self._queue,
            team=workspace,
            token=token,
            api=api,
            access=Access(api, store, team=workspace, officers=settings.slack_officers),
            poster=Poster(api, store),
            workshops=self._workshops,
            thinking=self._thinking,
            talking=self._talking,
        )

    def _tell_failure(self, office: Office, job: Job) -> None:
        failed = find_job(office.store, Request(job=job).text("failed"))
        if failed.fault is None:
            return
        if failed.kind == CHECK:
            replying.give_up(office, failed)
        elif Request(job=failed).user:
            telling.tell_sentence(office, Request(job=failed), reason(failed.fault.error, failed.fault.slots))
