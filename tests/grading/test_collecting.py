"""Collecting: every layout that students use, and no earlier attempt lost."""

import json
import os
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import CourseError
from course_lib.grading.collecting import collect, parse_time, read_time
from course_lib.grading.course import is_student_id
from course_lib.grading.late import DailyPenalty
from course_lib.grading.submission import SubmissionError, check, check_notebook

A01, NOTEBOOK = "a01_code_shapes", "code_shapes.ipynb"


def hand_in(drop, student, content="{}", name=NOTEBOOK, hour=10):
    folder = drop / student
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")
    time = datetime(2026, 11, 20, hour, tzinfo=UTC).timestamp()
    os.utime(folder / name, (time, time))


def held(course, student):
    return (course.submitted / student / A01 / NOTEBOOK).read_text(encoding="utf-8")


def kept(course, student):
    return sorted(p.read_text(encoding="utf-8") for p in course.attempts.glob(f"{student}/{A01}/*/*.ipynb"))


def test_every_layout_is_found_and_named_as_the_assignment_names_it(course_with_a01, tmp_path):
    drop = tmp_path / "drop"
    hand_in(drop, "plain", "1")
    hand_in(drop, "own-name", "2", "a01 final (2).ipynb")
    hand_in(drop, "in-folder/" + A01, "3")
    hand_in(drop, "both", "old", "a01-draft.ipynb", hour=12)
    hand_in(drop, "both", "4")
    with zipfile.ZipFile(drop / "zipped.zip", "w") as archive:
        archive.writestr(f"deep/er/{NOTEBOOK}", "5")
        archive.writestr(f"__MACOSX/._{NOTEBOOK}", "no")
    (drop / "bare.ipynb").write_text("6", encoding="utf-8")
    assert {c.status for c in collect(course_with_a01, A01, drop)} == {"new"}
    students = ("plain", "own-name", "in-folder", "both", "zipped", "bare")
    assert [held(course_with_a01, s) for s in students] == list("123456")


def test_a_newer_attempt_takes_the_place_and_the_older_one_is_kept(course_with_a01, tmp_path):
    drop, course = tmp_path / "drop", course_with_a01
    hand_in(drop, "s1", "first", hour=9)
    assert collect(course, A01, drop)[0].status == "new"
    assert collect(course, A01, drop)[0].status == "same"
    hand_in(drop, "s1", "second", hour=11)
    assert collect(course, A01, drop)[0].status == "newer"
    assert (held(course, "s1"), kept(course, "s1")) == ("second", ["first"])
    assert read_time(course.submitted / "s1" / A01) == datetime(2026, 11, 20, 11, tzinfo=UTC)
    hand_in(drop, "s1", "late arrival of an old one", hour=8)
    assert collect(course, A01, drop)[0].status == "older"
    assert held(course, "s1") == "second"
    assert kept(course, "s1") == ["first", "late arrival of an old one"]


def test_two_attempts_of_one_second_are_both_kept(course_with_a01, tmp_path):
    drop, course = tmp_path / "drop", course_with_a01
    for content in ("a", "b", "c"):
        hand_in(drop, "s1", content)
        collect(course, A01, drop)
    assert (held(course, "s1"), kept(course, "s1")) == ("c", ["a", "b"])


def test_nbgraders_exchange_is_read_with_its_times(course_with_a01, tmp_path):
    inbound, course = tmp_path / "inbound", course_with_a01
    hand_in(inbound, f"s1+{A01}+2026-11-20 09:00:00.123456 UTC", "first")
    hand_in(inbound, f"s1+{A01}+2026-11-20 10:30:00.000000 UTC+Zm9v", "second")
    hand_in(inbound, "s1+a02_other+2026-11-20 12:00:00.000000 UTC", "another assignment")
    assert [c.status for c in collect(course, A01, inbound)] == ["new", "newer"]
    assert (held(course, "s1"), kept(course, "s1")) == ("second", ["first"])
    course.config.Exchange.root = str(tmp_path / "nowhere")
    with pytest.raises(CourseError, match=r"no such folder.*--from DIR"):
        collect(course, A01)


def test_a_bad_hand_in_is_named_and_the_next_one_is_taken(course_with_a01, tmp_path):
    drop = tmp_path / "drop"
    hand_in(drop, "a[b]", "glob")
    hand_in(drop, "broken-zip", "this is no zip", "work.zip")
    hand_in(drop, "linked")
    (drop / "linked" / NOTEBOOK).unlink()
    (drop / "linked" / NOTEBOOK).symlink_to("/etc/hostname")
    hand_in(drop, "nothing", "x", "essay.txt")
    (drop / "essay.txt").write_text("no notebook", encoding="utf-8")
    (drop / NOTEBOOK).write_text("whose?", encoding="utf-8")
    hand_in(drop, "zz-fine", "ok")
    results = {c.student: c for c in collect(course_with_a01, A01, drop)}
    assert "cannot be a student's id" in results["a[b]"].fault
    assert "not a zip file that can be opened" in results["broken-zip"].fault
    assert "missing (found: no notebook)" in results["linked"].fault
    assert "missing" in results["nothing"].fault
    assert "missing" in results["essay.txt"].fault
    assert "does not say whose it is" in results[NOTEBOOK].fault
    assert results["zz-fine"].status == "new"
    assert [p.name for p in course_with_a01.submitted.iterdir()] == ["zz-fine"]


def test_a_path_in_a_zip_cannot_climb_out(course_with_a01, tmp_path):
    drop = tmp_path / "drop"
    drop.mkdir()
    with zipfile.ZipFile(drop / "s1.zip", "w") as archive:
        archive.writestr(f"../../../../{NOTEBOOK}", "climbed")
    collect(course_with_a01, A01, drop)
    assert held(course_with_a01, "s1") == "climbed"
    assert [p.parent.name for p in tmp_path.rglob(NOTEBOOK) if "submitted" in p.parts] == [A01]


@given(st.text(max_size=12))
def test_no_student_id_can_leave_its_folder_or_match_another(text):
    if is_student_id(text):
        assert not set(text) & set('/\\*?[]+\0\n"')
        assert not text.startswith(".")


def test_ids_that_real_classes_use():
    assert all(map(is_student_id, ["student-01", "4711", "jdoe@clinic.example", "Doe, J (2)"]))
    assert not any(map(is_student_id, ["", "..", ".hidden", "a/b", "*", "a+b"]))


def test_times():
    assert parse_time("2026-11-20 17:00") == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert parse_time("2026-11-20 17:00:00 UTC") == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert parse_time("2026-11-20 17:00+02:00") == datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert parse_time("tomorrow") is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"cells": [', r"not JSON \(line 1"),
        ("[]", "not a notebook"),
        ('{"nbformat": 4}', "not a notebook"),
        ('{"nbformat": 3, "cells": []}', "format 3, expected 4"),
        ("[" * 100_000, "nested too deeply"),
        (b"\xff\xfe{}", "not a text file in UTF-8"),
    ],
)
def test_what_is_no_notebook_is_named(tmp_path, content, told):
    path = tmp_path / NOTEBOOK
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SubmissionError, match=told):
        check_notebook(path)


def test_odd_metadata_is_no_crash(tmp_path):
    cells = [{"metadata": {"nbgrader": "?"}}, {"metadata": []}, {}, {"metadata": {"nbgrader": {"points": 1}}}]
    (tmp_path / NOTEBOOK).write_text(json.dumps({"nbformat": 4, "cells": cells}))
    check_notebook(tmp_path / NOTEBOOK)


def test_a_link_in_a_submission_is_refused(tmp_path):
    (tmp_path / NOTEBOOK).write_text('{"nbformat": 4, "cells": []}')
    check(tmp_path, [NOTEBOOK])
    (tmp_path / "data.csv").symlink_to("/etc/hostname")
    with pytest.raises(SubmissionError, match=r"data\.csv is a link"):
        check(tmp_path, [NOTEBOOK])


@pytest.mark.parametrize(("hours", "penalty"), [(1, 2.0), (24, 2.0), (25, 4.0), (24 * 30, 10.0)])
def test_lateness_costs_ten_percent_a_day_and_never_more_than_half(hours, penalty):
    assert DailyPenalty().late_submission_penalty("s1", 20.0, hours * 3600) == penalty
