"""Floor 0: ``datasets/datapackage.json`` against the files that it describes.

The manifest is a Frictionless data package. Each resource carries, beside the
standard fields, publisher, release, ``effective_from`` and ``effective_to``,
``retrieved``, ``synthetic``, ``sha256`` and ``bytes``.

A path with a star (``encounters/charts/*.yaml``) describes all files of a folder that
have one origin; its size and hash are those of the files together.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_lib.errors import CourseError
from course_lib.files import atomic_write

NAME = "datapackage.json"
PROVENANCE = (
    "name", "path", "title", "description", "sources", "licenses", "publisher", "release",
    "effective_from", "retrieved", "synthetic", "sha256", "bytes",
)  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a data file: where, what, and what to do."""

    path: Path
    message: str
    remedy: str
    line: int | None = None

    def __str__(self) -> str:
        return str(CourseError(self.message, remedy=self.remedy, path=self.path, line=self.line))


def read(root: Path) -> dict[str, Any]:
    """Return the manifest of the data folder `root`.

    Raises
    ------
    CourseError
        When it is missing or not JSON, with the line.
    """
    file = root / NAME
    try:
        manifest: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except OSError as why:
        raise CourseError(
            f"cannot be read ({why.strerror}).", remedy="Get it back from git.", path=file
        ) from None
    except ValueError as why:
        line = getattr(why, "lineno", None)
        raise CourseError(
            f"this is not JSON: {why}.", remedy="Mend that line.", path=file, line=line
        ) from None
    return manifest


def problems(root: Path) -> Iterator[Problem]:
    """Yield what is wrong between manifest and files: strays, absent files, hashes, provenance, schema."""
    manifest = read(root)
    described = {r.get("path", ""): r for r in manifest["resources"]}
    on_disk = {p.relative_to(root).as_posix() for p in data_files(root)}
    covered = {f.relative_to(root).as_posix() for name in described for f in files_of(root, name)}
    for name in sorted(on_disk - covered):
        yield Problem(root / name, "this file is not in the manifest.", f"Describe it in {NAME}.")
    for name, resource in described.items():
        if not files_of(root, name):
            yield Problem(
                root / NAME, f"{name!r} is described but not there.", "Add the file or drop its entry."
            )
            continue
        yield from _provenance(root, resource)
        if any(resource.get(key) != value for key, value in _now(root, name).items()):
            yield Problem(
                root / name,
                "its bytes are not those of the manifest.",
                "If the change is meant, run `course check --write`; else get it back from git.",
            )
    yield from _schema(root, manifest)


def data_files(root: Path) -> list[Path]:
    """Return every data file below `root`, in order; the manifest and the READMEs are no data."""
    return sorted(
        p
        for p in root.rglob("*")
        if p.is_file() and p.suffix in {".csv", ".yaml", ".json"} and p.name != NAME
    )


def files_of(root: Path, name: str) -> list[Path]:
    """Return the files that a resource's path describes, in order; none when it is not there."""
    if "*" in name:
        return sorted(p for p in root.glob(name) if p.is_file())
    return [root / name] if (root / name).is_file() else []


def write_hashes(root: Path) -> int:
    """Write the size and hash of each described file into the manifest; return how many changed."""
    manifest, changed = read(root), 0
    for resource in manifest["resources"]:
        if files_of(root, resource["path"]):
            now = _now(root, resource["path"])
            changed += any(resource.get(k) != v for k, v in now.items())
            resource.update(now)
    manifest["resources"].sort(key=lambda r: r["path"])
    with atomic_write(root / NAME) as out:
        out.write(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    return changed


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _now(root: Path, name: str) -> dict[str, Any]:
    """Return size and hash of a resource; of a folder, the hash of the names and hashes of its files."""
    files = files_of(root, name)
    size = sum(file.stat().st_size for file in files)
    if "*" not in name:
        return {"sha256": sha256(root / name), "bytes": size}
    lines = "".join(f"{sha256(file)}  {file.relative_to(root).as_posix()}\n" for file in files)
    return {"sha256": hashlib.sha256(lines.encode()).hexdigest(), "bytes": size}


def _provenance(root: Path, resource: dict[str, Any]) -> Iterator[Problem]:
    missing = [key for key in PROVENANCE if resource.get(key) in (None, "", [])]
    if "effective_to" not in resource:
        missing.append("effective_to")
    if missing:
        what = f"{resource['path']!r} lacks {', '.join(missing)}."
        yield Problem(root / NAME, what, "Every file has a source, a date and a license.")


def _schema(root: Path, manifest: dict[str, Any]) -> Iterator[Problem]:
    """Check every table against its schema with Frictionless."""
    try:
        from frictionless import Package, system
    except ImportError:
        raise CourseError(
            "the package frictionless is not installed.", remedy="Run `make setup-dev`."
        ) from None
    tables = [r for r in manifest["resources"] if r.get("format") == "csv" and (root / r["path"]).is_file()]
    for resource in tables:
        if "schema" not in resource:
            yield Problem(
                root / NAME, f"{resource['path']!r} has no schema.", "Give its fields types and constraints."
            )
    described = {"name": manifest["name"], "resources": [_standard(r) for r in tables if "schema" in r]}
    with system.use_context(trusted=False):
        report = Package.from_descriptor(described, basepath=str(root)).validate()
    for task in report.tasks:
        for error in task.errors:
            line = getattr(error, "row_number", None)
            yield Problem(
                root / (task.place or NAME),
                f"{error.message}",
                "Mend the cell, or the schema if it is wrong.",
                line,
            )
    for error in report.errors:
        yield Problem(root / NAME, error.message, "Mend the manifest.")


def _standard(resource: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of a resource that Frictionless reads (its hash check is ours already)."""
    keep = ("name", "path", "format", "mediatype", "encoding", "schema")
    return {"type": "table", **{k: resource[k] for k in keep if k in resource}}
