"""Starts a command as `maxnorm watch -- COMMAND` does."""

import json
import os
import shutil
import subprocess
import sys

from conftest import PACKAGE


def folder_for(path, **options):
    """The folder of a watched command: options, and a folder that holds nothing but the sitecustomize."""
    path.mkdir(mode=0o700)
    (path / "site").mkdir(mode=0o700)
    shutil.copy(PACKAGE / "site" / "sitecustomize.py", path / "site")
    (path / "watch.json").write_text(json.dumps({"package": str(PACKAGE), **options}))
    return path


def environment(folder, **more):
    former = os.environ.get("PYTHONPATH")
    return {
        **os.environ,
        "MAXNORM_WATCH": str(folder),
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(folder / "site") + (os.pathsep + former if former else ""),
        **more,
    }


def run(folder, *command, check=True, timeout=240, **more):
    result = subprocess.run(
        [sys.executable, *command], env=environment(folder, **more), capture_output=True, text=True, timeout=timeout
    )
    if check:
        assert result.returncode == 0, result.stderr
    return result


#: What PyTorch's gloo says when a process ends while its threads are still there: in about one of ten
#: endings of a plain script on a busy machine, maxnorm or not.
GLOO_ABORT = "terminate called without an active exception"


def again_where_gloo_aborts(launch, attempts=4):
    """The result of a launch that did not end by PyTorch's own abort."""
    for _ in range(attempts):
        result = launch()
        if result.returncode == 0 or GLOO_ABORT not in result.stderr:
            break
    return result


def states(folder):
    path = folder / "states.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
