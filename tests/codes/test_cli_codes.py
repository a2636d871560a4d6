"""The `course codes` commands: what a person reads and what a script reads."""

import json

import pytest
from typer.testing import CliRunner

from course_lib.cli import app
from course_lib.errors import CourseError

EDITION = {
    "id": "2026-04-01",
    "release": "FY2026, April 2026 release",
    "from": "2026-04-01",
    "to": "2026-09-30",
}


@pytest.fixture
def course(book):
    def run(*arguments: str):
        return CliRunner().invoke(app, ["codes", *arguments], env={"COLUMNS": "200"})

    return run


def test_show_prints_path_notes_with_their_place_and_the_edition(course):
    done = course("show", "e1122")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "E11.22  Type 2 diabetes mellitus with diabetic chronic kidney disease"
    assert "code, billable · ICD-10-CM FY2026, April 2026 release" in lines[1]
    assert lines[2].startswith("4  Endocrine") and lines[5].startswith("      E11.2  ")
    at_e11 = lines[lines.index("Notes at E11") :]
    assert "    gestational diabetes (O24.4-)" in at_e11
    assert "not in force today" in done.stderr


def test_show_lists_7th_characters_and_children(course):
    done = course("show", "T07")
    assert "T07.XXXA" in done.stdout and "subsequent encounter" in done.stdout


def test_show_for_a_script(course):
    done = course("show", "S06.1X7", "--json")
    told = json.loads(done.stdout)
    assert told["edition"] == EDITION
    assert told["seventh"] == {"A": "initial encounter"}
    assert [c["code"] for c in told["children"]] == ["S06.1X7A"]
    assert told["ancestors"][0]["code"] == "S06.1X"
    assert {"kind", "text", "lead", "origin", "refs", "unread"} == set(told["notes"][0])


def test_show_of_a_wrong_code_names_near_ones(course):
    done = course("show", "E11.225")
    assert isinstance(done.exception, CourseError) and "E11.22" in str(done.exception)


def test_search_finds_and_says_why(course):
    done = course("search", "type", "2", "diabetes", "with", "chronic", "kidney", "disease", "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 0 and told["edition"] == EDITION
    assert told["hits"][0]["code"] == "E11.22" and told["hits"][0]["why"]
    assert "E11.22" in course("search", "diabetic chronic kidney disease").stdout


def test_search_that_finds_nothing_exits_1(course):
    done = course("search", "qqqqxxxx")
    assert done.exit_code == 1 and "Nothing fits" in done.stdout


@pytest.mark.parametrize(
    ("codes", "exit_code"),
    [
        ("E10.9, E11.9", 1),  # Excludes1 at E11: type 1 diabetes mellitus (E10.-)
        ("J02.9", 0),
        ("E11.2", 1),
        ("NOPE", 1),
        (" , ", 2),
    ],
)
def test_check_tells_a_script_by_its_exit_code(course, codes, exit_code):
    assert course("check", codes, "--on", "2026-09-15").exit_code == exit_code


def test_check_for_a_script_and_a_person(course):
    told = json.loads(course("check", "E10.9 E11.9", "--on", "2026-09-15", "--json").stdout)
    assert told["codes"] == ["E10.9", "E11.9"] and told["edition"] == EDITION
    found = next(f for f in told["findings"] if f["kind"] == "excludes1")
    assert found["severity"] == "error" and sorted(found["codes"]) == ["E10.9", "E11.9"] and found["source"]
    assert found["rule"] in course("check", "E10.9 E11.9", "--on", "2026-09-15").stdout


@pytest.mark.parametrize(
    "wrong", [["--on", "yesterday"], ["--sex", "X"], ["--age", "-1"], ["--setting", "bar"]]
)
def test_a_mistyped_option_exits_2(course, wrong):
    assert course("check", "I10", *wrong).exit_code == 2


def test_editions_lists_what_is_here(course):
    [one] = json.loads(course("editions", "--json").stdout)
    assert (one["edition"], one["to"], one["notes"], one["built"]) == ("2026-04-01", "2026-09-30", True, True)
    assert "2026-04-01" in course("editions").stdout


def test_build_reports_the_file(course, small_source):
    told = json.loads(course("build", "--force", "--json").stdout)
    assert told["nodes"] == 15 and told["path"].endswith("icd10cm-2026-04-01.sqlite")
    assert told["bytes"] > 0


def test_update_prints_what_changed(course, small_source, tmp_path, tabular_xml):
    new = tmp_path / "icd10cm-tabular-2027.xml"
    changed = [("E10", "Type 1 diabetes mellitus", "", [("E10.9", "new title", "", [])])]
    new.write_text(tabular_xml(diabetes=changed, version="2027"))
    told = json.loads(course("update", str(new), "--json").stdout)
    assert (told["edition"], told["before"]) == ("2026-10-01", "2026-04-01")
    assert told["counts"] == {"added": 0, "deleted": 2, "retitled": 1}
    printed = course("update", str(new), "--limit", "1").stdout
    assert (
        "2 deleted" in printed
        and "deleted, first 1 of 2" in printed
        and "was: without complications" in printed
    )


def test_check_takes_the_edition_that_decides_on_the_date_of_service(
    course, small_source, tmp_path, tabular_xml
):
    new = tmp_path / "icd10cm-tabular-2027.xml"
    new.write_text(tabular_xml(diabetes=[("E10", "Type 1 diabetes mellitus", "", [])], version="2027"))
    course("update", str(new))

    def checked(*arguments):
        told = json.loads(course("check", "E10.9", *arguments, "--json").stdout)
        return told["edition"]["id"], [f["kind"] for f in told["findings"]]

    assert checked("--on", "2026-09-30") == ("2026-04-01", [])
    assert checked("--on", "2026-10-01") == ("2026-10-01", ["not-a-code"])
    assert checked("--on", "2028-01-01") == ("2026-10-01", ["not-a-code", "edition"])
    assert checked("--on", "2026-10-01", "--edition", "2026-04-01")[0] == "2026-04-01"


def test_help_teaches_with_an_example():
    for command in ("build", "editions", "search", "show", "check", "update"):
        assert "Example: course codes" in CliRunner().invoke(app, ["codes", command, "--help"]).stdout
