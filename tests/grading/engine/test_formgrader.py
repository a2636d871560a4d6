"""Formgrader's autograde button: our execution when `nbgrader_config.py` says so, stock's when not."""

import pytest
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from course_lib.grading.course import open_course

pytestmark = pytest.mark.grading
TINY = "a99_tiny"
OURS = """
from course_lib.grading import formgrader
c.Autograde.sanitize_preprocessors = formgrader.SANITIZE
c.Autograde.autograde_preprocessors = formgrader.AUTOGRADE
"""


def press(lab, student):
    """What the button of formgrader's page calls."""
    config = Config(open_course(lab.course.root).config)
    answer = NbGraderAPI(config=config).autograde(TINY, student)
    assert answer["success"], answer
    return answer["log"]


def hand_in(lab):
    def looks(nb):
        """Right where the gradebook cannot be read, wrong where it can."""
        lab.cell(nb, "answer_one").source = (
            "def one():\n    try:\n"
            f"        open({str(lab.course.root / 'gradebook.db')!r}, 'rb').read(1)\n"
            "    except OSError:\n        return 1\n    return 2"
        )

    def tagged(nb):
        lab.cell(nb, "answer_one").source = "def one(): return 2"
        lab.cell(nb, "one").metadata["tags"] = ["skip-execution"]

    lab.hand_in("looks", looks)
    lab.hand_in("tagged", tagged)
    lab.hand_in(
        "dies", lambda nb: lab.cell(nb, "answer_part").update(source="import os\ndef part(): os._exit(1)")
    )


def test_the_button_runs_our_kernels_and_their_rules(new_class, monkeypatch):
    lab = new_class(OURS)
    monkeypatch.chdir(lab.course.root)
    hand_in(lab)
    press(lab, "looks")
    assert lab.points("looks")["one"] == 2  # out of reach
    assert "skip-execution" in press(lab, "tagged")
    assert lab.points("tagged")["one"] == 0
    press(lab, "dies")
    assert lab.points("dies") == {"one": 2, "part": 0, "naive": 0, "essay": 0, "task": 0}
    assert {"part", "naive"} <= lab.by_hand("dies")


def test_the_control_without_these_lines_the_button_is_stocks(new_class, monkeypatch):
    lab = new_class()
    monkeypatch.chdir(lab.course.root)
    hand_in(lab)
    press(lab, "looks")
    assert lab.points("looks")["one"] == 0  # it read the gradebook
    press(lab, "tagged")
    assert lab.points("tagged")["one"] == 2


def test_the_courses_own_settings_name_our_steps(root):
    from course_lib.grading import formgrader

    config = open_course(root).config.Autograde
    assert config.autograde_preprocessors == formgrader.AUTOGRADE
    assert config.sanitize_preprocessors == formgrader.SANITIZE
