"""The packages that gocomm works with: the versions here, and those that it was tested with."""

import re

from .report import python

# By `make test`, whose environments are pinned: a test compares. Each entry ends with the newest.
TESTED = {
    "nbclassic": ["1.3.3"],
    "notebook": ["6.4.13", "7.6.5"],
    "jupyterlab": ["4.6.6"],
    "ipykernel": ["6.29.5", "7.4.0"],
    "ipywidgets": ["7.8.1", "8.1.9"],
    "anywidget": ["0.11.0"],
    "jupyter_core": ["5.9.1"],
    "jupyter_server": ["2.21.1"],
}

# The oldest that can work, and what does not with those before.
_NEEDED = {
    "nbclassic": ("0.4", "the nbextension"),
    "notebook": ("6.0", "the nbextension"),
    "jupyterlab": ("4.0", "the extension for JupyterLab"),
    "anywidget": ("0.9.13", "gocomm.Widget"),
}


def check(report, packages):
    """Reports the versions, and returns which kinds of pages this environment serves."""
    report.section("packages", "here", "tested with")
    versions = {name: packages.version(name) for name in TESTED}
    for name, tested in TESTED.items():
        version = versions[name]
        report.row(name, version or "-", ", ".join(tested))
        oldest, what = _NEEDED.get(name, ("0", ""))
        if version and _number(version) < _number(oldest):
            report.problem("%s %s is too old for %s" % (name, version, what), '`%s -m pip install "%s>=%s"`' % (python(), name, oldest))
        elif version and _number(version)[:2] > _number(tested[-1])[:2]:
            report.note("%s %s is newer than what gocomm was tested with" % (name, version))
    notebook = _number(versions["notebook"] or "0")[0]
    kinds = set()
    if versions["nbclassic"] or 0 < notebook < 7:
        kinds.add("classic")
    if versions["jupyterlab"] or notebook >= 7:
        kinds.add("lab")
    if not kinds:
        report.note("no notebook server is installed in this environment: run the doctor with the Python of the one you use, too")
    if not versions["anywidget"]:
        report.note("anywidget is not installed: gocomm.Widget needs it, the comm manager does not (`%s -m pip install anywidget`)" % python())
    return kinds


def _number(version):
    """The release of a version: what can be compared."""
    return tuple(int(part) for part in re.match(r"[0-9]+(\.[0-9]+)*", version).group().split(".")) if version[:1].isdigit() else (0,)
