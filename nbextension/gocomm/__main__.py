"""``python -m gocomm``: projects of widgets and comm programs in Go."""

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
    for command in build, dev:
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
        else:
            parser.print_help()
    except ProjectError as e:
        print("gocomm: %s" % e, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
