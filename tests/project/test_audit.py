"""`course check` refuses a code that is not in the code book, and `course doctor` sees what is missing."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course_lib import datasets, doctor, manifest
from course_lib.audit import audit

COURSE = str(Path(sys.executable).parent / "course")


@pytest.fixture
def data(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the course's data that a test may break."""
    copy = tmp_path / "datasets"
    shutil.copytree(root / "datasets", copy)
    monkeypatch.setenv("COURSE_DATASETS", str(copy))
    datasets.root.cache_clear()
    yield copy
    datasets.root.cache_clear()


def test_the_courses_data_is_sound() -> None:
    assert [str(p) for p in audit()] == []


def test_a_code_that_does_not_exist_is_named_with_its_line(data: Path) -> None:
    (data / "codes/bad.csv").write_text("code\nE11.22\nE11.2Z; I10\n")
    package = manifest.read(data)
    like = next(r for r in package["resources"] if r["path"].endswith(".csv"))
    fields = [{"name": "code", "type": "string", "codeset": "ICD-10-CM"}]
    bad = {"name": "bad", "path": "codes/bad.csv", "schema": {"fields": fields}}
    package["resources"].append({**like, **bad})
    (data / "datapackage.json").write_text(json.dumps(package))
    manifest.write_hashes(data)
    said = [str(p) for p in audit()]
    assert len(said) == 1
    assert "codes/bad.csv:3: 'E11.2Z' in column 'code' is not in ICD-10-CM" in said[0]


BROKEN = {
    "roadmap/steps.yaml": ("item: Coding program", "itme: Coding program"),
    "roadmap/careers.yaml": ("roles:", "rolls:"),
    "roadmap/fit.yaml": ("questions:", "question:"),
    "exams/cca.yaml": ("questions: ", "questions: 1"),
    "claims/parameters.yaml": ("status: ", "statu: "),
}


def test_check_reads_every_file_that_has_a_form(data: Path) -> None:
    for file, (old, new) in BROKEN.items():
        text = (data / file).read_text(encoding="utf-8")
        assert old in text
        (data / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    env = {**os.environ, "COURSE_DATASETS": str(data)}
    done = subprocess.run([COURSE, "check", "--write"], capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 1
    said = done.stderr.replace("\n", "")
    assert [file for file in BROKEN if file not in said] == []


def test_check_fails_on_a_wrong_key(data: Path) -> None:
    quiz = data / "quizzes/icd-structure.yaml"
    text = quiz.read_text(encoding="utf-8")
    quiz.write_text(text.replace("correct: true", "correct: false", 1), encoding="utf-8")
    env = {**os.environ, "COURSE_DATASETS": str(data)}
    done = subprocess.run([COURSE, "check", "--write"], capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 1
    assert "icd-structure.yaml" in done.stderr.replace("\n", "")


def test_the_doctor_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEARN", ("pandas", "no-such-package"))
    found = {f.what: f for f in doctor.examine()}
    assert found["pandas"].state == "ok"
    assert found["no-such-package"].state == "missing"
    assert found["no-such-package"].remedy == "make setup"
    assert "ICD-10-CM edition 2026-04-01" in found["code book"].found


def test_the_doctor_command_shows_what_contains_a_graded_notebook() -> None:
    from course_lib.grading.sandbox import layers

    done = subprocess.run([COURSE, "doctor", "--json"], capture_output=True, text=True, check=False)
    told = {f["what"]: (f["state"], f["found"]) for f in json.loads(done.stdout)}
    for one in layers.describe():
        assert told[f"grading: {one.name}"] == ("ok" if one.active else "optional", one.detail)


def test_the_doctor_command_fails_where_a_learner_cannot_work(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    env = {**os.environ, "COURSE_CACHE_DIR": str(blocked / "cache")}
    done = subprocess.run([COURSE, "doctor", "--json"], capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 1
    book = next(f for f in json.loads(done.stdout) if f["what"] == "code book")
    assert book["state"] == "missing"
    assert book["remedy"]
