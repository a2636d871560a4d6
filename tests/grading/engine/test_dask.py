"""Many machines, here two worker processes on loopback with TLS: the same gradebook as on one machine."""

import json
import os
import signal
import subprocess
import sys
import time

import dask.config
import distributed  # noqa: F401 - its settings must be there before ours are laid over them
import psutil
import pytest
import trustme

from course_lib.errors import CourseError
from course_lib.grading import engines, loop

pytestmark = pytest.mark.grading
TINY = "a99_tiny"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A certificate authority of our own, and Dask's settings that use it."""
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(folder / "one.pem")
    certificates = {
        f"distributed.comm.tls.{who}.cert": str(folder / "one.pem")
        for who in ("scheduler", "worker", "client")
    }
    return {
        "distributed.comm.require-encryption": True,
        "distributed.comm.tls.ca-file": str(folder / "ca.pem"),
        **certificates,
    }  # fmt: skip


def variables(settings):
    """The settings as Dask reads them from the environment."""
    return {"DASK_" + k.upper().replace(".", "__").replace("-", "_"): str(v) for k, v in settings.items()}


@pytest.fixture
def cluster(certificates, monkeypatch, tmp_path):
    """A scheduler and two workers, each a process; gives its address and the workers."""
    environment = {**os.environ, **variables(certificates)}
    # Loopback only, no dashboard, and everything on the disk in the test's own folder.
    options = ["--no-dashboard", "--host", "127.0.0.1"]
    file = tmp_path / "scheduler.json"
    started = []

    def start(module, *arguments):
        with (tmp_path / f"{len(started)}.log").open("wb") as log:
            command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
            started.append(subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log))
        return started[-1]

    try:
        start("dask_scheduler", *options, "--port", "0", "--protocol", "tls", "--scheduler-file", str(file))
        deadline = time.monotonic() + 60
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        scheduler = ["--scheduler-file", str(file), "--local-directory", str(tmp_path)]
        workers = [
            start("dask_worker", *options, *scheduler, "--nthreads", "1", "--no-nanny") for _ in range(2)
        ]
        with dask.config.set(certificates):
            address = json.loads(file.read_text())["address"]
            engine = engines.Dask(address)
            engine.client.wait_for_workers(2, timeout=60)
            engine.close()
            yield address, workers
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(20)


def answer(text):
    def change(nb):
        next(
            c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "answer_one"
        ).source = text

    return change


def hand_in(lab):
    lab.hand_in("fault", lambda nb: "{")
    lab.hand_in("dies", answer("import os\nos._exit(1)"), "2026-11-21 10:00:00 UTC")
    for number in range(10):
        lab.hand_in(f"s{number}", answer(f"import time\ntime.sleep(0.2)\ndef one(): return {1 + number % 2}"))


def test_a_cluster_gives_the_same_gradebook_and_a_lost_worker_loses_nothing(new_class, cluster):
    address, workers = cluster
    local, far = new_class(), new_class()
    for lab in (local, far):
        hand_in(lab)
    local.grade()
    kills, family = iter(workers), []

    def kill_one(outcome):
        if outcome.status == "graded" and (worker := next(kills, None)) is workers[0]:
            family.extend(psutil.Process(worker.pid).children(recursive=True))
            worker.send_signal(signal.SIGKILL)

    assert address.startswith("tls://127.0.0.1")
    done = loop.grade(far.course, TINY, how=loop.How(scheduler=address), step=kill_one)
    assert workers[0].wait(20) == -signal.SIGKILL
    assert family and psutil.wait_procs(family, timeout=20)[1] == []  # its kernels ended with it
    assert far.rows() == local.rows()
    assert {o.student for o in done.of("fault")} == {"fault"}
    assert len(done.outcomes) == 12


def test_an_open_scheduler_is_refused():
    with pytest.raises(CourseError, match=r"would not be encrypted.*tls://"):
        engines.Dask("tcp://127.0.0.1:8786")


def test_a_scheduler_that_is_not_there_is_told(certificates, monkeypatch):
    with dask.config.set(certificates):
        monkeypatch.setattr(engines, "_SECONDS", 1)
        with pytest.raises(CourseError, match="cannot be reached"):
            engines.Dask("tls://127.0.0.1:9")
