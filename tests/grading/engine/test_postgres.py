"""The gradebook on a real PostgreSQL server, which the test starts on loopback."""

from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text

from course_lib.errors import CourseError
from course_lib.grading import loop
from course_lib.grading.stock import generate_release

pytestmark = pytest.mark.grading
TINY = "a99_tiny"


@contextmanager
def database(postgres, lab):
    """Move a class's gradebook to the server: release again, into the empty database."""
    lab.course.config.CourseDirectory.db_url = postgres.url
    generate_release(lab.course, TINY)
    with lab.course.gradebook() as gradebook:
        from datetime import datetime

        gradebook.update_or_create_assignment(TINY, duedate=datetime(2026, 11, 20, 17))
    yield


def answer(text):
    def change(nb):
        next(
            c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "answer_one"
        ).source = text

    return change


def test_postgres_has_the_same_rows_and_survives_a_crash_of_the_server(new_class, postgres):
    sqlite, moved = new_class(), new_class()
    for lab in (sqlite, moved):
        lab.hand_in("fault", lambda nb: "{")
        lab.hand_in("late", at="2026-11-22 10:00:00 UTC")
        for number in range(6):
            lab.hand_in(f"s{number}", answer(f"def one(): return {1 + number % 2}"))
    sqlite.grade()
    done = []

    def crash(outcome):
        done.append(outcome.student)
        if len(done) == 3:
            postgres.stop()

    with database(postgres, moved):
        with pytest.raises(CourseError, match=r"gradebook cannot be written.*--resume"):
            loop.grade(moved.course, TINY, how=loop.How(jobs=2, profile="strict"), step=crash)
        postgres.start()
        loop.grade(moved.course, TINY, how=loop.How(jobs=2, resume=True))
        assert moved.rows() == sqlite.rows()
        engine = create_engine(postgres.url)
        with engine.connect() as connection:
            count = connection.execute(text("SELECT count(*) FROM submitted_assignment")).scalar()
            version = connection.execute(text("SHOW server_version")).scalar()
        engine.dispose()
    assert count == 7
    assert int(version.split(".")[0]) >= 12
