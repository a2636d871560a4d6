"""Build the try-out that runs in the browser alone: what ``make lite`` runs.

JupyterLite, Pyodide's core from npm, and wheels from the registry, all of them by lock and hash. The
page then loads nothing from anywhere else. The wheels stand in Pyodide's own list, so ``import
course_lib`` brings what it needs.
"""

import base64
import hashlib
import importlib.metadata
import json
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "lite"
WORK = ROOT / "build" / "lite-work"
OUT = ROOT / "build" / "lite"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
# What `import course_lib` and a widget need in the browser, and where each is found.
OURS = {
    "anywidget": ["ipywidgets", "psygnal", "typing-extensions"],
    "comm": [],
    "fsrs": ["typing-extensions"],
    "ipywidgets": ["comm", "jupyterlab-widgets", "ipython", "traitlets"],
    "jupyterlab-widgets": [],
    "msgspec": [],
    "platformdirs": [],
    "psygnal": [],
    "simple-icd-10-cm": [],
    "pyyaml": [],
    "crosswalk-course": ["anywidget", "fsrs", "msgspec", "platformdirs", "pyyaml", "simple-icd-10-cm"],
}
IMPORTS = {"pyyaml": "yaml", "crosswalk-course": "course_lib"}
# The browser's packages, not this machine's: pip picks the wheels for it.
TARGET = ["--platform", "pyemscripten_2026_0_wasm32", "--python-version", "3.14", "--implementation", "cp"]
EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "@jupyterlite/pyodide-kernel-extension", "anywidget")


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run one step; on failure show what it said."""
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"lite: {Path(command[0]).name} failed:\n{(done.stdout + done.stderr)[-3000:]}")


def fetch_core() -> Path:
    """Return Pyodide's folder, installed by npm from the lock."""
    npm = shutil.which("npm", path=sysconfig.get_path("scripts")) or shutil.which("npm")
    if npm is None:
        sys.exit("lite: npm is missing. `make setup-dev` brings it.")
    run(npm, "ci", "--silent", cwd=SOURCE)
    return SOURCE / "node_modules" / "pyodide"


def fetch_wheels(folder: Path) -> None:
    """Fill `folder` with the locked wheels, the course's own and a pure PyYAML."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    lock = ["--require-hashes", "-r", SOURCE / "wheels.lock"]
    run(*pip, *TARGET, "--abi", "cp314", "--abi", "none", "-d", folder, *lock)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    pack_pyyaml(folder)


def pack_pyyaml(folder: Path) -> None:
    """Pack the Python files of the installed PyYAML: the registry has no wheel of it for the browser."""
    found = importlib.metadata.distribution("pyyaml")
    info = f"pyyaml-{found.version}.dist-info"
    files = {str(f): Path(found.locate_file(f)).read_bytes() for f in found.files or () if f.suffix == ".py"}
    files = {name: content for name, content in files.items() if name.startswith("yaml/")}
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: pyyaml\nVersion: {found.version}\n".encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in files.items())
    with zipfile.ZipFile(folder / f"pyyaml-{found.version}-py3-none-any.whl", "w") as wheel:
        for name, data in (files | {f"{info}/RECORD": f"{record}{info}/RECORD,,\n".encode()}).items():
            wheel.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def write_runtime(core: Path, wheels: Path, folder: Path) -> None:
    """Write Pyodide's folder: its core, the wheels, and its list of packages with what is really there."""
    folder.mkdir(parents=True)
    for name in CORE:
        shutil.copy2(core / name, folder)
    lock = json.loads((core / "pyodide-lock.json").read_text(encoding="utf-8"))
    for wheel in wheels.glob("*.whl"):
        shutil.copy2(wheel, folder)
        given, version = wheel.name.split("-")[:2]
        name = given.lower().replace("_", "-")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        if name in OURS:
            lock["packages"][name] = {
                "name": name, "version": version, "imports": [IMPORTS.get(name, name.replace("-", "_"))],
                "depends": OURS[name], "install_dir": "site", "package_type": "package",
                "unvendored_tests": False,
            }  # fmt: skip
        elif lock["packages"][name]["version"] != version:
            sys.exit(
                f"lite: Pyodide wants {name} {lock['packages'][name]['version']}, the lock has {version}."
            )
        lock["packages"][name] |= {"file_name": wheel.name, "sha256": digest}
    # A package that is not here must not be asked of a server far away.
    here = {p.name for p in folder.iterdir()}
    lock["packages"] = {n: p for n, p in lock["packages"].items() if p["file_name"] in here}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")


def build_pages(folder: Path) -> None:
    """Run JupyterLite's own build on our notebook, with the three extensions that it needs."""
    shared = Path(sysconfig.get_path("data"), "share", "jupyter", "labextensions")
    config = {
        "LiteBuildConfig": {
            "contents": [str(SOURCE / "content")],
            "output_dir": str(OUT),
            "no_sourcemaps": True,
            "ignore_sys_prefix": ["federated_extensions"],
            "federated_extensions": [str(shared / name) for name in EXTENSIONS],
        }
    }
    (folder / "jupyter_lite_config.json").write_text(json.dumps(config), encoding="utf-8")
    shutil.copy2(SOURCE / "jupyter-lite.json", folder)
    run(sys.executable, "-m", "jupyter", "lite", "build", cwd=folder)


def main() -> None:
    """Build everything anew in ``build/lite``."""
    for old in (WORK, OUT):
        shutil.rmtree(old, ignore_errors=True)
    wheels = WORK / "wheels"
    wheels.mkdir(parents=True)
    steps = {
        "Python for the browser": lambda: fetch_core(),
        "wheels": lambda: fetch_wheels(wheels),
        "pages": lambda: build_pages(WORK),
        "runtime": lambda: write_runtime(SOURCE / "node_modules/pyodide", wheels, OUT / "static" / "pyodide"),
    }
    for name, step in steps.items():
        print(f"lite: {name} ...", flush=True)
        step()
    print(f"Look at it: python3 -m http.server --bind 127.0.0.1 -d {OUT.relative_to(ROOT)}")
    print("and open http://127.0.0.1:8000/lab/index.html?path=try_it.ipynb")


if __name__ == "__main__":
    main()
