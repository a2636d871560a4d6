"""What `pip install .` gives: a wheel, made from the sdist, that works away from the checkout."""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
from pathlib import Path

import pytest

from course_lib import __version__


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel that was made from it."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(root)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return out


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` of an environment with the wheel; what it depends on comes from this one."""
    home = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    python = home / "bin/python"
    [site] = home.glob("lib/python*/site-packages")
    # A .pth file in a folder that a .pth file names is not read: the checkout stays out of sight.
    (site / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    [wheel] = built.glob("*.whl")
    command = [
        sys.executable,
        "-m",
        "pip",
        f"--python={python}",
        "install",
        "--no-deps",
        "--quiet",
        str(wheel),
    ]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return python.parent


def run(tool: Path, *arguments: str) -> str:
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "COURSE_DATASETS")}
    done = subprocess.run([tool, *arguments], cwd=tool.parent, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_works_without_the_checkout(installed: Path, root: Path) -> None:
    probe = "import course_lib; from course_lib import datasets; print(course_lib.__file__, datasets.root())"
    for place in run(installed / "python", "-c", probe).split():
        assert Path(place).is_relative_to(installed.parent), place
    said = run(installed / "course", "--version")
    assert said.splitlines()[0] == f"course {__version__}"
    assert "FY2026, April 2026 release" in said
    hits = json.loads(run(installed / "course", "codes", "search", "t2dm with ckd", "--json"))
    assert hits["hits"][0]["code"] == "E11.22"


def test_the_wheel_holds_every_data_file_and_the_data_are_sound(installed: Path) -> None:
    assert "error" not in run(installed / "course", "check").lower()


def test_the_sdist_has_what_a_maintainer_needs_and_no_environment(built: Path) -> None:
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "NOTICE.md", "Makefile", "notebooks/00_start_here.ipynb", "tests/conftest.py"} <= names
    assert not [n for n in names if n.startswith((".venv", ".git/")) or n.endswith(("gradebook.db", ".pyc"))]
