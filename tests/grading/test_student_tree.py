"""The student tree has all that a student needs, and gives no key and no solution away."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from course_lib import manifest
from course_lib.cli import app
from course_lib.errors import CourseError
from course_lib.grading import student_tree
from course_lib.grading.course import open_course
from course_lib.notebooks.find import find
from course_lib.notebooks.model import load
from course_lib.notebooks.release import leaks
from course_lib.notebooks.rules.assignment import nbgrader, regions, without_regions
from course_lib.notebooks.rules.common import links

pytestmark = [pytest.mark.grading, pytest.mark.xdist_group("student-tree")]

SHORTEST = 24  # characters of a line or sentence that is worth looking for
TEXT = {".csv", ".ipynb", ".json", ".lock", ".md", ".py", ".toml", ".yaml", ".yml"}


def checkout(root: Path, target: Path) -> Path:
    """Copy what git tracks, and what it would."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (root / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, target / name)
    return target


def add_graded_keys(root: Path) -> None:
    """Add a chart of the case book with a key that nobody else has, and a table that is withheld."""
    home = root / "datasets" / "encounters"
    chart = {"id": "graded-chart", "synthetic": True, "case_book": True, "note": "A visit."}
    key = {"id": "graded-chart", "diagnoses": [{"code": "I10", "why": "A reason that only the key tells."}]}
    for folder, content in (("charts", chart), ("keys", key)):
        (home / folder / "graded-chart.yaml").write_text(yaml.safe_dump(content))
    (root / "datasets" / "truth.csv").write_text("claim,fault\nC1,a fault that only the table tells\n")
    described = manifest.read(root / "datasets")
    described["resources"].append({"name": "truth", "path": "truth.csv", "withheld": True})
    (root / "datasets" / manifest.NAME).write_text(json.dumps(described))


def texts(tree: Path) -> dict[str, str]:
    files = [path for path in tree.rglob("*") if path.is_file() and path.suffix in TEXT]
    return {path.relative_to(tree).as_posix(): path.read_text(encoding="utf-8") for path in files}


def secrets(root: Path) -> list[str]:
    """Return the lines of solutions, hidden tests and withheld tables, and the reasons of graded keys.

    What stands openly in an assignment, or in the key of a chart for practice, is no secret.
    """
    lines, known = [], ""
    for folder in sorted((root / student_tree.ASSIGNMENTS).iterdir()):
        for file in folder.glob("*.ipynb"):
            for cell in load(file).node.cells:
                whole = bool(nbgrader(cell).get("solution")) and not regions(cell.source)
                lines += cell.source.splitlines() if whole else regions(cell.source)
                known += "" if whole else without_regions(cell.source)
        wrong = yaml.safe_load((folder / "wrong_answers.yaml").read_text(encoding="utf-8"))
        lines += [answer["why"] for answer in wrong["wrong_answers"]]
    data = root / "datasets"
    secret = student_tree.withheld(data)
    for file in sorted(data.glob("encounters/keys/*.yaml")):
        graded = file.relative_to(data).as_posix() in secret
        if graded:
            lines += reasons(file)
        else:
            known += "\n".join(reasons(file))
    for name in secret:
        if not name.startswith("encounters/keys/"):
            lines += (data / name).read_text(encoding="utf-8").splitlines()[1:]
    return sorted({s for line in lines if len(s := line.strip()) >= SHORTEST and s not in known})


def reasons(key: Path) -> list[str]:
    content = yaml.safe_load(key.read_text(encoding="utf-8"))
    parts = [*content.get("diagnoses", []), *content.get("procedures", []), *content.get("rejected", [])]
    return [part["why"] for part in parts]


def found_in(tree: Path, lines: list[str]) -> list[tuple[str, str]]:
    """Return (file, line) of each secret that a file of the tree shows.

    A notebook and a table are searched as what they hold, for JSON writes `"` as `\\"`.
    The library itself is public: what a solution has in common with it is no secret.
    """
    shown = {}
    for name, text in texts(tree).items():
        if name.endswith(".ipynb"):
            cells = json.loads(text)["cells"]
            text = "\n".join("".join(cell["source"]) + json.dumps(cell.get("outputs", "")) for cell in cells)
        elif name.endswith(".csv"):
            text = "\n".join(" ".join(row) for row in csv.reader(text.splitlines()))
        shown[name] = text
    library = "\n".join(text for name, text in shown.items() if name.startswith("course_lib/"))
    return [
        (name, line) for name, text in shown.items() for line in lines if line in text and line not in library
    ]


@pytest.fixture(scope="module")
def instructor(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of the course with one more chart that is graded."""
    home = checkout(root, tmp_path_factory.mktemp("instructor") / "course")
    add_graded_keys(home)
    return home


@pytest.fixture(scope="module")
def tree(instructor: Path) -> Path:
    return student_tree.make(open_course(instructor), instructor.parent / "students").folder


def test_it_has_what_a_student_needs(tree: Path, instructor: Path) -> None:
    names = [path.relative_to(instructor) for path in find(instructor)]
    assert names == [path.relative_to(tree) for path in find(tree)]
    assert (tree / "notebooks/glossary.md").is_file()
    for name in ("pyproject.toml", "requirements.lock", "environment.yml", "Makefile", "README.md"):
        assert (tree / name).is_file(), name
    broken = [fault for path in find(tree) for fault in links(load(path))]
    assert broken == []


def test_no_key_and_no_line_of_a_solution_is_in_it(tree: Path, instructor: Path) -> None:
    lines = secrets(instructor)
    assert len(lines) > 20 and "A reason that only the key tells." in lines
    assert "C1,a fault that only the table tells" in lines
    assert found_in(tree, lines) == []
    assert [name for name in texts(tree) if "wrong_answers" in name or name.startswith("tests/")] == []
    for path in find(tree):
        if path.parent.parent.name == "assignments":
            source = instructor / path.relative_to(tree)
            assert [str(leak) for leak in leaks(load(source), load(path))] == []


def test_the_case_book_is_there_without_its_keys(tree: Path, instructor: Path) -> None:
    """No file of the tree has the key of a graded chart, and no two of its codes in their order."""
    keys = {file.stem: yaml.safe_load(file.read_text()) for file in graded_keys(instructor)}
    assert len(keys) >= 21
    rows = [" ".join(one["code"] for one in key["diagnoses"]) for key in keys.values()]
    rows = [row for row in rows if " " in row]
    shown = texts(tree)
    assert [(name, row) for name, text in shown.items() for row in rows if row in text] == []
    source = (instructor / "notebooks/assignments/a08_case_book/case_book.ipynb").read_text(encoding="utf-8")
    assert sum(row in source for row in rows) == 20
    released = shown["notebooks/assignments/a08_case_book/case_book.ipynb"]
    assert all(name in released for name in keys if name != "graded-chart")
    kept = {file.name for file in (tree / "datasets/encounters/keys").iterdir()}
    assert kept and not kept & {f"{name}.yaml" for name in keys}


def graded_keys(root: Path) -> list[Path]:
    data = root / "datasets"
    return [data / name for name in student_tree.withheld(data) if name.startswith("encounters/keys/")]


def test_a_solution_that_gets_in_is_found(tree: Path, instructor: Path, tmp_path: Path) -> None:
    lines = secrets(instructor)
    (tmp_path / "hint.md").write_text(f"Try this: {lines[0]}")
    shutil.copytree(instructor / "datasets/encounters/keys", tmp_path / "keys")
    assert ("hint.md", lines[0]) in found_in(tmp_path, lines)
    assert ("keys/graded-chart.yaml", "A reason that only the key tells.") in found_in(tmp_path, lines)


def test_its_manifest_describes_what_is_there(tree: Path) -> None:
    names = {p.relative_to(tree / "datasets").as_posix() for p in manifest.data_files(tree / "datasets")}
    assert {"encounters/charts/graded-chart.yaml", "quizzes/checks-01.yaml"} <= names
    assert not {"encounters/keys/graded-chart.yaml", "truth.csv"} & names
    lacking = "lacks"  # the invented resources have no publisher; nothing else may be wrong
    assert [str(p) for p in manifest.problems(tree / "datasets") if lacking not in str(p)] == []


def test_the_instructors_gradebook_and_releases_are_not_touched(tree: Path, instructor: Path) -> None:
    assert not (instructor / "gradebook.db").exists() and not (instructor / "release").exists()


def test_the_library_in_it_works_alone(tree: Path, tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if k != "COURSE_DATASETS"} | {"PYTHONPATH": str(tree)}
    probe = "import course_lib; from course_lib import quiz; print(course_lib.__file__, len(quiz.ids()))"
    done = subprocess.run([sys.executable, "-c", probe], cwd=tree, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.split()[0]).is_relative_to(tree)


def test_a_folder_with_something_in_it_is_refused(instructor: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    command = ["release", "--student-tree", str(tmp_path), "--course", str(instructor)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code != 0
    with pytest.raises(CourseError, match="not an empty folder"):
        student_tree.make(open_course(instructor), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_what_is_interrupted_leaves_nothing(instructor: Path, tmp_path: Path) -> None:
    def stop(what: str) -> None:
        if what.startswith("assignment"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        student_tree.make(open_course(instructor), tmp_path / "students", stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("on_binder", [True, False])
def test_binder_serves_the_student_tree_and_your_own_checkout_stays(
    on_binder: bool, instructor: Path, tmp_path: Path
) -> None:
    home = shutil.copytree(instructor, tmp_path / "home")
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "pip").write_text("#!/bin/sh\n")  # what it installs is installed here
    start = "from course_lib.cli import main; main()"
    (tools / "course").write_text(f'#!/bin/sh\nexec {sys.executable} -c "{start}" "$@"\n')
    for tool in tools.iterdir():
        tool.chmod(0o755)
    env = {k: v for k, v in os.environ.items() if k not in ("COURSE_DATASETS", "REPO_DIR")}
    env |= {"PATH": f"{tools}{os.pathsep}{env['PATH']}", "PYTHONPATH": str(home)}
    if on_binder:
        env["REPO_DIR"] = str(home)
    done = subprocess.run(["bash", "./postBuild"], cwd=home, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (found_in(home, secrets(instructor)) == []) is on_binder
    assert (home / "tests").exists() is not on_binder
    assert (home / "notebooks/lessons/01_what_medical_coding_is.ipynb").is_file()
