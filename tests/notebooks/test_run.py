"""Notebooks run in a real kernel; what fails says where and why, and loses nothing."""

import copy
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode
from typer.testing import CliRunner

from course_lib.cli import app
from course_lib.notebooks import run
from course_lib.notebooks.check import check
from course_lib.notebooks.model import Notebook, load
from course_lib.notebooks.normalise import dumps
from course_lib.notebooks.run import CellError, execute, execute_all, write
from course_lib.notebooks.structure import RULES, name_of

Make = Callable[..., Notebook]


@pytest.fixture(scope="module")
def ran(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> tuple[Notebook, NotebookNode]:
    """Return one notebook and its content after a run; it asks for all that a run promises."""
    folder = tmp_path_factory.mktemp("course") / "notebooks" / "lessons"
    cells = [
        ("place", "import os\nprint(os.path.basename(os.getcwd()))"),
        ("progress", 'p = os.environ["COURSE_PROGRESS"]\nprint(os.path.exists(p), os.path.basename(p))'),
        ("twice", 'print("a")\nprint("b")'),
        ("widget", "import ipywidgets\nipywidgets.IntText(3)"),
        ("picture", 'from matplotlib import pyplot\npyplot.figure()\npyplot.plot([1, 2])\nprint("drawn")'),
        ("local", 'import socket\nsocket.getaddrinfo("localhost", 80) and "here"'),
        ("far", 'socket.create_connection(("192.0.2.1", 80))', ["raises-exception"]),
        ("name", 'socket.getaddrinfo("www.cms.gov", 443)', ["raises-exception"]),
    ]
    from nbformat.v4 import new_code_cell, new_notebook

    node = new_notebook(
        cells=[
            new_code_cell(source, id=name, metadata={"tags": tags[0]} if tags else {})
            for name, source, *tags in cells
        ]
    )
    folder.mkdir(parents=True)
    path = folder / "tiny.ipynb"
    path.write_text(dumps(node), encoding="utf-8")
    notebook = load(path)
    return notebook, execute(notebook)


def wait_for(happened: Callable[[], object]) -> None:
    for _ in range(1200):
        if happened():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen within a minute")


def outputs(node: NotebookNode, name: str) -> list[NotebookNode]:
    return next(cell for cell in node.cells if cell.id == name).outputs


def test_a_notebook_runs_in_its_own_folder_with_an_empty_progress_file(ran: tuple) -> None:
    assert outputs(ran[1], "place")[0].text == "lessons\n"
    assert outputs(ran[1], "progress")[0].text == "False progress.json\n"


def test_counts_are_those_of_one_run_from_the_top(ran: tuple) -> None:
    assert [cell.execution_count for cell in ran[1].cells] == list(range(1, len(ran[1].cells) + 1))


def test_a_widget_leaves_its_words_and_no_state(ran: tuple) -> None:
    assert set(outputs(ran[1], "widget")[0].data) == {"text/plain"}
    assert set(ran[1].metadata) == {"kernelspec", "language_info"}


def test_figures_are_drawn_inline_and_streams_are_joined(ran: tuple) -> None:
    assert "image/png" in outputs(ran[1], "picture")[-1].data
    assert [output.text for output in outputs(ran[1], "twice")] == ["a\nb\n"]


def test_the_network_is_out_of_reach(ran: tuple) -> None:
    for name, host in (("far", "192.0.2.1"), ("name", "www.cms.gov")):
        error = outputs(ran[1], name)[0]
        assert error.ename == "ConnectionError" and host in error.evalue
        assert error.traceback == [f"{error.ename}: {error.evalue}"]
    assert outputs(ran[1], "local")[0].data["text/plain"] == "'here'"


def test_fresh_outputs_pass_the_check_and_an_old_one_is_shown_with_its_cell(ran: tuple) -> None:
    notebook, node = ran
    write(notebook, node)
    fresh = load(notebook.path)
    assert [p for p in check([fresh]) if p.rule in ("fresh", "runs", "executed", "normalised")] == []

    old = copy.deepcopy(node)
    outputs(old, "twice")[0].text = "a\nc\n"
    outputs(old, "picture")[-1].data["image/png"] = "iVBORw0KGgo="
    write(fresh, old)
    found = [p for p in check([load(notebook.path)]) if p.rule == "fresh"]
    assert [p.cell for p in found] == ["twice", "picture"]
    assert "-stdout: c" in found[0].message and "+stdout: b" in found[0].message


def test_other_pixels_of_the_same_size_are_no_difference(good: Callable[[str], Notebook]) -> None:
    from course_lib.notebooks.check import stale

    notebook = good("lesson")
    fresh = copy.deepcopy(notebook.node)
    page = outputs(fresh, "figure")[0].data
    page["text/html"] = (
        page["text/html"].replace("DUlIRF", "DUlIRF"[:4] + "RF", 1).replace("AAAAN", "AAAAM", 1)
    )
    assert page["text/html"] != outputs(notebook.node, "figure")[0].data["text/html"]
    assert list(stale(notebook, fresh)) == []
    page["text/html"] = page["text/html"].replace("<td>19</td>", "<td>20</td>")
    assert [problem.cell for problem in stale(notebook, fresh)] == ["figure"]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            'raise ValueError("no such code: E11.2X")',
            "cell second fails with ValueError: no such code: E11.2X.",
        ),
        ("import os\nos._exit(1)", "cell second ended its kernel (out of memory?)."),
        ("import time\ntime.sleep(60)", "cell second is not done after 1 seconds."),
    ],
    ids=["error", "dead kernel", "too slow"],
)
def test_a_failing_cell_is_named(source: str, told: str, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "SECONDS_A_CELL", 1)
    notebook = make(("first", "1 + 1"), ("second", source), ("third", "2 + 2"))
    with pytest.raises(CellError) as why:
        execute(notebook)
    assert (why.value.message, why.value.cell, why.value.path) == (told, "second", notebook.path)
    assert why.value.remedy


def test_a_kernel_that_does_not_start_is_told(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ipykernel_launcher.py").write_text("raise SystemExit(3)")  # a broken installation
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(CellError, match="no kernel started") as why:
        execute(make(("first", "1 + 1")))
    assert (why.value.cell, why.value.remedy) == ("", "Run `make setup`, then try again.")


def test_one_bad_notebook_stops_neither_the_others_nor_the_report(make: Make, tmp_path: Path) -> None:
    bad = make(("boom", "1 / 0"))
    bad = load(bad.path.rename(bad.path.with_name("bad.ipynb")))
    fine = make(("fine", "print(1)"))
    before = bad.path.read_bytes()
    (tmp_path / "datasets").mkdir()

    told = CliRunner().invoke(app, ["notebooks", "run", str(fine.path), str(bad.path)])

    assert f"written  {fine.path}" in told.output
    assert isinstance(told.exception, Exception) and "cell boom fails with ZeroDivisionError" in str(
        told.exception
    )
    assert bad.path.read_bytes() == before
    assert outputs(load(fine.path).node, "fine")[0].text == "1\n"


def test_a_notebook_that_is_up_to_date_stays_untouched(good: Callable[[str], Notebook]) -> None:
    notebook = good("lesson")
    stamp = notebook.path.stat().st_mtime_ns
    assert not write(notebook, notebook.node)
    assert notebook.path.stat().st_mtime_ns == stamp


def test_check_fails_with_the_cell_and_the_rule_on_one_line(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "notebooks" / "assignments" / "a01" / "a.ipynb"
    path.parent.mkdir(parents=True)
    make(("boom", "1 / 0")).path.rename(path)
    told = CliRunner().invoke(app, ["notebooks", "check", str(path)])
    assert told.exit_code == 1
    assert any("cell boom" in line and "[runs]" in line for line in told.stdout.splitlines())


def test_the_rules_can_be_read() -> None:
    told = " ".join(CliRunner().invoke(app, ["notebooks", "rules"]).stdout.split())
    for rules in RULES.values():
        assert all(f"{name_of(rule)} " in told and " ".join(rule.__doc__.split()) in told for rule in rules)
    assert "raises-exception" in told


def test_stopping_early_ends_the_kernels(make: Make) -> None:
    quick = make(("quick", "1"))
    quick = load(quick.path.rename(quick.path.with_name("quick.ipynb")))
    slow = make(
        ("pid", 'import os\nopen("pid", "w").write(str(os.getpid()))'),
        ("slow", "import time\ntime.sleep(600)"),
    )
    results = execute_all([slow, quick])
    assert next(results)[0] is quick
    mark = slow.path.parent / "pid"
    wait_for(lambda: mark.exists() and mark.read_text())
    results.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


def test_ctrl_c_keeps_every_file_whole(make: Make) -> None:
    notebook = make(("mark", 'open("started", "w").close()'), ("slow", "import time\ntime.sleep(600)"))
    before = notebook.path.read_bytes()
    command = [
        sys.executable,
        "-c",
        "from course_lib.cli import main; main()",
        "notebooks",
        "run",
        str(notebook.path),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_for((notebook.path.parent / "started").exists)
        process.send_signal(2)
        assert process.wait(60) != 0
    assert notebook.path.read_bytes() == before
    assert sorted(p.name for p in notebook.path.parent.iterdir()) == ["started", "tiny.ipynb"]
