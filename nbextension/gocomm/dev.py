"""``python -m gocomm dev``: what is saved is compiled, and shown."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time

from .extension import CONFIG, DATA
from .program import REPORT
from .project import CompileError, ProjectError, write

PERIOD = 0.1  # s between looks at the sources

# The first of these that is installed opens the notebook.
_APPS = "jupyterlab", "notebook", "nbclassic"


def develop(project, jupyter=None):
    """Compiles the project now and whenever a source is saved, until it is interrupted or Jupyter has ended.

    ``jupyter`` has the options of a Jupyter that is started on the project's notebook; ``None`` starts none.
    """
    report = project.static / REPORT
    server = None
    for name in "SIGTERM", "SIGHUP":  # an editor's stop button, a terminal that is closed: Jupyter ends too
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupted)
    try:
        seen = project.sources()
        print("compiling: the first time takes half a minute", flush=True)
        _build(project, report)
        if jupyter is not None:
            server = _start(project, jupyter)
        elif project.comms:
            print("Jupyter finds the program when it is started with\n  %s" % " ".join("%s=%s" % p for p in _paths(project).items()))
        print("waiting for a .go file to be saved; Ctrl-C ends", flush=True)
        while server is None or server.poll() is None:
            time.sleep(PERIOD)
            now = project.sources()
            if now != seen:
                seen = now
                if _build(project, report) and project.comms:
                    print("reload the notebook's page to run it", flush=True)
        if server is not None and server.returncode:
            raise ProjectError("Jupyter has ended with status %d: what it printed says why" % server.returncode)
    finally:
        if report.is_file():
            report.unlink()
        if server is not None and server.poll() is None:
            server.terminate()
            server.wait()


def _interrupted(*_):
    raise KeyboardInterrupt


def _build(project, report):
    start = time.monotonic()
    project.static.mkdir(exist_ok=True)
    try:
        # Not merged, and compressed quickly: larger, but built in a tenth of the time.
        project.build(release=False)
    except CompileError as e:
        print("%s\n" % e, file=sys.stderr, flush=True)
        write(report, json.dumps({"report": str(e)}).encode())
        return False
    if report.is_file():
        report.unlink()
    print("built in %.1f s" % (time.monotonic() - start), flush=True)
    return True


def _start(project, options):
    app = next((a for a in _APPS if importlib.util.find_spec(a)), None)
    if app is None:
        raise ProjectError("no Jupyter is installed here: `pip install jupyterlab`, or open the notebook elsewhere and add --no-jupyter")
    notebooks = sorted(str(p) for p in project.folder.glob("*.ipynb"))
    # Ctrl-C reaches Jupyter as well; with -y it does not ask whether it is meant.
    env = dict(os.environ)
    for name, path in _paths(project).items():
        env[name] = os.pathsep.join([path] + [p for p in [env.get(name)] if p])
    return subprocess.Popen([sys.executable, "-m", app] + notebooks[:1] + ["-y"] + list(options), cwd=str(project.folder), env=env)


def _paths(project):
    """Where Jupyter finds the extensions of comm programs, before those that are installed."""
    return {"JUPYTER_PATH": str(project.static / DATA), "JUPYTER_CONFIG_PATH": str(project.static / CONFIG)}
