"""Make ``.venv`` from the lock: what ``make setup`` runs. Standard library only.

    python3 tools/setup.py           what a student and an instructor need
    python3 tools/setup.py --dev     and what the tests need, Chromium included

Quick when nothing changed: a stamp in ``.venv`` holds the hash of what was installed.
"""

import argparse
import ctypes
import ctypes.util
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOG = VENV / "setup.log"


def fail(what: str, remedy: str) -> None:
    """Print one line of what is wrong and one of what to do, and stop."""
    sys.exit(f"setup: {what}\n       {remedy}")


def check_python() -> None:
    """Stop with one clear line when this Python cannot make the environment."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this script is what tells of it
        fail(
            f"Python 3.11 or newer is needed, this is {sys.version.split()[0]} ({sys.executable}).",
            "Debian: apt-get install python3 python3-venv. Another: make setup PYTHON=/path/to/python3.12",
        )
    if importlib.util.find_spec("ensurepip") is None:
        fail(
            "this Python lacks its venv module.",
            f"On Debian: apt-get install python3.{sys.version_info.minor}-venv",
        )


def stamp_of(lock: Path) -> str:
    """Return what an up-to-date environment's stamp says."""
    parts = [lock.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make_venv() -> None:
    """Make the environment, or make it anew when its Python is gone."""
    works = PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0
    if not works:
        print(f"Making {VENV.name} with Python {sys.version.split()[0]} ...", flush=True)
        try:
            venv.create(VENV, with_pip=True, clear=True, symlinks=os.name != "nt")
        except (OSError, subprocess.CalledProcessError) as why:
            fail(f"{VENV} could not be made ({why}).", "Check write access and free space (1.2 GB) here.")


def pip(*arguments: str, total: int = 0) -> None:
    """Run pip in the environment with a counter; on failure show the end of its log."""
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *arguments]
    seen = 0
    tty = sys.stdout.isatty()
    with (
        LOG.open("a", encoding="utf-8") as log,
        subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as run,
    ):
        for line in run.stdout or ():
            log.write(line)
            if found := re.match(r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)", line):
                seen += 1
                if total and tty:
                    print(f"\r  {min(seen, total):3d} of {total}  {found[1]:<40.40}", end="", flush=True)
            elif line.startswith("Installing collected packages") and total:
                print(("\r" if tty else "") + f"  unpacking {total} packages ...{'':<30}", flush=True)
    if run.returncode:
        tail = "".join(LOG.read_text(encoding="utf-8").splitlines(keepends=True)[-12:])
        fail(f"pip could not install the locked packages:\n{tail}", f"The whole log: {LOG}")


def install(lock: Path, kind: str) -> None:
    """Install the lock and the course itself, unless the stamp says that they are there."""
    stamp = VENV / f".crosswalk-{kind}"
    wanted = stamp_of(lock)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    total = len(re.findall(r"^[\w.-]+==", lock.read_text(encoding="utf-8"), flags=re.M))
    print(f"Installing {total} locked packages from {lock.name} (a minute or two) ...", flush=True)
    pip("--require-hashes", "-r", str(lock), total=total)
    pip("--no-deps", "--no-build-isolation", "--editable", ".")
    stamp.write_text(wanted)
    print("  done.", flush=True)


def ensure_debian_packages() -> None:
    """Install what the tests need beside Python, when we may; say how when not."""
    missing = {package: there for package, there in DEBIAN.items() if not there()}
    if not missing:
        return
    packages = " ".join(missing)
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        remedy = f"On Debian: sudo apt-get install {packages}"
        if set(missing) <= OPTIONAL:
            print(f"Not here, so its tests are left out: {packages}.\n  {remedy}", flush=True)
            return
        fail(
            f"the tests need what is missing here: {packages}.",
            f"{remedy}   (COURSE_CHROMIUM may name a Chromium or Chrome)",
        )
    print(f"Installing {packages} from Debian's packages ...", flush=True)
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
        done = subprocess.run(["apt-get", *arguments], env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            why = f"apt-get {arguments[0]} failed:\n{done.stderr[-600:]}"
            fail(why, f"Install {packages} by hand and run again.")


def has_chromium() -> bool:
    """Return whether there is a Chromium or Chrome; ``COURSE_CHROMIUM`` names one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return bool(os.environ.get("COURSE_CHROMIUM")) or any(shutil.which(n) for n in names)


def has_libatomic() -> bool:
    """Return whether the library is there that Playwright's own program needs."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return not sys.platform.startswith("linux")
    return True


def has_libseccomp() -> bool:
    """Return whether the library is there that contains a student's kernel."""
    return ctypes.util.find_library("seccomp") is not None or not sys.platform.startswith("linux")


def has_postgres() -> bool:
    """Return whether there is a PostgreSQL server to put a gradebook on."""
    return shutil.which("initdb") is not None or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


# Debian package -> whether what it brings is there. Fonts come along with Chromium only.
DEBIAN = {
    "chromium": has_chromium,
    "fonts-dejavu-core": has_chromium,
    "libatomic1": has_libatomic,
    "libseccomp2": has_libseccomp,
    "postgresql": has_postgres,
}
OPTIONAL = {"postgresql"}  # a test says that it is left out


def main() -> None:
    """Parse the arguments and set up."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--dev", action="store_true", help="also what the tests need")
    dev = options.parse_args().dev
    check_python()
    make_venv()
    install(ROOT / "requirements.lock", "learn")
    if dev:
        install(ROOT / "requirements-dev.lock", "dev")
        ensure_debian_packages()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nsetup: stopped; `make setup` goes on from here.")
