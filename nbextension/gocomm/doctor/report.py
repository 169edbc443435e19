"""What the doctor has found: tables, notes, and problems with a way out of each."""

import json
import os
import shutil
import sys


class Report:
    def __init__(self):
        self.sections = []  # (title, rows of texts)
        self.notes = []
        self.problems = []

    def section(self, *title):
        """Begins a table; ``title`` are the heads of its columns."""
        self.sections.append((title, []))

    def row(self, *cells):
        self.sections[-1][1].append(cells)

    def note(self, what):
        """What may surprise, and is not wrong."""
        self.notes.append(what)

    def problem(self, what, do):
        """What is wrong, and what to type or to do."""
        self.problems.append("%s: %s" % (what, do))

    def text(self):
        lines = []
        for title, rows in self.sections:
            table = [title] + [("  " + row[0],) + row[1:] for row in rows]
            lines += _aligned(table) + [""]
        for title, found in ("notes", self.notes), ("problems", self.problems):
            if found:
                lines += [title] + ["  " + line for line in found] + [""]
        if not self.problems:
            lines.append("No problem was found.")
        return "\n".join(lines).rstrip()

    def json(self):
        tables = [{"title": title[0], "rows": rows} for title, rows in self.sections]
        return json.dumps({"tables": tables, "notes": self.notes, "problems": self.problems}, indent=2)


def _aligned(table):
    widths = {}
    for row in table:
        for i, cell in enumerate(row[:-1]):
            widths[i] = max(widths.get(i, 15 if i == 0 else 0), len(cell))
    return [("  ".join([cell.ljust(widths[i]) for i, cell in enumerate(row[:-1])] + [row[-1]])).rstrip() for row in table]


def python():
    """What to type for the Python that runs this."""
    for name in "python", "python3":
        found = shutil.which(name)
        if found and os.path.dirname(found) == os.path.dirname(sys.executable) and os.path.realpath(found) == os.path.realpath(sys.executable):
            return name
    return os.path.abspath(sys.executable)


def command(*words):
    """A command of this Python's, in the signs that set it off in a text."""
    return "`%s -m %s`" % (python(), " ".join(words))


def reinstall(version):
    return "`%s -m pip install --force-reinstall --no-deps gocomm-%s-py3-none-any.whl`" % (python(), version)
