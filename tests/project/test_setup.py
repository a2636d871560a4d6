"""`make setup` says in one line what is missing, and is quick when nothing changed."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def setup(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("course_setup", root / "tools/setup.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "LOG", tmp_path / "setup.log")
    return module


def test_an_old_python_is_named(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed(.|\n)*apt-get install"):
        setup.check_python()


def test_a_python_without_venv_is_told_which_package(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"lacks its venv module(.|\n)*apt-get install python3\.\d+-venv"):
        setup.check_python()


def test_without_a_browser_and_without_root_it_says_how(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COURSE_CHROMIUM", raising=False)
    monkeypatch.setattr(setup.shutil, "which", lambda name: None)
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match=r"missing here: chromium(.|\n)*apt-get install chromium"):
        setup.ensure_debian_packages()


def test_a_wrong_hash_stops_the_install_and_shows_why(
    setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "PYTHON", sys.executable)
    lock = tmp_path / "bad.lock"
    (tmp_path / "p-1.0-py3-none-any.whl").write_bytes(b"not what was locked")
    lock.write_text("p==1.0 --hash=sha256:" + "0" * 64 + "\n")
    with pytest.raises(SystemExit, match=r"could not install the locked packages(.|\n)*DO NOT MATCH"):
        setup.pip("--no-index", "--find-links", str(tmp_path), "--require-hashes", "-r", str(lock))


def test_a_changed_lock_is_installed_again(setup: ModuleType, root: Path, tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1\n")
    before = setup.stamp_of(lock)
    lock.write_text("a==2\n")
    assert setup.stamp_of(lock) != before


def test_a_second_run_does_nothing_and_says_nothing(root: Path) -> None:
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "tools/setup.py", "--dev"], cwd=root, capture_output=True, text=True, check=False
        )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
