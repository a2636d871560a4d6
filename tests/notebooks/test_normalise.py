"""The normaliser reaches one form and never touches what the author wrote."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import CourseError
from course_lib.notebooks.find import find, named
from course_lib.notebooks.model import as_node, load
from course_lib.notebooks.normalise import dumps, normalise, png_size

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40)
mimes = st.sampled_from(["text/plain", "text/html", "image/png", "application/vnd.jupyter.widget-view+json"])
output = st.one_of(
    st.fixed_dictionaries(
        {"output_type": st.just("stream"), "name": st.sampled_from(["stdout", "stderr"]), "text": words}
    ),
    st.fixed_dictionaries(
        {
            "output_type": st.just("display_data"),
            "data": st.dictionaries(mimes, words),
            "metadata": st.dictionaries(words, words, max_size=2),
        }
    ),
    st.fixed_dictionaries(
        {"output_type": st.just("error"), "ename": words, "evalue": words, "traceback": st.lists(words)}
    ),
)
metadata = st.dictionaries(st.sampled_from(["execution", "collapsed", "jupyter", "trusted"]), words).flatmap(
    lambda rest: st.lists(st.sampled_from(["deterministic", "raises-exception", "nbval-ignore-output"])).map(
        lambda tags: rest | {"tags": tags}
    )
)
code = st.fixed_dictionaries(
    {
        "cell_type": st.just("code"),
        "id": st.just("cell"),
        "source": words,
        "metadata": metadata,
        "execution_count": st.none() | st.integers(1, 99),
        "outputs": st.lists(output, max_size=4),
    }
)
prose = st.fixed_dictionaries(
    {"cell_type": st.just("markdown"), "id": st.just("cell"), "source": words, "metadata": metadata}
)
notebooks = st.lists(code | prose, max_size=4).map(
    lambda cells: as_node({"cells": cells, "metadata": {"widgets": {}}, "nbformat": 4, "nbformat_minor": 5})
)


@given(notebooks, st.booleans())
def test_twice_is_once_and_sources_stay(node: dict, keep: bool) -> None:
    before = dumps(node)
    once = normalise(node, keep_outputs=keep)
    assert normalise(once, keep_outputs=keep) == once
    assert dumps(node) == before, "the notebook that came in was changed"
    assert [cell.source for cell in once.cells] == [cell.source.rstrip() for cell in node.cells]
    assert [cell.get("execution_count") for cell in once.cells] == [
        cell.get("execution_count") if keep else None for cell in node.cells
    ]


def test_what_the_reader_sees_stays(good) -> None:
    notebook = good("lesson")
    assert dumps(normalise(notebook.node)) == notebook.text


def test_the_plain_word_becomes_the_tag_that_nbval_reads() -> None:
    cell = {"cell_type": "markdown", "id": "a", "source": "", "metadata": {"tags": ["deterministic"]}}
    new = normalise(as_node({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    assert new.cells[0].metadata.tags == ["nbval-check-output"]


@pytest.mark.parametrize("text", ["", "no base64!", "aGVsbG8=", "iVBORw0KGgo="])
def test_a_picture_that_is_none_is_called_broken(text: str) -> None:
    assert png_size(text) == "<broken png>"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("<html>", "not JSON"),
        ('{"cells": [\n', "not JSON"),
        ("[]", "has no cells"),
        (
            '{"cells": [{"cell_type": "code"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
            "at cells/0",
        ),
        ('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 2}', "format 4.2"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_a_file_that_is_no_notebook_is_told_in_one_sentence(content, told: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(CourseError, match=told) as why:
        load(path)
    assert str(path) in str(why.value) and why.value.remedy and "\n" not in str(why.value)


def test_the_line_of_a_json_error_is_told(tmp_path: Path) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_text('{\n "cells": [\n  oops\n', encoding="utf-8")
    with pytest.raises(CourseError, match=r"broken\.ipynb:3:"):
        load(path)


def test_find_sees_the_course_and_no_checkpoints(tmp_path: Path) -> None:
    there = ["00_start.ipynb", "lessons/01_a.ipynb", "assignments/a01/a.ipynb"]
    for name in [*there, "lessons/.ipynb_checkpoints/01_a-checkpoint.ipynb", "mine/x.ipynb"]:
        (tmp_path / "notebooks" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "notebooks" / name).touch()
    home = tmp_path / "notebooks"
    assert [path.relative_to(home).as_posix() for path in find(tmp_path)] == there
    assert named([home / "lessons", home / "lessons" / "01_a.ipynb"]) == [home / "lessons" / "01_a.ipynb"]
    with pytest.raises(CourseError, match="no notebook here"):
        named([home / "none.ipynb"])
