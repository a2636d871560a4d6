"""Hostile and broken submissions, made anew for each test, and what must become of each.

A case says what it tries (`tries`), how its notebook differs from an honest one, and what a
teacher finds afterwards (`ends`). The honest answers earn one=2, part=1.5, naive=1.
Code that gets further than it may prints ``"ESC" + "APED"``.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

FULL = {"one": 2, "part": 1.5, "naive": 1}
NOTHING = {"one": 0, "part": 0, "naive": 0}
LOST = {"one": 0, "part": 1.5, "naive": 0}  # the question that was attacked, and no other


@dataclass(frozen=True)
class World:
    """What an attack may aim at."""

    gradebook: Path
    source: Path
    neighbour: Path
    port: int
    udp: int
    abstract: str
    socket: Path
    pid: int


@dataclass(frozen=True)
class Case:
    """One hostile submission.

    Attributes
    ----------
    points : dict or None
        What the gradebook says afterwards; None when there is no grade.
    by_hand : set of str
        Cells that are left to a person.
    says : str
        Part of the fault, or of an incident, that names what happened.
    """

    group: str
    name: str
    tries: str
    make: Callable[[Any, Path, World], Any]
    points: dict[str, float] | None
    ends: str
    by_hand: set[str] = field(default_factory=set)
    says: str = ""


CASES: list[Case] = []


def case(group: str, tries: str, points: Any, ends: str, by_hand: str = "", says: str = "") -> Any:
    def add(make: Callable[[Any, Path, World], Any]) -> Any:
        name = make.__name__.replace("_", "-")
        CASES.append(Case(group, name, tries, make, points, ends, set(by_hand.split()), says))
        return make

    return add


def named(nb: Any, grade_id: str) -> Any:
    return next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def code(group: str, name: str, tries: str, source: str, points: Any, ends: str, where: str = "first", **more: Any) -> None:
    """Add a case that is a cell of code: the first one, the last one, or in place of an answer."""

    def make(nb: Any, folder: Path, world: World) -> None:
        text = source.replace("WORLD", repr({k: str(v) for k, v in vars(world).items()}))
        if where in ("first", "last"):
            cell = nbformat.v4.new_code_cell(text, id="attack")
            nb.cells.insert(0 if where == "first" else len(nb.cells), cell)
        else:
            named(nb, where).source = text

    make.__name__ = name.replace("-", "_")
    case(group, tries, points, ends, **more)(make)


LOOPS, ENDS, BOMBS, FILES, MARKS, CHEATS, ESCAPES = (
    "Loops", "Dead kernels", "Bombs", "Broken files", "Changed notebooks", "Cheating the checks", "Breaking out"
)  # fmt: skip
TESTS = "one part naive"
STOPPED = "the cell is interrupted; the questions that do not need it keep their points"
KILLED = "the kernel is ended; marks earned before stay, the rest is left to a person"
HARMLESS = "nothing happens: the call fails; the grade is the honest one"

# ---- loops
LOOP = "def one():\n    while True:\n        pass"
SWALLOW = (
    "def one():\n    while True:\n        try:\n            while True:\n                pass\n"
    "        except BaseException:\n            pass"
)
code(LOOPS, "endless-answer", "an answer that never returns", LOOP, LOST, STOPPED, "answer_one", says="longer than")
code(LOOPS, "endless-cell", "a cell of its own that never ends", "while True: pass", FULL, STOPPED, says="longer than")
code(LOOPS, "sleeper", "sleeps for a year", "import time\ntime.sleep(3e7)", FULL, STOPPED, says="longer than")
code(LOOPS, "swallows-interrupts", "a loop that catches KeyboardInterrupt", SWALLOW, NOTHING, KILLED, "answer_one",
     by_hand=TESTS, says="did not obey the interrupt")  # fmt: skip
code(LOOPS, "ignores-signals", "ignores SIGINT", "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
     NOTHING, KILLED, by_hand=TESTS, says="did not obey the interrupt")  # fmt: skip
code(LOOPS, "loop-in-c", "a loop in C that looks at no signal", "sum(range(10**13))", NOTHING, KILLED, by_hand=TESTS,
     says="did not obey the interrupt")  # fmt: skip

# ---- dead kernels
EXITED = "the kernel is gone; marks earned before stay, the rest is left to a person"
code(ENDS, "exits-first", "os._exit in its first cell", "import os\nos._exit(1)", NOTHING, EXITED, by_hand=TESTS,
     says="ended its own kernel")  # fmt: skip
code(ENDS, "exits-last", "os._exit behind the last test", "import os\nos._exit(0)", FULL, EXITED, "last",
     says="ended its own kernel")  # fmt: skip
code(ENDS, "exits-in-a-test", "os._exit while a test calls it", "import os\ndef part():\n    os._exit(0)",
     {"one": 2, "part": 0, "naive": 0}, EXITED, "answer_part", by_hand="part naive", says="ended its own kernel")  # fmt: skip
code(ENDS, "sys-exit", "sys.exit in an answer", "import sys\nsys.exit()", LOST, "an error like any other", "answer_one")
code(ENDS, "segfault", "reads address 0", "import ctypes\nctypes.string_at(0)", NOTHING, EXITED, by_hand=TESTS, says="SIGSEGV")
code(ENDS, "aborts", "os.abort", "import os\nos.abort()", NOTHING, EXITED, by_hand=TESTS, says="SIGABRT")
code(ENDS, "kills-itself", "SIGKILL to itself", "import os\nos.kill(os.getpid(), 9)", NOTHING, EXITED, by_hand=TESTS,
     says="SIGKILL")  # fmt: skip
code(ENDS, "deep-recursion", "recursion without an end", "import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()",
     None, "an error, or the kernel dies like above", says="")  # fmt: skip

# ---- bombs
code(BOMBS, "memory", "asks for 8 GB", "x = bytearray(8 << 30)", FULL, "MemoryError in its own cell")
code(BOMBS, "memory-slowly", "a list that grows for ever", "x = []\nwhile True: x.append(bytearray(1 << 20))", FULL,
     "MemoryError in its own cell")  # fmt: skip
code(BOMBS, "forks", "a fork bomb", "import os\nwhile True: os.fork()", FULL, HARMLESS)
code(BOMBS, "programs", "starts programs", "import subprocess\nwhile True: subprocess.Popen(['sleep', '1000'])", FULL, HARMLESS)
code(BOMBS, "threads", "threads without end",
     "import threading, time\nfor n in range(100_000): threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()",
     FULL, "no more threads than allowed; the grade is the honest one")  # fmt: skip
code(BOMBS, "one-big-file", "fills the disk with a file", "with open('big', 'wb') as f:\n    while True: f.write(bytes(1 << 20))",
     FULL, "OSError in its own cell: the file is as large as allowed")  # fmt: skip
code(BOMBS, "many-files", "fills the disk with small files",
     "n = 0\nwhile True:\n    open(f'f{n}', 'wb').write(bytes(1 << 16))\n    n += 1",
     NOTHING, KILLED, by_hand=TESTS, says="MB of files")  # fmt: skip
code(BOMBS, "endless-print", "prints for ever", "while True: print('x' * 1000)", NOTHING, KILLED, by_hand=TESTS,
     says="MB of output")  # fmt: skip
code(BOMBS, "one-long-line", "prints one line of 30 MB", "print('x' * (30 << 20))", NOTHING, KILLED, by_hand=TESTS)  # fmt: skip
code(BOMBS, "display-flood", "thousands of figures", "from IPython.display import display\nfor n in range(20_000): display(n)",
     FULL, "the outputs are cut; the grade is the honest one")  # fmt: skip
code(BOMBS, "deep-output", "an output nested 100,000 deep",
     "from IPython.display import display\nx = []\nfor n in range(900): x = [x]\ndisplay({'application/json': x}, raw=True)",
     FULL, "the output is dropped; the grade is the honest one")  # fmt: skip
code(BOMBS, "open-files", "opens files without end", "x = []\nwhile True: x.append(open('/dev/null'))", FULL,
     "OSError in its own cell")  # fmt: skip
code(BOMBS, "hidden-memory", "memory that no limit counts",
     "import ctypes\nlibc = ctypes.CDLL(None)\nif libc.memfd_create(b'x', 0) >= 0: print('ESC' + 'APED')", FULL, HARMLESS)  # fmt: skip


# ---- broken files
NO_GRADE = "no grade; the fault is named"


@case(FILES, "a link to the gradebook beside the notebook", None, NO_GRADE, says="data.csv is a link")
def symlink(nb: Any, folder: Path, world: World) -> None:
    (folder / "data.csv").symlink_to(world.gradebook)


@case(FILES, "a link in place of the notebook", None, NO_GRADE, says="tiny.ipynb is a link")
def linked_notebook(nb: Any, folder: Path, world: World) -> bool:
    (folder / "tiny.ipynb").symlink_to(world.neighbour)
    return True


@case(FILES, "a pipe, which a reader would wait for", None, NO_GRADE, says="notes.txt is a link or a special file")
def pipe(nb: Any, folder: Path, world: World) -> None:
    os.mkfifo(folder / "notes.txt")


@case(FILES, "a notebook of 25 MB", None, NO_GRADE, says="larger than 20 MB")
def huge(nb: Any, folder: Path, world: World) -> bytes:
    return nbformat.writes(nb).encode() + b" " * (25 << 20)


@case(FILES, "JSON nested 100,000 deep", None, NO_GRADE, says="nested too deeply")
def deep_json(nb: Any, folder: Path, world: World) -> bytes:
    return b"[" * 100_000 + b"]" * 100_000


@case(FILES, "JSON nested 500 deep in the metadata", None, NO_GRADE, says="nested too deeply")
def deep_metadata(nb: Any, folder: Path, world: World) -> bytes:
    text = nbformat.writes(nb)
    return text.replace('"nbformat": 4', '"x": ' + "[" * 500 + "]" * 500 + ', "nbformat": 4').encode()


@case(FILES, "a number of 10,000 digits", None, NO_GRADE, says="endless numbers")
def long_number(nb: Any, folder: Path, world: World) -> bytes:
    return nbformat.writes(nb).replace('"nbformat": 4', f'"x": {"9" * 10_000}, "nbformat": 4').encode()


@case(FILES, "bytes that are no UTF-8", None, NO_GRADE, says="not a text file in UTF-8")
def bad_utf8(nb: Any, folder: Path, world: World) -> bytes:
    return b"\xff\xfe" + nbformat.writes(nb).encode()


@case(FILES, "half a notebook", None, NO_GRADE, says="not JSON (line")
def truncated(nb: Any, folder: Path, world: World) -> bytes:
    return nbformat.writes(nb)[:-200].encode()


@case(FILES, "a list in place of a notebook", None, NO_GRADE, says="not a notebook")
def a_list(nb: Any, folder: Path, world: World) -> bytes:
    return b"[1, 2, 3]"


@case(FILES, "cells of an unheard-of kind", None, NO_GRADE, says="cannot be read as a notebook")
def odd_cells(nb: Any, folder: Path, world: World) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "x"}, {}]}).encode()


@case(FILES, "501 files more", None, NO_GRADE, says="larger than 100 MB or 500 files")
def many_files_handed_in(nb: Any, folder: Path, world: World) -> None:
    for number in range(502):
        (folder / f"{number}.txt").touch()


# ---- changed notebooks
RESTORED = "the cell is restored and runs; the answers earn what they are worth"


@case(MARKS, "a graded cell twice", None, NO_GRADE, says="both have the id 'one'")
def copied_cell(nb: Any, folder: Path, world: World) -> bytes:
    nb.cells.append(json.loads(json.dumps(named(nb, "one"))))
    return json.dumps(nb).encode()


@case(MARKS, "metadata of schema 99", None, NO_GRADE, says="schema 99")
def schema_99(nb: Any, folder: Path, world: World) -> None:
    named(nb, "one").metadata["nbgrader"]["schema_version"] = 99


@case(MARKS, "wrong answers, and no tests", {"one": 0, "part": 1.5, "naive": 0}, RESTORED, says="deleted, and put back")
def tests_deleted(nb: Any, folder: Path, world: World) -> None:
    named(nb, "answer_one").source = "def one(): return 2"
    nb.cells = [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in ("one", "naive")]


@case(MARKS, "answer and test both deleted", LOST, RESTORED, says="deleted, and put back")
def question_deleted(nb: Any, folder: Path, world: World) -> None:
    nb.cells = [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in ("one", "answer_one")]


@case(MARKS, "a test that is no test any more", LOST, RESTORED, says="metadata were changed")
def flipped_flags(nb: Any, folder: Path, world: World) -> None:
    named(nb, "answer_one").source = "def one(): return 2"
    named(nb, "one").metadata["nbgrader"].update(grade=False, solution=True, locked=False, points=1000)


@case(MARKS, "tests rewritten to pass", LOST, RESTORED, says="the original took its place")
def rewritten_tests(nb: Any, folder: Path, world: World) -> None:
    named(nb, "answer_one").source = "def one(): return 2"
    for name in ("one", "naive"):
        named(nb, name).source = "pass"


@case(MARKS, "a test turned into text", LOST, RESTORED, says="the original took its place")
def test_as_text(nb: Any, folder: Path, world: World) -> None:
    named(nb, "answer_one").source = "def one(): return 2"
    named(nb, "one").cell_type = "raw"
    for key in ("outputs", "execution_count"):
        named(nb, "one").pop(key, None)


@case(MARKS, "a test under another id", LOST, RESTORED, says="no cell with the id 'mine'")
def renamed_test(nb: Any, folder: Path, world: World) -> None:
    named(nb, "answer_one").source = "def one(): return 2"
    named(nb, "one").metadata["nbgrader"]["grade_id"] = "mine"


@case(MARKS, "the tag skip-execution on wrong answers' tests", LOST, RESTORED, says="skip-execution")
def skip_tag(nb: Any, folder: Path, world: World) -> None:
    named(nb, "answer_one").source = "def one(): return 2"
    for cell in nb.cells:
        cell.metadata["tags"] = ["skip-execution"]


@case(MARKS, "outputs handed in with full marks", LOST, "handed-in outputs are thrown away")
def ready_outputs(nb: Any, folder: Path, world: World) -> None:
    named(nb, "answer_one").source = "def one(): return 2"
    output = nbformat.v4.new_output("execute_result", {"text/plain": "3.0"}, execution_count=1)
    for name in ("one", "part", "naive"):
        named(nb, name)["outputs"] = [output]


@case(MARKS, "another kernel in the metadata", FULL, "the assignment's kernel is used")
def other_kernel(nb: Any, folder: Path, world: World) -> None:
    nb.metadata["kernelspec"] = {"name": "../../evil", "display_name": "x", "language": "bash"}


# ---- cheating the checks
WRONG = "def one(): return 2\n"
CAUGHT = "a check that must fail passed: no points, and a person looks at it"
NEUTRALISED = {"points": {"one": 0, "part": 0, "naive": 0}, "by_hand": TESTS, "says": "changes how checks work"}
AST = """
import ast
class Strip(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    def visit_Expr(self, node):
        return ast.Pass() if 'checks' in ast.dump(node) else node
get_ipython().ast_transformers.append(Strip())
"""
code(CHEATS, "ast-stripping", "strips the checks from every later cell", AST, ends=CAUGHT, **NEUTRALISED)
code(CHEATS, "input-transformer", "turns every later cell into `pass`",
     "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])", ends=CAUGHT, **NEUTRALISED)  # fmt: skip
code(CHEATS, "run-cell-replaced", "replaces IPython's run_cell",
     "ip = get_ipython()\nold = type(ip).run_cell_async\nasync def new(self, raw, **k):\n    return await old(self, 'pass', **k | {'transformed_cell': 'pass'})\n"
     "type(ip).run_cell_async = new", ends=CAUGHT, **NEUTRALISED)  # fmt: skip
code(CHEATS, "errors-hidden", "shows no errors", WRONG + "type(get_ipython()).showtraceback = lambda *a, **k: None",
     LOST, "the kernel's answer tells of the error all the same", "answer_one")  # fmt: skip
code(CHEATS, "errors-swallowed", "handles every AssertionError itself",
     WRONG + "get_ipython().set_custom_exc((AssertionError,), lambda *a, **k: None)",
     LOST, "the kernel's answer tells of the error all the same", "answer_one")  # fmt: skip
code(CHEATS, "helper-replaced", "replaces the library's check", WRONG + "from course_lib import checks\nchecks.same = lambda *a, **k: None",
     {"one": 0, "part": 0, "naive": 0}, CAUGHT, "answer_one", by_hand="part", says="changes how checks work")  # fmt: skip
code(CHEATS, "helper-rewritten", "rewrites the code of the library's check",
     WRONG + "from course_lib import checks\nchecks.same.__code__ = (lambda got, expected, about, hint='': None).__code__",
     {"one": 0, "part": 0, "naive": 0}, CAUGHT, "answer_one", by_hand="part", says="changes how checks work")  # fmt: skip
EQUAL = "class Any:\n    def __eq__(self, other): return True\n    def __add__(self, other): return self\ndef one(): return Any()"
code(CHEATS, "always-equal", "returns an object that equals everything", EQUAL, {"one": 0, "part": 1.5, "naive": 1},
     "the library's checks refuse it; a naive `assert one() == 1` takes it, so write checks with the library", "answer_one")  # fmt: skip
SCORE = "the result is refused: no points, and a person looks at it"
for number, value in {"nan": "float('nan')", "infinite": "float('inf')", "negative": "-1", "too-much": "7"}.items():
    code(CHEATS, f"partial-{number}", f"returns {value} as its points", f"def part(): return {value}",
         {"one": 2, "part": 0, "naive": 1}, SCORE, "answer_part", by_hand="part", says="is not between 0 and 3")  # fmt: skip
code(CHEATS, "partial-numpy", "returns a NumPy zero as its points", "import numpy as np\ndef part(): return np.float64(0.0)",
     {"one": 2, "part": 0, "naive": 1}, "it counts as the number that it is", "answer_part", says="counts as 0 points")  # fmt: skip
RESULT = """
def part():
    k = get_ipython().kernel
    content = {"data": {"text/plain": "3.0"}, "metadata": {}, "execution_count": 99}
    k.session.send(k.iopub_socket, "execute_result", content, parent=k.get_parent("shell"), ident=b"x")
    return 0.0
"""
code(CHEATS, "forged-result", "sends a result of its own", RESULT, {"one": 2, "part": 0, "naive": 1}, SCORE, "answer_part",
     by_hand="part", says="sent 2 results")  # fmt: skip
REPLY = """
import time
def one():
    k = get_ipython().kernel
    parent = k.get_parent("shell")
    k.session.send(k.iopub_socket, "status", {"execution_state": "idle"}, parent=parent, ident=b"x")
    content = {"status": "ok", "execution_count": 1, "user_expressions": {}, "payload": []}
    k.session.send(k.shell_stream, "execute_reply", content, parent=parent, ident=k._parent_ident["shell"])
    time.sleep(0.3)
    return 2
"""
code(CHEATS, "forged-reply", "answers for the kernel that all went well", REPLY, LOST, "both answers are seen: no points, and a person looks at it",
     "answer_one", by_hand="one naive", says="answered this cell twice")  # fmt: skip
GARBAGE = """
k = get_ipython().kernel
import zmq
for frames in ([b'x'], [b'<IDS|MSG>'], [b'a', b'<IDS|MSG>', b'', b'{}', b'[]', b'7', b'null']):
    k.iopub_socket.send_multipart(frames)
for content in ({}, {"execution_state": []}, {"data": 7}, {"name": 1, "text": {}}):
    for kind in ("status", "execute_result", "stream", "error", "comm_open", "clear_output", "update_display_data"):
        k.session.send(k.iopub_socket, kind, content, parent=k.get_parent("shell"))
"""
code(CHEATS, "garbage-messages", "sends messages that are no messages", GARBAGE, FULL, "they are dropped; the grade is the honest one")

# ---- breaking out
REACH = "w = WORLD\ndef tell(deed):\n    try: deed()\n    except BaseException as why: print(type(why).__name__)\n    else: print('ESC' + 'APED')\n"


def escape(name: str, tries: str, deeds: str, ends: str = HARMLESS) -> None:
    code(ESCAPES, name, tries, REACH + deeds, FULL, ends)


escape("reads-the-gradebook", "opens the gradebook and gives itself 100 points",
       "import sqlite3\ntell(lambda: open(w['gradebook'], 'rb'))\n"
       "tell(lambda: sqlite3.connect(w['gradebook']).execute('UPDATE grade SET manual_score = 100'))")  # fmt: skip
escape("reads-the-solutions", "reads the source notebook with its hidden tests", "tell(lambda: open(w['source']).read())")
escape("reads-a-neighbour", "reads another student's submission", "tell(lambda: open(w['neighbour']).read())")
escape("reads-neighbouring-kernels", "lists the folders of the kernels that run now",
       "import os\nfor place in ('..', '../..', os.path.dirname(w['gradebook']), os.path.dirname(w['neighbour'])):\n"
       "    tell(lambda: os.listdir(place)[0])")  # fmt: skip
escape("writes-into-the-course", "writes into the course folder",
       "import os\ntell(lambda: open(os.path.dirname(w['gradebook']) + '/mine', 'w'))")  # fmt: skip
escape("reads-the-system", "reads /etc/passwd and /etc/shadow",
       "tell(lambda: open('/etc/passwd').read())\ntell(lambda: open('/etc/shadow').read())")  # fmt: skip
escape("tcp", "connects to a port of this machine", "import socket\ntell(lambda: socket.create_connection(('127.0.0.1', int(w['port'])), 2))")
escape("udp", "sends a datagram", "import socket\ntell(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', int(w['udp']))))")
escape("abstract-socket", "connects to an abstract socket", "import socket\ntell(lambda: socket.socket(socket.AF_UNIX).connect('\\0' + w['abstract']))")
escape("path-socket", "connects to a socket in the file system", "import socket\ntell(lambda: socket.socket(socket.AF_UNIX).connect(w['socket']))")
escape("listens", "opens a port of its own", "import socket\ntell(lambda: socket.create_server(('127.0.0.1', 0)))")
escape("proc", "reads the memory and the environment of other processes",
       "import os\nfor pid in (w['pid'], os.getppid(), 1):\n    for what in ('environ', 'mem', 'maps', 'fd'):\n"
       "        tell(lambda: os.listdir(f'/proc/{pid}/{what}') if what == 'fd' else open(f'/proc/{pid}/{what}', 'rb').read(1) or 1 / 0)")  # fmt: skip
LIBC = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\ndef call(n, *a):\n    if libc.syscall(n, *a) < 0: raise OSError(ctypes.get_errno(), '')\n"
escape("ptrace", "traces its parent", LIBC + "tell(lambda: None if libc.ptrace(16, os.getppid(), 0, 0) >= 0 else 1 / 0)")
escape("kills-its-parent", "kills the process that started it, and all others",
       "import os\nfor pid in (os.getppid(), int(w['pid']), 1, -1, 0):\n    tell(lambda: os.kill(pid, 9))")  # fmt: skip
escape("daemon", "leaves a process behind",
       "import os\ndef leave():\n    if os.fork() == 0:\n        os.setsid()\n        os.execv('/bin/sleep', ['sleep', '1000'])\ntell(leave)")  # fmt: skip
escape("shell", "runs a shell command", "import os, subprocess\ntell(lambda: subprocess.run(['id'], check=True))\ntell(lambda: 1 / (os.system('id') == 0))")
escape("environment", "looks for secrets in its environment",
       "import os\ntell(lambda: [v for v in os.environ.values() if 'hunter2' in v][0])")  # fmt: skip
escape("namespaces", "makes namespaces and mounts", LIBC + "tell(lambda: os.unshare(0x10000000) if hasattr(os, 'unshare') else 1 / (libc.unshare(0x10000000) == 0))\n"
       "tell(lambda: 1 / (libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0))")  # fmt: skip
escape("becomes-root", "becomes root, and raises its own limits",
       "import os, resource\n"
       "tell(lambda: os.setuid(0) or os.getuid() == 0 and open('/etc/shadow'))\n"
       "tell(lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)))\n"
       "tell(lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1)))")  # fmt: skip
escape("background-thread", "a thread that goes on after its cell",
       "import threading, time\nthreading.Thread(target=lambda: [time.sleep(0.01) for n in range(10**6)], daemon=True).start()",
       "it ends with the kernel")  # fmt: skip
escape("notebook-on-disk", "looks for the tests in its own folder",
       "import pathlib\ntell(lambda: [p for p in pathlib.Path().rglob('*') if p.is_file() and 'hidden' in p.read_text(errors='replace')][0])")  # fmt: skip


def page() -> str:
    """Return the table of outcomes for the documentation."""
    lines = [
        "# Hostile submissions",
        "",
        "What a class may hand in, by mistake or on purpose, and what becomes of it in profile `strict`. The tests hand in",
        "every line of these tables together with twenty honest notebooks, which get their exact points. The honest",
        "answers earn 2, 1.5 and 1 points in the questions *one*, *part* and *naive*; *naive* is a test that compares with `==`",
        "only. The page is made from the cases themselves: `python tests/grading/engine/corpus.py > docs/hostile_submissions.md`.",
        "",
        "No containment makes cheating *inside* the own kernel impossible: tests and answers share it. The checks catch what is",
        "listed under *Cheating the checks*; whoever writes a cleverer one is left with a notebook that shows it.",
    ]
    for group in dict.fromkeys(one.group for one in CASES):
        lines += ["", f"## {group}", "", "| tries | outcome | points | for a person |", "|---|---|---|---|"]
        for one in (c for c in CASES if c.group == group):
            points = "by machine" if one.name == "deep-recursion" else "none"
            if one.points:
                points = ", ".join(f"{value:g}" for value in one.points.values())
            by_hand = ", ".join(name for name in FULL if name in one.by_hand)
            lines.append(f"| {one.tries} | {one.ends} | {points} | {by_hand} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
