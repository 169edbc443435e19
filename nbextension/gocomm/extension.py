"""The extensions that load a project's comm programs: of classic Notebook, and of JupyterLab 4 and Notebook 7.

Neither needs a build of Jupyter's: Lab takes a script that looks like the entry of a webpack container.
"""

import hashlib
import json
import pathlib
import re

_SCRIPTS = pathlib.Path(__file__).parent / "extension"

# Below these folders of a project's build, as below an environment's, Jupyter finds them.
DATA, CONFIG = "share/jupyter", "etc/jupyter"


def extensions(folder, name, programs):
    """The extensions' files by their paths, for the package of a name, of the project in a folder.

    ``programs`` are the contents of the files ``NAME.wasm.gz`` and ``NAME.wasm.js``, and of ``NAME.wasm.br`` if there is one. A file
    comes after those that it names: a page may be loaded while they are written.
    """
    project = _project(folder)
    classic, lab = "%s/nbextensions/%s/" % (DATA, name), "%s/labextensions/%s/" % (DATA, name)
    files = {}
    for file, content in programs.items():
        files[classic + file] = files[lab + "static/" + file] = content
    wasm = sorted(file[:-3] for file in programs if file.endswith(".gz"))
    files[classic + "main.js"] = _script("main.js", name, wasm)
    # Browsers keep what they have from Lab's server: what changes gets another name, or another query.
    entry = _script("lab.js", name, ["%s?v=%s" % (w, _hash(programs[w + ".gz"] + programs[w + ".js"])) for w in wasm])
    load = "static/remoteEntry.%s.js" % _hash(entry)
    files[lab + load] = entry
    files[lab + "install.json"] = _json(
        {"packageManager": "python", "packageName": project["name"], "uninstallInstructions": "pip uninstall " + project["name"]}
    )
    files[lab + "package.json"] = _json(
        {
            "name": name,
            "version": project["version"],
            "description": project["description"],
            "jupyterlab": {"extension": True, "_build": {"load": load, "extension": "./extension"}},
        }
    )
    files["%s/nbconfig/notebook.d/%s.json" % (CONFIG, name)] = _json({"load_extensions": {name + "/main": True}})
    return files


def _project(folder):
    """What pyproject.toml says of the project. Python reads TOML since 3.11 only; these are lines of their own."""
    found = {"name": folder.name, "version": "0.0.0", "description": ""}
    try:
        text = (folder / "pyproject.toml").read_text("utf-8")
    except OSError:
        return found
    table = re.search(r"^\[project\]\s*$(.*?)(?=^\[|\Z)", text, re.M | re.S)
    for key, value in re.findall(r"^(name|version|description)\s*=\s*[\"'](.*)[\"']\s*(?:#.*)?$", table.group(1) if table else "", re.M):
        found[key] = value
    return found


def _script(source, name, programs):
    text = (_SCRIPTS / source).read_text("utf-8")
    return text.replace("$NAME", name).replace("$PROGRAMS", " ".join(programs)).encode()


def _json(value):
    return (json.dumps(value, indent=2) + "\n").encode()


def _hash(content):
    return hashlib.sha256(content).hexdigest()[:16]
