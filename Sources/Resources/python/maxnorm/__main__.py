"""``python -m maxnorm bench`` and ``python -m maxnorm wheel FOLDER``."""

from __future__ import annotations

import sys
from typing import List

USAGE = """usage: python -m maxnorm bench [--library PATH] [--seconds S] [--net NAME]
       python -m maxnorm wheel FOLDER      writes the package as a wheel and prints its path"""


def main(arguments: List[str]) -> int:
    if arguments[:1] == ["bench"]:
        from .bench import main as bench

        return bench(arguments[1:])
    if arguments[:1] == ["wheel"] and len(arguments) == 2:
        from .wheel import build

        print(build(arguments[1]))
        return 0
    print(USAGE, file=sys.stdout if arguments in (["-h"], ["--help"]) else sys.stderr)
    return 0 if arguments in (["-h"], ["--help"]) else 64


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
