"""One environment everywhere: pyproject, locks, environment.yml, Binder and git agree."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

LOCKS = ("requirements.lock", "requirements-dev.lock")


def pins(lock: Path) -> dict[str, list[Requirement]]:
    """Return each package of a lock with its pins (a marker may give it two)."""
    found: dict[str, list[Requirement]] = {}
    for line in lock.read_text().splitlines():
        if re.match(r"^[A-Za-z0-9]", line):
            pin = Requirement(line.removesuffix("\\").strip())
            found.setdefault(canonicalize_name(pin.name), []).append(pin)
    return found


def disagreements(wanted: list[str], lock: dict[str, list[Requirement]]) -> list[str]:
    """Return what pyproject asks for and the lock does not give."""
    bad = []
    for text in wanted:
        need = Requirement(text)
        got = lock.get(canonicalize_name(need.name), [])
        versions = [next(iter(p.specifier)).version for p in got]
        if not versions or not all(need.specifier.contains(v, prereleases=True) for v in versions):
            bad.append(f"{need} is {versions or 'absent'} in the lock")
    return bad


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text())


def test_the_locks_hold_what_the_project_asks_for(root: Path, project: dict) -> None:
    extras = project["project"]["optional-dependencies"]
    # Lesson 10 groups a stay and scores a risk, so a student has the payers' tables too.
    learn = project["project"]["dependencies"] + extras["grading"] + extras["payers"]
    build = project["dependency-groups"]["build"] + project["build-system"]["requires"]
    assert disagreements(learn + build, pins(root / "requirements.lock")) == []
    every = [d for extra in project["project"]["optional-dependencies"].values() for d in extra]
    assert disagreements(learn + build + every, pins(root / "requirements-dev.lock")) == []


def test_a_pin_outside_its_range_is_noticed() -> None:
    lock = {"pandas": [Requirement("pandas==2.9.0")]}
    assert disagreements(["pandas>=3.0,<4", "rich>=14"], lock) == [
        "pandas<4,>=3.0 is ['2.9.0'] in the lock",
        "rich>=14 is absent in the lock",
    ]


def test_the_two_locks_never_name_two_versions(root: Path) -> None:
    learn, dev = (pins(root / name) for name in LOCKS)
    assert set(learn) <= set(dev)
    versions = [{n: {str(p.specifier) for p in pin} for n, pin in lock.items()} for lock in (learn, dev)]
    assert [name for name in learn if versions[0][name] != versions[1][name]] == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_is_exact_hashed_and_without_an_address(root: Path, name: str) -> None:
    text = (root / name).read_text()
    blocks = re.findall(r"^[A-Za-z0-9].*(?:\n {4}.*)*", text, flags=re.M)
    assert len(blocks) > 100
    assert [b.splitlines()[0] for b in blocks if "==" not in b or "--hash=sha256:" not in b] == []
    assert not re.search(r"://|--index|--extra-index|--find-links", text)


def test_conda_and_binder_install_the_same_lock(root: Path, project: dict) -> None:
    environment = yaml.safe_load((root / "environment.yml").read_text())
    names = [d for d in environment["dependencies"] if isinstance(d, str)]
    python = next(n for n in names if n.startswith("python=")).removeprefix("python=")
    assert SpecifierSet(project["project"]["requires-python"]).contains(python)
    pip = next(d["pip"] for d in environment["dependencies"] if isinstance(d, dict))
    assert pip == ["--require-hashes", "-r requirements.lock"]


def test_repo2docker_would_build_it(root: Path) -> None:
    tool = shutil.which("jupyter-repo2docker", path=str(Path(sys.executable).parent))
    assert tool, "jupyter-repo2docker is missing: run `make setup-dev`"
    command = [tool, "--no-build", "--debug", "."]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    said = run.stdout + run.stderr
    assert run.returncode == 0, said[-2000:]
    assert "Building conda environment for python=3.12" in said
    # The lock lies beside environment.yml, so the whole folder is copied before the install.
    steps = [said.index(step) for step in ("COPY --chown", "env update", "./postBuild")]
    assert steps == sorted(steps)


def tracked_text(root: Path) -> dict[str, str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True)
    texts = {}
    for name in filter(None, listed.stdout.split("\0")):
        if (root / name).is_file():
            raw = (root / name).read_bytes()
            if b"\0" not in raw:
                texts[name] = raw.decode("utf-8")
    return texts


def leaks(texts: dict[str, str]) -> list[str]:
    """Return the files that name a package registry or a path of somebody's machine."""
    hosts = "|".join(["py" + r"pi\.org", "python" + "hosted", r"registry\.np" + r"mjs", r"deb\.deb" + "ian"])
    # `ann` is the invented user of a notebook that the checks must refuse.
    homes = "|".join(["/ho" + r"me/(?!ann/)\w+", "/ro" + "ot/", "/Us" + r"ers/\w+"])
    return [name for name, text in texts.items() if re.search(f"{hosts}|{homes}", text)]


def test_no_file_names_a_registry_or_a_machine(root: Path) -> None:
    assert leaks(tracked_text(root)) == []


def test_a_leak_is_noticed() -> None:
    texts = {"a": "see https://py" + "pi.org/simple", "b": "/ho" + "me/joe/x", "c": "fine"}
    assert leaks(texts) == ["a", "b"]
