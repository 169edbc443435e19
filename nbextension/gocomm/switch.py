"""Whether Jupyter loads gocomm's extensions: which of its settings decides, and how to change that.

Classic Notebook and Lab read settings alike: NAME.d/*.json and NAME.json, which takes precedence, of each of Jupyter's configuration
folders. Which of these comes first differs: an environment's in a virtual environment that the user owns, else the user's.
"""

import contextlib
import glob
import json
import os
import sys

from .project import ProjectError

CLASSIC, LAB = "classic Notebook", "JupyterLab, Notebook 7"


class Switch:
    """The settings of one kind of page: files of the name ``section`` in the folders ``kind``."""

    def __init__(self, page, kind, section, table, key, inverse):
        self.page, self.kind, self.section = page, kind, section
        self.table, self.key = table, key
        self.inverse = inverse  # the table lists what is disabled

    def state(self):
        """Whether the extension is loaded, if it is installed, and the file that says so: None where none does."""
        values = self._values()
        if not self.inverse:
            on, path = values.get(self.key, (False, None))
            return bool(on), path
        # Lab takes the names of extensions and of their plugins.
        for key, (off, path) in sorted(values.items()):
            if off and (key == self.key or key.startswith(self.key + ":")):
                return False, path
        return True, values.get(self.key, (None, None))[1]

    def set(self, on):
        """Has the extension loaded or not, and returns the file that was changed: None if nothing had to be."""
        changed = None
        refused = ""
        for folder in _folders():
            path = os.path.join(folder, self.kind, self.section + ".json")
            state, decides = self.state()
            if state == on:
                return changed
            try:
                # What a lower setting says already needs none here.
                self._write(path, None)
                if self.state()[0] != on:
                    self._write(path, on)
                changed = path
            except OSError as e:
                refused = refused or "; %s cannot be written: %s" % (path, e.strerror or e)
            if decides is not None and decides.startswith(os.path.join(folder, "")):
                break  # settings of the folders that follow have no effect
        state, decides = self.state()
        if state != on:
            raise ProjectError(
                "%s: gocomm stays %s, as %s says%s" % (self.page, "on" if state else "off", decides or "no file", refused or ": change it there")
            )
        return changed

    def broken(self):
        """The files that Jupyter cannot read, and why."""
        return [(path, why) for path, _, why in self._files() if why]

    def _keys(self):
        if self.inverse:
            return sorted({self.key} | {k for k, (off, _) in self._values().items() if off and k.startswith(self.key + ":")})
        return [self.key]

    def _values(self):
        """The table's values, each with the file that has set it."""
        values = {}
        for path, data, _ in self._files():
            table = data.get(self.table)
            if isinstance(table, list):
                table = dict.fromkeys(table, True)
            for key, value in (table if isinstance(table, dict) else {}).items():
                if value is None:
                    values.pop(key, None)
                else:
                    values[key] = value, path
        return values

    def _files(self):
        """Path, content, and what is wrong with it, of each file: those that take precedence last."""
        found = []
        paths = []
        if self.inverse:
            lab = os.environ.get("JUPYTERLAB_DIR") or os.path.join(sys.prefix, "share", "jupyter", "lab")
            paths.append(os.path.join(lab, "settings", self.section + ".json"))
        for folder in reversed(_folders()):
            name = os.path.join(folder, self.kind, self.section)
            paths += sorted(glob.glob(os.path.join(glob.escape(name) + ".d", "*.json"))) + [name + ".json"]
        for path in paths:
            data, why = _read(path)
            if data or why:
                found.append((path, data, why))
        return found

    def _write(self, path, on):
        """Writes the setting into a file; None removes it there."""
        data, why = _read(path)
        if why:
            raise OSError(0, why)
        before = json.dumps(data)
        table = data.get(self.table, {})
        if isinstance(table, list):
            table = dict.fromkeys(table, True)
        for key in self._keys():
            table.pop(key, None)
            if on is not None:
                table[key] = on != self.inverse
        data[self.table] = table
        if not table:
            del data[self.table]
        if json.dumps(data) == before:
            return
        if not data:  # as before somebody switched gocomm off
            os.remove(path)
            with contextlib.suppress(OSError):
                os.rmdir(os.path.dirname(path))
            return
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(json.dumps(data, indent=2) + "\n")


SWITCHES = {
    "classic": Switch(CLASSIC, "nbconfig", "notebook", "load_extensions", "gocomm/main", inverse=False),
    "lab": Switch(LAB, "labconfig", "page_config", "disabledExtensions", "gocomm", inverse=True),
}


def switch(on, pages):
    """``python -m gocomm enable`` and ``disable``."""
    for name in pages:
        if name not in SWITCHES:
            raise ProjectError("%r is no kind of page: there are %s" % (name, " and ".join(sorted(SWITCHES))))
    for name in pages or sorted(SWITCHES):
        changed = SWITCHES[name].set(on)
        print("%s: %s (%s)" % (SWITCHES[name].page, "on" if on else "off", changed or "as it was"))
    print("Reload the open pages.")


def _folders():
    """Jupyter's configuration folders, the one that takes precedence first."""
    try:
        from jupyter_core.paths import jupyter_config_path
    except ImportError:
        raise ProjectError("there is no Jupyter in this environment: use the Python of the notebook server") from None
    return list(dict.fromkeys(jupyter_config_path()))


def _read(path):
    try:
        with open(path, encoding="utf-8") as f:
            text = f.read()
        data = json.loads(text) if text else {}
    except (FileNotFoundError, NotADirectoryError):
        return {}, ""
    except OSError as e:
        return {}, e.strerror or str(e)
    except ValueError as e:
        return {}, "no JSON: %s" % e
    return (data, "") if isinstance(data, dict) else ({}, "no JSON object")
