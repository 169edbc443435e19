"""A project: whether its program is built, of what, and for which gocomm."""

import os
import pathlib

from .. import __version__
from ..project import HERE, Project, ProjectError, border, go_packages_of, stamped
from .report import command

BUILD = ("gocomm", "build")


def check(report, folder):
    report.section("project " + folder.name)
    report.row("folder", str(folder))
    try:
        project = Project(folder)
    except ProjectError as e:
        report.problem("the project cannot be built", str(e))
        return
    report.row("package", str(project.package.relative_to(folder)))
    _permission(report, project)
    _go_packages(report, folder)
    _programs(report, project)


def _permission(report, project):
    for path in project.folder, project.package, project.static:
        if path.is_dir() and not os.access(str(path), os.W_OK | os.X_OK):
            report.problem("%s cannot be written to" % path, "`%s`, as its owner" % _allow(path))
            return


def _allow(path):
    return 'icacls "%s" /grant %%USERNAME%%:F' % path if os.name == "nt" else "chmod -R u+rwX %s" % path


def _go_packages(report, folder):
    if not (HERE / "go").is_dir():
        report.problem("this gocomm has no Go packages", "install its wheel with pip: sources alone cannot build projects")
        return
    state = go_packages_of(folder)
    report.row("Go packages", {None: "from elsewhere, by go.mod", True: "of gocomm " + __version__, False: "of another gocomm, or none yet"}[state])
    if state is False and (folder / ".gocomm").exists():
        report.note("the project has the Go packages of another gocomm: the next build puts those of %s in their place" % __version__)


def _programs(report, project):
    # A comm program lies below static, once for each kind of page.
    programs = sorted(project.static.rglob("*.wasm.gz")) if project.static.is_dir() else []
    if not programs:
        report.problem("the program is not built, so pages cannot show it", command(*BUILD))
    sources = project.sources()
    for path in programs:
        report.row(path.name, "%d KB, %s" % (round(path.stat().st_size / 1000), path.parent.relative_to(project.package).as_posix()))
        newer = [source for source, time, _ in sources if time > path.stat().st_mtime_ns]
        runtime = path.with_name(path.name.split(".")[0] + ".wasm.js")
        built = stamped(runtime)
        if not runtime.is_file():
            report.problem("%s is missing, which starts %s" % (runtime, path.name), command(*BUILD))
        elif None not in (built, border()) and built != border():
            report.problem("%s was built by another gocomm, and does not start on this one's pages" % path, command(*BUILD))
        elif newer:
            # No problem: a build that changes nothing leaves the program's time as it was.
            report.note("%s is newer than %s: unless it was built since, %s" % (os.path.relpath(newer[0], str(project.folder)), path.name, command(*BUILD)))


def check_installed(report, folders):
    """Programs of other packages that are installed here."""
    for folder in folders:
        for runtime in sorted(pathlib.Path(folder).glob("*/static/*.wasm.js")) if os.path.isdir(folder) else ():
            built = stamped(runtime)
            if None not in (built, border()) and built != border():
                package = runtime.parent.parent.name
                report.problem(
                    "the package %s has a program for another gocomm (border %d, here %d), which does not start on this one's pages"
                    % (package, built, border()),
                    "install a version of %s that was built with gocomm %s" % (package, __version__),
                )
