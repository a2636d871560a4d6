"""A folder of claims: the same as in memory, whole parts after a stop, nothing of others overwritten."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from course_lib import claims
from course_lib.claims.simulation import store
from course_lib.claims.simulation.frames import CHUNK, NAMES
from course_lib.errors import CourseError

COURSE = str(Path(sys.executable).parent / "course")
N = 2 * CHUNK + 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("claims") / "big"
    assert list(store.write(made, N)) == [CHUNK, CHUNK, 300]
    return made


@pytest.mark.parametrize("name", NAMES)
def test_parquet_holds_what_memory_holds(folder, tables, name):
    kept = getattr(claims.read_simulated(folder), name).compute().reset_index(drop=True)
    mine = getattr(tables, name)
    ids = "member" if name == "members" else "claim"
    mine = mine[mine[ids].isin(set(kept[ids]))].reset_index(drop=True)
    assert_frame_equal(kept, mine)
    assert len(kept) == N or name != "claims"


def test_the_same_call_keeps_whole_parts_and_makes_what_is_missing(folder, tmp_path):
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-rp", str(folder), str(copy)], check=True)
    first, second = (copy / "claims" / f"part-0000{n}.parquet" for n in (0, 1))
    before = first.stat().st_mtime_ns
    whole = second.read_bytes()
    second.write_bytes(whole[:1000])  # damaged
    (copy / "claims" / "part-00002.parquet").unlink()
    assert sum(store.write(copy, N)) == N
    assert first.stat().st_mtime_ns == before
    assert second.read_bytes() == whole
    assert len(claims.read_simulated(copy).claims) == N


def test_a_larger_number_adds_to_a_folder(folder, tmp_path):
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-r", str(folder), str(copy)], check=True)
    assert sum(store.write(copy, N + 200)) == N + 200
    assert len(claims.read_simulated(copy).claims) == N + 200


def test_a_stopped_folder_reads_as_the_parts_that_are_whole(tmp_path):
    work = store.write(tmp_path / "x", N)
    next(work)
    work.close()
    assert len(claims.read_simulated(tmp_path / "x").claims) == CHUNK


def test_other_folders_are_left_alone(folder, tmp_path):
    with pytest.raises(CourseError, match="another seed"):
        next(store.write(folder, N, seed=5))
    with pytest.raises(CourseError, match=f"{N:,} claims"):
        next(store.write(folder, 10))
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(CourseError, match="something else"):
        next(store.write(tmp_path, 10))
    assert (tmp_path / "mine.txt").read_text() == "precious"
    with pytest.raises(CourseError, match="no simulation here"):
        claims.read_simulated(tmp_path)


def test_the_command_stops_with_whole_parts_and_goes_on(tmp_path):
    out = tmp_path / "big"
    command = [COURSE, "claims", "simulate", "-n", "400_000", "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as run:
        deadline = time.monotonic() + 120
        while not (out / "claims" / "part-00001.parquet").is_file() and time.monotonic() < deadline:
            time.sleep(0.05)
        os.killpg(run.pid, signal.SIGINT)
        said = run.stderr.read()
    assert run.returncode == 130, said
    assert "in whole parts. The same command goes on." in " ".join(said.split())
    done = len(claims.read_simulated(out).claims)
    assert done >= 2 * CHUNK and done % CHUNK == 0
    assert not list(out.rglob("*.part")), "no half file is left"


def test_the_command_writes_csv_files(tmp_path):
    done = subprocess.run(
        [COURSE, "claims", "simulate", "-n", "50", "--csv", "--out", str(tmp_path), "--seed", "3"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "50 synthetic claims" in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(f"{name}.csv" for name in NAMES)
    assert len((tmp_path / "claims.csv").read_text().splitlines()) == 51
