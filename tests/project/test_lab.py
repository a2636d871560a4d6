"""`course lab`: answers on loopback, ends cleanly, and says what is wrong in one sentence."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from course_lib.lab import free_port

COURSE = str(Path(sys.executable).parent / "course")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A small course folder, so that nothing of the checkout is served or changed."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "datasets").mkdir()
    (tmp_path / "notebooks/00_start_here.ipynb").write_text(
        '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    )
    return tmp_path


def course(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [COURSE, *arguments], cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **env}
    )


def test_it_serves_the_first_notebook_and_ends_on_ctrl_c(copy: Path) -> None:
    port = free_port()
    run = subprocess.Popen(
        [COURSE, "lab", "--no-browser", "--port", str(port)], cwd=copy, stdout=subprocess.PIPE, text=True
    )
    try:
        address = next(m[0] for line in run.stdout or () if (m := re.search(r"http://\S+", line)))
        assert address.startswith(f"http://127.0.0.1:{port}/lab/tree/notebooks/00_start_here.ipynb?token=")
        with urllib.request.urlopen(address) as reply:
            assert reply.status == 200
        settings = address.replace(
            "tree/notebooks/00_start_here.ipynb",
            "api/settings/@jupyterlab/apputils-extension:notification",
        )
        with urllib.request.urlopen(settings) as reply:
            asks = json.load(reply)["schema"]["properties"]
        assert asks["fetchNews"]["default"] == "false"  # or the first page asks about news
        assert asks["checkForUpdates"]["default"] is False
        listening = subprocess.run(["ss", "-ltnH"], capture_output=True, text=True, check=False).stdout
        assert f"0.0.0.0:{port}" not in listening
        assert f"*:{port}" not in listening
    finally:
        run.send_signal(signal.SIGINT)
        rest, _ = run.communicate(timeout=30)
    assert run.returncode == 0
    assert "has ended" in rest
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_port_in_use_is_one_sentence(copy: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = course("lab", "--no-browser", "--port", str(port), cwd=copy)
    assert done.returncode == 1
    assert f"port {port} is in use" in done.stderr
    assert "Choose another" in done.stderr
    assert "Traceback" not in done.stderr


def test_outside_the_course_folder_it_says_where_to_go(tmp_path: Path) -> None:
    done = course("lab", "--no-browser", cwd=tmp_path)
    assert done.returncode == 1
    assert "not inside the course folder" in done.stderr


def test_a_missing_first_notebook_is_named(copy: Path) -> None:
    (copy / "notebooks/00_start_here.ipynb").unlink()
    done = course("lab", "--no-browser", cwd=copy)
    assert done.returncode == 1
    assert "00_start_here.ipynb" in done.stderr.replace("\n", "")


def test_jupyterlab_that_cannot_start_shows_its_own_words(copy: Path) -> None:
    done = course("lab", "--no-browser", "--ServerApp.port=notaport", cwd=copy)
    assert done.returncode == 1
    assert "did not start" in done.stderr
    assert "notaport" in done.stderr


def test_a_course_folder_that_cannot_be_written_is_told(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from course_lib import cli, lab

    served = []
    monkeypatch.chdir(copy)
    monkeypatch.setattr(lab, "serve", lambda root, *rest, **named: served.append(root))
    # Root may write anywhere, so the answer of the system is set by hand.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    said = CliRunner().invoke(cli.app, ["lab", "--no-browser"]).output
    assert "cannot be written" in said
    assert "Work in a copy" in said
    assert served == [copy]
