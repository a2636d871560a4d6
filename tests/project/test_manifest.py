"""The data manifest is proved against the files, and each way to break it is noticed."""

import json
import shutil
from pathlib import Path

import pytest

from course_lib import manifest
from course_lib.errors import CourseError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one good table."""
    (tmp_path / "t.csv").write_text("code,minutes\n99213,20\n99214,30\n")
    resource = {
        "name": "t", "path": "t.csv", "title": "T", "description": "A test table.", "format": "csv",
        "mediatype": "text/csv", "encoding": "utf-8", "publisher": "P", "release": "2026",
        "effective_from": "2026-01-01", "effective_to": None, "retrieved": "2026-11-23", "synthetic": False,
        "sources": [{"title": "S"}], "licenses": [{"name": "CC-BY-4.0"}], "sha256": "?", "bytes": 0,
        "schema": {"fields": [
            {"name": "code", "type": "string", "constraints": {"required": True, "unique": True}},
            {"name": "minutes", "type": "integer", "constraints": {"minimum": 0}},
        ], "primaryKey": ["code"]},
    }  # fmt: skip
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "d", "resources": [resource]}))
    manifest.write_hashes(tmp_path)
    return tmp_path


def messages(data: Path) -> str:
    return "\n".join(map(str, manifest.problems(data)))


def test_the_courses_own_data_holds(root: Path) -> None:
    assert messages(root / "datasets") == ""


def test_a_good_folder_has_no_problem(data: Path) -> None:
    assert messages(data) == ""


def test_a_changed_byte_is_noticed_and_write_mends_it(data: Path) -> None:
    (data / "t.csv").write_text("code,minutes\n99213,21\n99214,30\n")
    assert "not those of the manifest" in messages(data)
    assert manifest.write_hashes(data) == 1
    assert messages(data) == ""


def test_a_stray_file_is_noticed(data: Path) -> None:
    shutil.copy(data / "t.csv", data / "u.csv")
    assert "u.csv: this file is not in the manifest" in messages(data)


def test_an_absent_file_is_noticed(data: Path) -> None:
    (data / "t.csv").unlink()
    assert "'t.csv' is described but not there" in messages(data)


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ("code,minutes\n99213,twenty\n", "twenty"),
        ("code,minutes\n99213,-1\n", "minimum"),
        ("code,minutes\n99213,1\n99213,2\n", "unique"),
        ("code\n99213\n", "minutes"),
    ],
)
def test_a_cell_that_breaks_the_schema_is_named(data: Path, table: str, word: str) -> None:
    (data / "t.csv").write_text(table)
    manifest.write_hashes(data)
    assert word in messages(data)


@pytest.mark.parametrize("key", ["sources", "licenses", "effective_from", "effective_to", "retrieved"])
def test_a_table_without_provenance_is_noticed(data: Path, key: str) -> None:
    package = manifest.read(data)
    del package["resources"][0][key]
    (data / "datapackage.json").write_text(json.dumps(package))
    assert f"'t.csv' lacks {key}" in messages(data)


def test_a_table_without_a_schema_is_noticed(data: Path) -> None:
    package = manifest.read(data)
    del package["resources"][0]["schema"]
    (data / "datapackage.json").write_text(json.dumps(package))
    assert "'t.csv' has no schema" in messages(data)


def test_a_manifest_that_is_not_json_names_its_line(data: Path) -> None:
    (data / "datapackage.json").write_text('{\n"name": "d",\n"resources": [}')
    with pytest.raises(CourseError, match=r"datapackage\.json:3: this is not JSON"):
        manifest.read(data)


def test_one_entry_describes_the_files_of_a_folder(data: Path) -> None:
    package = manifest.read(data)
    (data / "notes").mkdir()
    for name in ("a", "b"):
        (data / f"notes/{name}.yaml").write_text(f"id: {name}\n")
    like = {k: v for k, v in package["resources"][0].items() if k != "schema"}
    package["resources"].append({**like, "name": "notes", "path": "notes/*.yaml", "format": "yaml"})
    (data / "datapackage.json").write_text(json.dumps(package))
    manifest.write_hashes(data)
    assert messages(data) == ""
    (data / "notes/b.yaml").rename(data / "notes/c.yaml")
    assert "not those of the manifest" in messages(data)
    for file in (data / "notes").iterdir():
        file.unlink()
    assert "'notes/*.yaml' is described but not there" in messages(data)
