"""What the tests of the Python package share."""

import json
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "Sources" / "Resources" / "python"
sys.path.insert(0, str(PACKAGE))
# One thread: the machines of the tests are busy, and pools of threads wait for each other there.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
sys.dont_write_bytecode = True


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    """Live runs of tests are not among the user's."""
    monkeypatch.setenv("MAXNORM_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("MAXNORM_WATCH", raising=False)
    monkeypatch.chdir(tmp_path)


def records(path):
    """The records of a log; each line must be one."""
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def of_type(path, kind):
    return [record for record in records(path) if record["type"] == kind]
