"""A class with 20 honest students and everything that a hostile one could hand in."""

import importlib.util
import multiprocessing.forkserver
import os
import re
import socket
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import nbformat
import psutil
import pytest

from course_lib.grading.sandbox import layers

pytestmark = pytest.mark.grading
TINY, FILE = "a99_tiny", "tiny.ipynb"
MARK = f"grading-test-{os.getpid()}"

_spec = importlib.util.spec_from_file_location("corpus", Path(__file__).with_name("corpus.py"))
corpus = sys.modules["corpus"] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(corpus)

LIMITS = """
c.Execute.timeout = 2
c.CourseGrading.notebook_seconds = 30
c.CourseGrading.cpu_seconds = 20
c.CourseGrading.memory_mb = 700
c.CourseGrading.file_mb = 5
c.CourseGrading.disk_mb = 20
c.CourseGrading.output_mb = 25
"""
HONEST = [
    ("def one():\n    return 1", "def part():\n    return 3", {"one": 2, "part": 3, "naive": 1}),
    ("def one():\n    return 2", "def part():\n    return 1", {"one": 0, "part": 1, "naive": 0}),
    ("import numpy as np\ndef one():\n    return int(np.ones(1)[0])", "def part(): pass",
     {"one": 2, "part": 3, "naive": 1}),
    ("...", "...", {"one": 0, "part": 0, "naive": 0}),
    ("def one():\n    open('x', 'w').write('1')\n    return int(open('x').read())",
     "def part():\n    return 0.5", {"one": 2, "part": 0.5, "naive": 1}),
]  # fmt: skip


@pytest.fixture
def world(new_class, monkeypatch):
    """A class, and what an attack may aim at: a gradebook, neighbours, listeners, a secret."""
    monkeypatch.setenv("CLINIC_PASSWORD", "hunter2")
    monkeypatch.setenv("XDG_MARK", MARK)  # kernels have this in their environment
    # The starter of worker processes stays as long as this one: it is there before anybody counts.
    multiprocessing.forkserver.ensure_running()
    # A place for temporary files of its own, so that what is left in it is ours; short, as sockets need it.
    work = Path(tempfile.mkdtemp(prefix="t", dir="/tmp"))
    work.chmod(0o711)
    monkeypatch.setattr(tempfile, "tempdir", str(work))
    lab = new_class(LIMITS)
    abstract = f"course-{os.getpid()}"
    listeners = [
        socket.create_server(("127.0.0.1", 0)),
        socket.socket(socket.AF_UNIX),
        socket.socket(socket.AF_UNIX),
    ]
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(("127.0.0.1", 0))
    listeners[1].bind("\0" + abstract)
    path = lab.course.root / "s"
    listeners[2].bind(str(path))
    for listener in listeners[1:]:
        listener.listen()
    target = corpus.World(
        gradebook=lab.course.root / "gradebook.db", source=lab.course.source / TINY / FILE,
        neighbour=lab.course.submitted / "honest-00" / TINY / FILE, port=listeners[0].getsockname()[1],
        udp=datagrams.getsockname()[1], abstract=abstract, socket=path, pid=os.getpid(),
    )  # fmt: skip
    yield lab, target
    for one in (*listeners, datagrams):
        one.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody came
            one.recv(1) if one is datagrams else one.accept()
        one.close()
    assert list(work.iterdir()) == []
    work.rmdir()


def hand_in(lab, target, cases):
    for number in range(20):
        one, part, _ = HONEST[number % len(HONEST)]

        def change(nb, one=one, part=part):
            corpus.named(nb, "answer_one").source = one
            corpus.named(nb, "answer_part").source = part

        lab.hand_in(f"honest-{number:02}", change)
    for case in cases:
        lab.hand_in(case.name)
        folder = lab.course.submitted / case.name / TINY
        nb = nbformat.read(folder / FILE, as_version=4)
        (folder / FILE).unlink()
        content = case.make(nb, folder, target)
        if content is None:
            nbformat.write(nb, folder / FILE)
        elif isinstance(content, bytes):
            (folder / FILE).write_bytes(content)


def processes():
    """Every process that grading started here: children of this one, and what bears its mark."""
    found = {
        child.pid
        for child in psutil.Process().children(recursive=True)
        if child.status() != psutil.STATUS_ZOMBIE
    }
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and MARK in process.environ().values():
                found.add(process.pid)
        except psutil.Error:
            continue
    return found


def left(before):
    """Return the commands of what is still there and was not before; what was killed has a moment to go."""
    deadline = time.monotonic() + 20
    while (more := processes() - before) and time.monotonic() < deadline:
        time.sleep(0.2)
    return [" ".join(psutil.Process(pid).cmdline()) for pid in more if psutil.pid_exists(pid)]


def outcome_of(lab, outcomes, case):
    """Return what a teacher finds of a case, to be compared with what the corpus says."""
    got = outcomes[case.name]
    said = " | ".join([got.fault, *(one.text for one in got.incidents)])
    if got.status == "fault":
        return None, set(), said
    points = {k: v for k, v in lab.points(case.name).items() if k in corpus.FULL}
    return points, lab.by_hand(case.name) & set(corpus.FULL), said


def check(lab, outcomes, cases):
    wrong = {}
    for case in cases:
        points, by_hand, said = outcome_of(lab, outcomes, case)
        if case.points is None and case.group not in (corpus.FILES, corpus.MARKS):
            # The machine decides: every point is earned, or left to a person.
            assert {name for name, value in corpus.FULL.items() if points[name] != value} <= by_hand
        elif (points, by_hand) != (case.points, case.by_hand) or case.says not in said:
            wrong[case.name] = points, by_hand, said
        page = lab.course.autograded / case.name / TINY / FILE
        if page.exists() and "ESCAPED" in page.read_text(encoding="utf-8"):
            wrong[case.name, "escaped"] = re.findall(
                r".{0,80}ESCAPED.{0,80}", page.read_text(encoding="utf-8")
            )
    assert wrong == {}, "\n".join(f"{k}: {v}" for k, v in wrong.items())
    for number in range(20):
        points = {k: v for k, v in lab.points(f"honest-{number:02}").items() if k in corpus.FULL}
        assert points == HONEST[number % len(HONEST)][2]
        assert outcomes[f"honest-{number:02}"].incidents == ()


def test_a_hostile_class_is_graded_and_nothing_escapes(world):
    lab, target = world
    before = processes()
    hand_in(lab, target, corpus.CASES)
    outcomes = lab.grade(jobs=2)
    check(lab, outcomes, corpus.CASES)
    assert left(before) == []
    assert not (lab.course.root / "mine").exists()
    assert len(corpus.CASES) >= 40


def test_the_documented_outcomes_are_the_tested_ones(root):
    assert (root / "docs" / "hostile_submissions.md").read_text(encoding="utf-8") == corpus.page()


FEWER = {
    "as in a container: no namespaces": {"namespaces": False},
    "as on an old kernel: no Landlock": {"landlock": False},
    "as for a user who is not root": {"own_user": False},
}


@pytest.mark.parametrize("without", FEWER)
def test_fewer_layers_hold_as_well(world, without, monkeypatch):
    full = layers.offered()
    if not full.real or not any(getattr(full, name) for name in FEWER[without]):
        pytest.skip(f"this host does not offer {', '.join(FEWER[without])} in the first place")
    fewer = replace(full, **FEWER[without])
    if not fewer.real:
        pytest.skip(
            f"without it, this host has only {', '.join(fewer.names()) or 'nothing'}, and grading refuses"
        )
    monkeypatch.setattr(layers, "offered", lambda: fewer)
    lab, target = world
    some = [
        c
        for c in corpus.CASES
        if c.group == corpus.ESCAPES or c.name in ("forks", "programs", "memory", "threads")
    ]
    before = processes()
    hand_in(lab, target, some)
    check(lab, lab.grade(jobs=2), some)
    assert left(before) == []


def test_this_host_contains_in_full():
    """Where the course is tested, at least one complete set of layers must be there, or nothing is proved."""
    offered = layers.offered()
    assert offered.real, "; ".join(f"{one.name}: {one.detail}" for one in layers.describe() if not one.active)


def test_the_control_without_containment_the_attacks_succeed(world, monkeypatch):
    """What the tests above prove is the containment, not that the attacks are harmless."""
    monkeypatch.setattr(layers, "offered", lambda: layers.NONE)
    lab, target = world
    loud = {
        "reads-the-solutions",
        "reads-a-neighbour",
        "reads-the-system",
        "listens",
        "shell",
        "writes-into-the-course",
    }
    some = [c for c in corpus.CASES if c.name in loud]
    hand_in(lab, target, some)
    assert lab.grade(jobs=2, trust_submissions=True)["honest-00"].status == "graded"
    for case in some:
        page = (lab.course.autograded / case.name / TINY / FILE).read_text(encoding="utf-8")
        assert "ESCAPED" in page, case.name
