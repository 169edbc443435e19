"""The server's own settings, in Jupyter's .py and .json files: what of them keeps gocomm from pages."""

import json
import os
import re
import subprocess
import sys

from ..switch import LAB

# The files' names, by what reads them: what takes precedence is last.
_FILES = "jupyter_config", "jupyter_notebook_config", "jupyter_nbclassic_config", "jupyter_server_config", "jupyter_lab_config"

# Runs in a process of its own: such a file is a program, which may print, end the process, or change it.
_LOAD = """
import json, os, sys
from traitlets.config.loader import JSONFileConfigLoader, PyFileConfigLoader
out, sys.stdout = os.dup(1), sys.stderr
os.dup2(2, 1)
found = []
for path in json.loads(sys.argv[1]):
    loader = PyFileConfigLoader if path.endswith(".py") else JSONFileConfigLoader
    try:
        found.append((path, loader(os.path.basename(path), path=os.path.dirname(path)).load_config(), ""))
    except BaseException as e:
        found.append((path, {}, "%s: %s" % (type(e).__name__, e)))
os.write(out, json.dumps(found, default=repr, skipkeys=True).encode())
"""


def check(report, kinds):
    from jupyter_core.paths import jupyter_config_path

    folders = list(dict.fromkeys(reversed(jupyter_config_path())))
    paths = [os.path.join(folder, name + suffix) for name in _FILES for folder in folders for suffix in (".py", ".json")]
    settings = Settings([path for path in paths if os.path.isfile(path)])
    for path, why in settings.skipped:
        report.problem("Jupyter skips the settings in %s (%s)" % (path, why), "correct the file, or remove it")
    if settings.read:
        report.row("of the server", ", ".join(settings.read))
    _pages(report, settings, kinds)
    if "lab" in kinds:
        _lab(report, settings)
    _policy(report, settings)


class Settings:
    """The values of all files; each knows the file that has set it."""

    def __init__(self, paths):
        self.read, self.skipped = [], []
        self._values = {}
        for path, config, why in _load(paths):
            if why:
                self.skipped.append((path, why))
            else:
                self.read.append(path)
                self._add(config, path, ())

    def _add(self, config, path, key):
        for name, value in config.items():
            if isinstance(value, dict) and value:
                self._add(value, path, key + (name,))
            else:
                self._values[key + (name,)] = value, path

    def get(self, *key):
        """A value, and its file: None where nothing has set it."""
        return self._values.get(key, (None, None))

    def below(self, *key):
        """The values of a table, with their names and files."""
        return [(k[len(key)], value, path) for k, (value, path) in sorted(self._values.items()) if k[: len(key)] == key and len(k) == len(key) + 1]


def _load(paths):
    if not paths:
        return []
    try:
        ran = subprocess.run([sys.executable, "-c", _LOAD, json.dumps(paths)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20)
        return json.loads(ran.stdout.decode("utf-8"))
    except (OSError, ValueError, subprocess.SubprocessError) as e:
        return [(path, {}, "they cannot be run: %s" % (str(e).splitlines() or [""])[0]) for path in paths if path.endswith(".py")]


def _pages(report, settings, kinds):
    for name, what, kind in ("nbclassic", "nbclassic", "classic"), ("jupyterlab", "JupyterLab", "lab"), ("notebook", "Notebook 7", "lab"):
        on, path = settings.get("ServerApp", "jpserver_extensions", name)
        if on is False and kind in kinds:
            report.problem(
                "the server serves no pages of %s, as %s says" % (what, path), "remove %s from ServerApp.jpserver_extensions there" % name
            )


def _lab(report, settings):
    table = "tornado_settings", "page_config_data", "disabledExtensions"
    for app in "ServerApp", "LabApp":
        listed = settings.below(app, *table)
        value, path = settings.get(app, *table)
        listed += [(name, True, path) for name in (value if isinstance(value, list) else [])]
        for name, off, path in listed:
            if off and re.match(r"gocomm(:|$)", str(name)):
                report.problem("%s does not load gocomm, as %s says" % (LAB, path), "remove %s from its page_config_data" % name)
    for app in "LabApp", "LabServerApp":
        folders, path = settings.get(app, "labextensions_path")
        if isinstance(folders, list) and folders:
            more = settings.get(app, "extra_labextensions_path")[0]
            there = [str(f) for f in folders + (more if isinstance(more, list) else [])]
            if not any(os.path.isfile(os.path.join(f, "gocomm", "package.json")) for f in there):
                report.problem(
                    "JupyterLab takes extensions from %s only, as %s says" % (", ".join(there), path),
                    "add the folder above gocomm, which is below %s, or remove %s.labextensions_path" % (os.path.join(sys.prefix, "share", "jupyter"), app),
                )


def _policy(report, settings):
    """A page without a policy for scripts may run WebAssembly."""
    for app in "ServerApp", "NotebookApp", "LabApp":
        policy, path = settings.get(app, "tornado_settings", "headers", "Content-Security-Policy")
        sources = next(filter(None, (re.search(r"(?:^|;)\s*%s-src\s([^;]*)" % kind, str(policy)) for kind in ("script", "default"))), None)
        if sources and not re.search(r"'(wasm-)?unsafe-eval'", sources.group(1)):
            report.problem(
                "the server's Content-Security-Policy keeps WebAssembly from pages, as %s says" % path,
                "add 'wasm-unsafe-eval' to its script-src",
            )
