"""The floors of the library hold, and `import course_lib` stays light."""

import shutil
import subprocess
import sys
from pathlib import Path

TOOL = str(Path(sys.executable).parent / "lint-imports")


def lint(where: Path) -> subprocess.CompletedProcess:
    return subprocess.run([TOOL, "--no-cache"], cwd=where, capture_output=True, text=True, check=False)


def test_no_floor_imports_from_above(root: Path) -> None:
    done = lint(root)
    assert done.returncode == 0, done.stdout


def test_an_upward_import_is_refused(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "course_lib", tmp_path / "course_lib")
    shutil.copy(root / "pyproject.toml", tmp_path)
    with (tmp_path / "course_lib/codes/__init__.py").open("a") as module:
        module.write("\nfrom course_lib import quiz\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    assert "course_lib.codes -> course_lib.quiz" in done.stdout


def test_import_loads_no_heavy_package() -> None:
    code = (
        "import sys, course_lib; from course_lib import icd10cm, quiz, datasets, progress;"
        "heavy = {'pandas', 'numpy', 'matplotlib', 'ipywidgets', 'anywidget', 'yaml', 'rich'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_loads() -> None:
    import course_lib

    for name in course_lib.__all__:
        assert getattr(course_lib, name) is not None


def test_a_wrong_name_is_an_attribute_error() -> None:
    import course_lib

    assert not hasattr(course_lib, "icd11")
