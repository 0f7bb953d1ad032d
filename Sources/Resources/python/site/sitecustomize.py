"""Runs at the start of every Python that `maxnorm watch` starts, and of its children.

The environment's own sitecustomize runs first, and its exceptions are its own. Then the import of a
framework is waited for: until then nothing else happens, and where none is imported nothing ever does.
"""


def _others():
    """Runs the sitecustomize that would have run without this one."""
    import importlib.util
    import os
    import sys
    from importlib.machinery import PathFinder

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or os.curdir) != here]
    spec = PathFinder.find_spec("sitecustomize", sys.path)
    if spec is None or spec.loader is None:
        return
    module = importlib.util.module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


def _wait():
    """Waits for a framework, where the folder of the watcher is ours."""
    import json
    import os
    import sys

    folder = os.environ.get("MAXNORM_WATCH")
    if not folder:
        return
    try:
        status = os.stat(folder)
        if status.st_uid != os.geteuid() or status.st_mode & 0o077:
            return
        with open(os.path.join(folder, "watch.json"), encoding="utf-8") as file:
            package = json.load(file)["package"]
        sys.path.insert(0, package)
        try:
            from maxnorm.automatic import wait_for_frameworks
        finally:
            sys.path.remove(package)
        wait_for_frameworks()
    except Exception:  # the script knows nothing of us, and must not hear of us
        pass


try:
    _others()
finally:
    _wait()
    del _others, _wait
