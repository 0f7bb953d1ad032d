"""The wheel that the program gives: installed without a network, by a user who may not write beside it."""

import subprocess
import sys
import zipfile

import pytest
from maxnorm import wheel
from maxnorm.version import __version__


def test_it_holds_every_module_and_is_the_same_each_time(tmp_path):
    first, second = wheel.build(str(tmp_path / "a")), wheel.build(str(tmp_path / "b"))
    assert open(first, "rb").read() == open(second, "rb").read()
    names = zipfile.ZipFile(first).namelist()
    assert "maxnorm/__init__.py" in names and "maxnorm/pytorch/subject.py" in names and "maxnorm/py.typed" in names
    assert not any("__pycache__" in name for name in names) and names[-1] == f"maxnorm-{__version__}.dist-info/RECORD"


def test_pip_installs_it_with_no_index(tmp_path):
    pytest.importorskip("pip")
    path = wheel.build(str(tmp_path / "shipped"))
    (tmp_path / "shipped").chmod(0o555)
    target = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--target", str(target), path],
        check=True,
        timeout=300,
    )
    version = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            f"import sys; sys.path.insert(0, {str(target)!r}); import maxnorm; "
            "print(maxnorm.__version__, maxnorm.__file__)",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert version.split()[0] == __version__ and version.split()[1].startswith(str(target))
