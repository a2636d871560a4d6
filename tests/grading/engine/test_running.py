"""Runs that are interrupted, killed, or lose their workers; and engines that must agree."""

import os
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest

from course_lib.codes import icd10cm
from course_lib.grading import engines, loop
from course_lib.grading.outcomes import Log

pytestmark = pytest.mark.grading
TINY = "a99_tiny"
STUDENTS = 12


def answer(text):
    def change(nb):
        next(
            c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "answer_one"
        ).source = text

    return change


def hand_in(lab):
    """Twelve students: right, wrong, without a grade, late; each takes a little while."""
    for number in range(STUDENTS):
        name, at = f"s{number:02}", "2026-11-20 10:00:00 UTC"
        if number % 6 == 2:
            lab.hand_in(name, lambda nb: "{")
        elif number % 6 == 5:
            lab.hand_in(name, answer("import os\nos._exit(1)"), "2026-11-21 10:00:00 UTC")
        else:
            lab.hand_in(name, answer(f"import time\ntime.sleep(0.3)\ndef one(): return {1 + number % 2}"), at)


def command(lab, *arguments):
    line = "import sys; from course_lib.cli import main; sys.argv[0] = 'course'; main()"
    call = [sys.executable, "-c", line, "grade", "a99", "--course", str(lab.course.root), *arguments]
    return subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def graded(lab):
    return {p.parent.name for p in lab.course.autograded.glob(f"*/{TINY}")}


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_stopped_goes_on_and_ends_like_an_undisturbed_one(new_class, end):
    undisturbed, stopped = new_class(), new_class()
    for lab in (undisturbed, stopped):
        hand_in(lab)
    expected = undisturbed.grade(jobs=2)
    run = command(stopped, "--jobs", "2", "--again")
    log = Log(stopped.course, TINY)
    while not log.path.exists() or log.path.read_text().count('"graded"') < 3:
        assert run.poll() is None, run.stdout.read()
        time.sleep(0.05)
    family = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(end)
    run.wait(20)
    _, alive = psutil.wait_procs(family, timeout=20)
    assert alive == []
    done = log.outcomes()
    assert 3 <= len(done) < STUDENTS
    assert {s for s, o in done.items() if o.status == "graded"} <= graded(stopped)
    # What is in the gradebook now is right already, and nobody is there twice.
    before = stopped.rows()
    assert {k: v for k, v in before.items() if v != undisturbed.rows()[k]} == {}
    outcomes = {o.student: o for o in loop.grade(stopped.course, TINY, how=loop.How(jobs=2, resume=True))}
    assert {s: (o.status, o.fault) for s, o in outcomes.items()} == {
        s: (o.status, o.fault) for s, o in expected.items()
    }
    assert stopped.rows() == undisturbed.rows()
    assert graded(stopped) == graded(undisturbed)
    assert not list(stopped.course.root.glob(".autograding/*/*"))
    assert log.last().ended
    assert ("`course grade a99 --resume` goes on" in run.stdout.read()) == (end == signal.SIGINT)
    run.stdout.close()


def test_resuming_grades_nobody_twice(tiny):
    for student in ("a", "b", "c"):
        tiny.hand_in(student)
    log = Log(tiny.course, TINY)
    seen = []

    def stop_at_second(outcome):
        seen.append(outcome.student)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loop.grade(tiny.course, TINY, how=loop.How(jobs=1, again=True), step=stop_at_second)
    rest = []
    loop.grade(tiny.course, TINY, how=loop.How(jobs=1, resume=True), step=lambda o: rest.append(o.student))
    assert sorted(seen + rest) == ["a", "b", "c"]
    # A run that came to its end is not resumed: the next one begins anew.
    again = loop.grade(tiny.course, TINY, how=loop.How(jobs=1, resume=True))
    assert [o.status for o in again] == ["unchanged"] * 3
    assert log.last().ended


def test_a_torn_last_line_of_the_log_is_no_damage(tiny):
    tiny.hand_in("a")
    log = Log(tiny.course, TINY)
    log.begin(students=["a"], again=False, profile="strict")
    with log.path.open("a") as out:
        out.write('{"event": "outcome", "stud')
    assert log.last().done == {}
    assert [o.status for o in loop.grade(tiny.course, TINY, how=loop.How(resume=True))] == ["graded"]
    assert set(log.outcomes()) == {"a"}


def test_a_worker_that_is_killed_loses_nothing(tiny, monkeypatch):
    hand_in(tiny)
    local, killed = [], []
    made = engines.Local.__init__

    def remember(self, *arguments):
        made(self, *arguments)
        local.append(self)

    monkeypatch.setattr(engines.Local, "__init__", remember)

    def kill_one(outcome):
        if not killed:
            killed.append(next(iter(local[0].executor._processes)))
            os.kill(killed[0], signal.SIGKILL)

    outcomes = {o.student: o for o in loop.grade(tiny.course, TINY, how=loop.How(jobs=2), step=kill_one)}
    assert killed and len(outcomes) == STUDENTS
    assert {s for s, o in outcomes.items() if o.fault} == {"s02", "s08"}
    assert tiny.points("s00")["one"] == 2 and tiny.points("s01")["one"] == 0


def test_a_warm_process_that_is_killed_is_replaced(tiny):
    hand_in(tiny)
    killed = []

    def kill_zygote(outcome):
        if not killed:
            for process in psutil.Process().children(recursive=True):
                if "course_lib.grading.kernels.zygote" in process.cmdline() and "bwrap" not in process.name():
                    killed.append(process.pid)
                    process.kill()
                    break

    outcomes = {o.student: o for o in loop.grade(tiny.course, TINY, how=loop.How(jobs=2), step=kill_zygote)}
    assert killed and len(outcomes) == STUDENTS
    assert tiny.points("s00")["one"] == 2 and tiny.points("s01")["one"] == 0
    # Nobody pays for it: only those whose own code ends the kernel are left to a person.
    assert {s for s, o in outcomes.items() if any(one.kind == "ended" for one in o.incidents)} == {
        "s05",
        "s11",
    }


def test_a_kernel_reads_the_code_book_of_the_grader(new_class, tmp_path, monkeypatch):
    """One of its own would cost seconds a notebook; here no variable tells where the grader's is."""
    lab = new_class("c.Execute.timeout = 60")  # the first import of the code book may take a while here
    icd10cm.load()
    built = icd10cm.cache_path(icd10cm.newest())
    monkeypatch.delenv("COURSE_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    here = icd10cm.cache_path(icd10cm.newest())
    assert here.is_relative_to(tmp_path) and here != built
    here.parent.mkdir(parents=True)
    shutil.copy2(built, here)
    asks = (
        "from course_lib.codes import icd10cm\nfound = icd10cm.cache_path(icd10cm.newest())\n"
        f"def one(): return int(str(found) == {str(here)!r} and icd10cm.is_built(icd10cm.newest()))"
    )
    lab.hand_in("asks", answer(asks))
    done = command(lab)  # a process of its own: workers here may have been started with other variables
    assert done.wait() == 0, done.stdout.read()
    assert lab.points("asks")["one"] == 2
