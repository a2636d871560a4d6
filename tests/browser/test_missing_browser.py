"""Without Chromium the browser tests fail and say how to get it; they never pass by being skipped."""

import os
import subprocess
import sys
from pathlib import Path


def test_a_missing_chromium_is_a_failure_that_says_how_to_install_it(tmp_path: Path) -> None:
    one_test = [str(Path(__file__).with_name("test_quiz_widget.py")), "-k", "grades_as_the_kernel"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *one_test],
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Install it with `apt-get install chromium`" in done.stdout
    assert "skipped" not in done.stdout
