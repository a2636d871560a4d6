"""What all tests share: the checkout, a home of their own for progress and config, and PostgreSQL."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent

# A test says what is right, not how fast this machine is today: times are for benchmarks/.
settings.register_profile("course", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("course")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(autouse=True)
def own_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the progress of the person who runs it, or speaks that person's language."""
    monkeypatch.delenv("COURSE_LANGUAGE", raising=False)
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))


@dataclass
class Postgres:
    """A PostgreSQL server of its own on loopback, with an empty database."""

    programs: Path
    folder: Path
    port: int
    run_as: dict[str, Any]

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://course@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *arguments: str | Path) -> None:
        subprocess.run(
            [self.programs / program, "-D", self.folder / "data", *arguments], check=True,
            capture_output=True, cwd=self.folder, **self.run_as,
        )  # fmt: skip

    def start(self) -> None:
        settings = (
            f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories= -c fsync=off"
        )
        self.run("pg_ctl", "-l", self.folder / "log", "-t", "300", "-w", "-o", settings, "start")

    def stop(self) -> None:
        """End it as a crash would."""
        self.run("pg_ctl", "-m", "immediate", "-w", "stop")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A running server: Debian's newest, or that of the one on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    initdb = found[-1] if found else shutil.which("initdb")
    if initdb is None:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    run_as: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        import pwd

        users = {one.pw_name: one for one in pwd.getpwall()}
        user = users.get("postgres") or users["nobody"]
        os.chown(folder, user.pw_uid, user.pw_gid)
        run_as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Postgres(Path(initdb).parent, folder, port, run_as)
    server.run("initdb", "-A", "trust", "-U", "course", "--no-sync")
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder)
