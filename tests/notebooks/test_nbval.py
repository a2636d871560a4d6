"""nbval, as `make test` calls it: strict where a cell is tagged deterministic, lax elsewhere."""

import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course_lib.notebooks.model import load
from course_lib.notebooks.normalise import dumps
from course_lib.notebooks.run import execute

pytestmark = pytest.mark.xdist_group("nbval")  # one nbval run serves all

SANITIZE = Path(__file__).with_name("sanitize.cfg")
HTML = 'from IPython.display import HTML\nHTML(\'<img alt="a" src="data:image/png;base64,AAAA">\')'


CELLS = {  # id: source, tags, what to change in the committed output, does nbval see it?
    "strict": ("str(7)", ["deterministic"], ("7", "8"), True),
    "lax": ("str(7)", [], ("7", "8"), False),
    "pixels": (HTML, ["deterministic"], ("AAAA", "BBBB"), False),
    "alt": (HTML, ["deterministic"], ('alt="a"', 'alt="b"'), True),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what nbval says of a notebook whose four committed outputs are all changed."""
    cells = [
        new_code_cell(source, id=name, metadata={"tags": tags}) for name, (source, tags, *_) in CELLS.items()
    ]
    path = tmp_path_factory.mktemp("lessons") / "lesson.ipynb"
    path.write_text(dumps(new_notebook(cells=cells)), encoding="utf-8")
    node = execute(load(path))
    for cell in node.cells:
        old, new = CELLS[cell.id][2]
        data = cell.outputs[0].data
        data.update({mime: value.replace(old, new) for mime, value in data.items()})
        assert new in str(data)
    path.write_text(dumps(node), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-n", "0", "--nbval-lax"]
    command += ["-rN"]  # the summary would tell each failure a second time, in CI
    command += ["--nbval-sanitize-with", str(SANITIZE), "--rootdir", str(path.parent), str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=path.parent).stdout


@pytest.mark.parametrize(("number", "name"), list(enumerate(CELLS)))
def test_nbval_compares_the_cells_that_are_tagged(number: int, name: str, told: str) -> None:
    outcome = "FAILED" if CELLS[name][3] else "PASSED"
    assert f"Cell {number} {outcome}" in told, told


def test_what_fails_is_the_output(told: str) -> None:
    assert told.count("Cell outputs differ") == sum(seen for *_, seen in CELLS.values())
