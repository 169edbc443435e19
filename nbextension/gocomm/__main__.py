"""``python -m gocomm``: projects of widgets and comm programs in Go, and whether gocomm works here."""

import argparse
import sys

from . import __version__
from .project import Project, ProjectError


def main(args=None):
    parser = argparse.ArgumentParser(prog="python -m gocomm", description="Widgets and comms of Jupyter whose front end is a Go program.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    new = commands.add_parser("new", help="make a project: a Go program, a Python package, a test, a notebook")
    new.add_argument("name", help="the name of the project's folder, Python package and Go module")
    new.add_argument(
        "--comm", dest="kind", action="store_const", const="comm", default="widget", help="a program that answers comms, instead of a widget's"
    )
    build = commands.add_parser("build", help="compile the project's program into its Python package")
    dev = commands.add_parser(
        "dev",
        help="open the project's notebook; what is saved in a .go file is compiled. A widget's program takes the old one's place on the page, "
        "a comm program runs when the page is loaded again",
    )
    dev.add_argument("--no-jupyter", action="store_true", help="compile only: the notebook is open elsewhere")
    dev.add_argument("jupyter", nargs="*", metavar="-- OPTION", help="options of Jupyter's, such as `-- --no-browser`")
    doctor = commands.add_parser("doctor", help="look for what keeps gocomm from working here, and say what to do; ends with 1 if there is something")
    doctor.add_argument("--json", action="store_true", help="for programs")
    for word, what in ("enable", "have pages load gocomm's extensions"), ("disable", "have them load none; widgets go on working"):
        switch = commands.add_parser(word, help=what)
        switch.add_argument("pages", nargs="*", metavar="classic|lab", help="the pages of classic Notebook, or of JupyterLab and Notebook 7 (all)")
    for command in build, dev, doctor:
        command.add_argument("--project", default=".", metavar="FOLDER", help="the project's folder (this one)")
    given = parser.parse_args(args)
    try:
        if given.command == "new":
            from .new import new_project

            new_project(given.name, given.kind)
        elif given.command == "build":
            Project(given.project).build(say=print)
        elif given.command == "dev":
            from .dev import develop

            develop(Project(given.project), jupyter=None if given.no_jupyter else given.jupyter)
        elif given.command == "doctor":
            from .doctor import examine

            report = examine(given.project)
            print(report.json() if given.json else report.text())
            return 1 if report.problems else 0
        elif given.command in ("enable", "disable"):
            from .switch import switch as switch_pages

            switch_pages(given.command == "enable", given.pages)
        else:
            parser.print_help()
    except ProjectError as e:
        print("gocomm: %s" % e, file=sys.stderr)
        return 1
    except OSError as e:
        if e.filename is None:
            raise
        print("gocomm: %s: %s; use a folder that you may write to" % (e.filename, e.strerror), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
