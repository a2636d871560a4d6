"""A class on the hub, from release to feedback: real servers and kernels, the exchange, our commands."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, text

pytestmark = pytest.mark.xdist_group("hub")  # one hub for all tests, also with `-n 2`
A01 = "a01_code_shapes"
NOTEBOOK = f"{A01}/code_shapes.ipynb"
BIN = Path(sys.executable).parent
TOTALS = """
    SELECT submitted_assignment.student_id, sum(coalesce(grade.manual_score, grade.auto_score, 0))
    FROM submitted_assignment
    JOIN submitted_notebook ON submitted_notebook.assignment_id = submitted_assignment.id
    JOIN grade ON grade.notebook_id = submitted_notebook.id
    GROUP BY submitted_assignment.student_id
"""
LONG = 300  # seconds that a slow and busy machine may take for one step; a quick one needs a few


def wait_until(ready: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + LONG
    while not ready():
        assert time.monotonic() < deadline, f"after {LONG} s: {what}"
        time.sleep(0.3)


@dataclass
class Hub:
    """The running hub, as a student's browser or the instructor's shell sees it."""

    address: str
    token: str
    homes: Path
    course: Path
    environment: dict[str, str]
    gradebook: str = ""

    def ask(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        request = urllib.request.Request(
            self.address + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {token or self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=LONG) as answer:
            raw = answer.read()
        return json.loads(raw) if raw else None

    def sign_in(self, name: str) -> "Student":
        """Start a student's server and return it when it answers."""
        self.ask("POST", f"/hub/api/users/{name}")
        token = self.ask("POST", f"/hub/api/users/{name}/tokens", {"note": "test"})["token"]
        self.ask("POST", f"/hub/api/users/{name}/server", {})
        wait_until(
            lambda: self.ask("GET", f"/hub/api/users/{name}")["servers"].get("", {}).get("ready", False),
            f"the server of {name} is not ready",
        )
        return Student(self, name, token)

    def instructor(self, *command: str) -> str:
        """Run a command in the course folder, as the instructor does in a terminal."""
        done = subprocess.run(
            [BIN / command[0], *command[1:]],
            cwd=self.course,
            env=self.environment | {"COURSE_GRADEBOOK": self.gradebook},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@dataclass
class Student:
    """One student's server."""

    hub: Hub
    name: str
    token: str

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        return self.hub.ask(method, f"/user/{self.name}{path}", body, self.token)

    def exchange(self, action: str) -> None:
        """Press a button of the assignment list."""
        answer = self.ask("POST", f"/assignments/{action}?course_id=crosswalk&assignment_id={A01}")
        assert answer["success"], answer

    def open(self) -> nbformat.NotebookNode:
        return nbformat.from_dict(self.ask("GET", f"/api/contents/{NOTEBOOK}")["content"])

    def save(self, notebook: nbformat.NotebookNode) -> None:
        self.ask("PUT", f"/api/contents/{NOTEBOOK}", {"type": "notebook", "content": notebook})

    def run(self, code: str) -> str:
        """Run code in a kernel of the student's server and return what it prints."""
        from tornado.httpclient import HTTPRequest
        from tornado.ioloop import IOLoop
        from tornado.websocket import websocket_connect

        kernel = self.ask("POST", "/api/kernels", {"name": "python3"})["id"]
        address = self.hub.address.replace("http", "ws", 1)
        header = {
            "msg_id": secrets.token_hex(8),
            "msg_type": "execute_request",
            "session": "s",
            "username": "",
        }
        message = {
            "header": header | {"version": "5.3", "date": ""}, "parent_header": {}, "metadata": {},
            "content": {"code": code, "silent": False}, "channel": "shell", "buffers": [],
        }  # fmt: skip

        async def talk() -> str:
            url = f"{address}/user/{self.name}/api/kernels/{kernel}/channels"
            signed = {"Authorization": f"token {self.token}"}
            socket = await websocket_connect(HTTPRequest(url, headers=signed))
            await socket.write_message(json.dumps(message))
            printed = ""
            while True:
                reply = json.loads(await socket.read_message())
                if reply["parent_header"].get("msg_id") != header["msg_id"]:
                    continue
                printed += reply["content"].get("text", "") if reply["msg_type"] == "stream" else ""
                assert reply["msg_type"] != "error", reply["content"]
                if reply["msg_type"] == "status" and reply["content"]["execution_state"] == "idle":
                    socket.close()
                    return printed

        printed = IOLoop().run_sync(talk, timeout=LONG)
        self.ask("DELETE", f"/api/kernels/{kernel}")
        return printed


def three_free_ports() -> int:
    """Return the first of three neighbours that nobody listens on, below the ports that the system gives."""
    for _ in range(1000):
        first = 20_000 + secrets.randbelow(12_000)
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            for port in range(first, first + 3):
                held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first
    pytest.fail("no three free ports")


def install_proxy(modules: Path) -> None:
    """Install the proxy as `run` does, once: another worker may be at it, or have a hub on it already."""
    with (Path(tempfile.gettempdir()) / f"crosswalk-hub-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (modules / "node_modules/.bin/configurable-http-proxy").exists():
            subprocess.run([BIN / "npm", "ci", "--silent"], cwd=modules, check=True, capture_output=True)


@pytest.fixture(scope="module")
def hub(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    base = tmp_path_factory.mktemp("hub")
    homes, course, exchange = (base / name for name in ("homes", "course", "exchange"))
    for folder in (homes, course / "notebooks", exchange):
        folder.mkdir(parents=True)
    exchange.chmod(0o1777)
    shutil.copytree(root / "notebooks/assignments", course / "notebooks/assignments")
    shutil.copy2(root / "nbgrader_config.py", course)
    (course / "datasets").symlink_to(root / "datasets")
    modules = root / "deploy/hub"
    install_proxy(modules)
    port = three_free_ports()
    environment = {
        **{
            k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "COURSE_PROGRESS", "IPYTHON"))
        },
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "JUPYTER_CONFIG_PATH": str(modules / "servers"),
        "JUPYTER_DATA_DIR": str(base / "data"),
        "COURSE_EXCHANGE": str(exchange),
        "COURSE_HUB_CONFIG": str(modules / "jupyterhub_config.py"),
        "COURSE_HUB_CONTAINER": str(root / "tests/hub/container"),
        "COURSE_HUB_HOMES": str(homes),
        "COURSE_HUB_PASSWORD": secrets.token_hex(16),
        "COURSE_HUB_PORT": str(port),
        "COURSE_HUB_STATE": str(base / "state"),
        "COURSE_HUB_TOKEN": secrets.token_hex(16),
        "COURSE_INSTRUCTORS": "ines",
        "CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(16),
    }
    log = base / "hub.log"
    config = root / "tests/hub/jupyterhub_config.py"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [BIN / "jupyterhub", "--config", config], cwd=base, env=environment, stdout=out,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    running = Hub(f"http://127.0.0.1:{port}", environment["COURSE_HUB_TOKEN"], homes, course, environment)

    def answers() -> bool:
        assert process.poll() is None, log.read_text(errors="replace")[-4000:]
        try:
            return running.ask("GET", "/hub/api/") is not None
        except OSError:
            return False

    try:
        wait_until(answers, "the hub does not answer")
        yield running
    finally:
        process.terminate()  # the hub ends its servers and its proxy
        process.wait(timeout=LONG)


@pytest.fixture(scope="module")
def students(hub: Hub) -> tuple[Student, Student]:
    """Ben and Cleo, each with a running server."""
    return hub.sign_in("ben"), hub.sign_in("cleo")


def solve(student: Student, solution: nbformat.NotebookNode) -> None:
    """Put the instructor's answers in the place of the stubs."""
    answers = {c.metadata.nbgrader.grade_id: c.source for c in solution.cells if "nbgrader" in c.metadata}
    notebook = student.open()
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("solution"):
            cell.source = answers[mark["grade_id"]]
    student.save(notebook)


def scores(gradebook: str) -> dict[str, float]:
    """What PostgreSQL itself holds, asked without nbgrader."""
    engine = create_engine(gradebook)
    with engine.connect() as connection:
        rows = connection.execute(text(TOTALS)).all()
    engine.dispose()
    return {student: float(score) for student, score in rows}


def test_a_class_works_from_release_to_feedback(
    hub: Hub, students: tuple[Student, Student], postgres: Any, root: Path
) -> None:
    hub.gradebook = postgres.url  # the instructor's alone: no student's server knows it
    hub.instructor("course", "release", "a01")
    hub.instructor("nbgrader", "release_assignment", A01)

    ben, cleo = students
    for student in students:
        student.exchange("fetch")
    assert not [c for c in ben.open().cells if "BEGIN SOLUTION" in c.source or "BEGIN HIDDEN" in c.source]
    told = ben.run("from course_lib import icd10cm; print(icd10cm.load()['E11.22'].title)")
    assert told.strip() == "Type 2 diabetes mellitus with diabetic chronic kidney disease"

    solution = nbformat.read(root / "notebooks/assignments" / NOTEBOOK, as_version=4)
    solve(ben, solution)
    for student in students:
        student.exchange("submit")

    hub.instructor("course", "collect", "a01")
    hub.instructor("course", "grade", "a01", "--trust-submissions")
    marks = [c.metadata.nbgrader for c in solution.cells if c.metadata.get("nbgrader", {}).get("grade")]
    total, by_tests = sum(m.points for m in marks), sum(m.points for m in marks if not m.solution)
    assert scores(postgres.url) == {"ben": by_tests, "cleo": 0}
    assert not list(hub.course.rglob("gradebook.db"))
    with Gradebook(postgres.url, "crosswalk") as gradebook:
        [page] = gradebook.find_submission(A01, "cleo").notebooks
        page.comments[0].manual_comment = "Begin with the first letter."
        gradebook.db.commit()
    hub.instructor("course", "feedback", "a01")
    hub.instructor("nbgrader", "release_feedback", A01)
    exported = {line.split(",")[0] for line in hub.instructor("course", "export", "a01").splitlines()}
    assert {"ben", "cleo"} <= exported

    for student, points in ((ben, by_tests), (cleo, 0)):
        student.exchange("fetch_feedback")
        [page] = (hub.homes / student.name).rglob("code_shapes.html")
        feedback = page.read_text(encoding="utf-8")
        assert f"{points:.1f} / {total:.1f}" in feedback
        assert ("Begin with the first letter." in feedback) == (student is cleo)


def test_a_student_cannot_reach_another_ones_server(hub: Hub, students: tuple[Student, Student]) -> None:
    ben, cleo = students
    assert cleo.ask("GET", "/api/contents")["type"] == "directory"
    with pytest.raises(urllib.error.HTTPError) as refused:
        hub.ask("GET", "/user/cleo/api/contents", token=ben.token)
    assert refused.value.code in (403, 404)
