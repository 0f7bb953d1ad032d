"""Makes the wheel of this package: a zip file by the rules of PEP 427, without any tool or network."""

from __future__ import annotations

import base64
import hashlib
import os
import zipfile
from pathlib import Path
from typing import List, Tuple

from .version import __version__

__all__ = ["build"]

_METADATA = f"""Metadata-Version: 2.1
Name: maxnorm
Version: {__version__}
Summary: Max-norm regularization for PyTorch, Keras, JAX and MLX, watched and steered from a terminal
Requires-Python: >=3.9

`maxnorm help pytorch` and its neighbours in the program's manual describe the package.
"""

_WHEEL = """Wheel-Version: 1.0
Generator: maxnorm
Root-Is-Purelib: true
Tag: py3-none-any
"""

#: The earliest time a zip file can hold: the same sources give the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)


def build(folder: str) -> str:
    """Writes ``maxnorm-VERSION-py3-none-any.whl`` into a folder and returns its path.

    The same sources give the same bytes. Raises `OSError` where the folder cannot be
    written.
    """
    package = Path(__file__).resolve().parent
    info = f"maxnorm-{__version__}.dist-info"
    files: List[Tuple[str, bytes]] = [
        (path.relative_to(package.parent).as_posix(), path.read_bytes())
        for path in sorted(package.rglob("*"))
        if path.suffix in (".py", ".typed")
    ]
    files += [(f"{info}/METADATA", _METADATA.encode()), (f"{info}/WHEEL", _WHEEL.encode())]
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in files)
    files.append((f"{info}/RECORD", (record + f"{info}/RECORD,,\n").encode()))
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(os.path.abspath(folder), f"maxnorm-{__version__}-py3-none-any.whl")
    new = f"{path}.{os.getpid()}"
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    os.replace(new, path)
    return path


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
