"""The gradebook on a real PostgreSQL server, which the test starts on loopback."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from course_lib.errors import CourseError
from course_lib.grading import loop
from course_lib.grading.stock import generate_release

pytestmark = pytest.mark.grading
TINY = "a99_tiny"


def programs():
    """The folder of Debian's newest PostgreSQL, or of the one on the path; None without a server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    there = found[-1] if found else shutil.which("initdb")
    return Path(there).parent if there else None


class Server:
    """A server with an empty database, which ends with the test."""

    def __init__(self, bin, folder, user):
        self.bin, self.folder, self.user = bin, folder, user
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.run("initdb", "-D", folder / "data", "-A", "trust", "-U", "course", "--no-sync")

    @property
    def url(self):
        return f"postgresql+psycopg://course@127.0.0.1:{self.port}/postgres"

    def run(self, program, *arguments):
        # PostgreSQL refuses to run as root.
        options = (
            {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}
            if self.user
            else {}
        )
        call = [str(self.bin / program), *map(str, arguments)]
        subprocess.run(call, check=True, capture_output=True, cwd=self.folder, **options)

    def start(self):
        settings = (
            f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories= -c fsync=off"
        )
        log = self.folder / "log"
        self.run("pg_ctl", "-D", self.folder / "data", "-l", log, "-w", "-o", settings, "start")

    def stop(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")


@pytest.fixture
def server():
    bin = programs()
    if bin is None:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    user = next((u for u in ("postgres", "nobody") if _known(u)), None) if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    if user:
        shutil.chown(folder, user)
    made = Server(bin, folder, user)
    made.start()
    yield made
    made.stop()
    shutil.rmtree(folder)


def _known(user):
    try:
        return bool(pwd.getpwnam(user))
    except KeyError:
        return False


@contextmanager
def database(server, lab):
    """Move a class's gradebook to the server: release again, into the empty database."""
    lab.course.config.CourseDirectory.db_url = server.url
    generate_release(lab.course, TINY)
    with lab.course.gradebook() as gradebook:
        from datetime import datetime

        gradebook.update_or_create_assignment(TINY, duedate=datetime(2026, 11, 20, 17))
    yield


def answer(text):
    def change(nb):
        next(
            c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "answer_one"
        ).source = text

    return change


def test_postgres_has_the_same_rows_and_survives_a_crash_of_the_server(new_class, server):
    sqlite, postgres = new_class(), new_class()
    for lab in (sqlite, postgres):
        lab.hand_in("fault", lambda nb: "{")
        lab.hand_in("late", at="2026-11-22 10:00:00 UTC")
        for number in range(6):
            lab.hand_in(f"s{number}", answer(f"def one(): return {1 + number % 2}"))
    sqlite.grade()
    done = []

    def crash(outcome):
        done.append(outcome.student)
        if len(done) == 3:
            server.stop()

    with database(server, postgres):
        with pytest.raises(CourseError, match=r"gradebook cannot be written.*--resume"):
            loop.grade(postgres.course, TINY, how=loop.How(jobs=2, profile="strict"), step=crash)
        server.start()
        loop.grade(postgres.course, TINY, how=loop.How(jobs=2, resume=True))
        assert postgres.rows() == sqlite.rows()
        engine = create_engine(server.url)
        with engine.connect() as connection:
            count = connection.execute(text("SELECT count(*) FROM submitted_assignment")).scalar()
            version = connection.execute(text("SHOW server_version")).scalar()
        engine.dispose()
    assert count == 7
    assert int(version.split(".")[0]) >= 12
