"""Programs that were built for the page, and the files that a page needs to run one."""

import base64
import hashlib
import json
import os
import pathlib
import uuid

BUILD = "build it with `python -m gocomm build`"

# What `python -m gocomm dev` has to say to those who look at the program, beside the program.
REPORT = "gocomm.dev.json"

# Names this process: a page asks each kernel once for a file, also when kernels come and go.
KERNEL = uuid.uuid4().hex[:8]

# What each page needs once (page.js).
PAGE = pathlib.Path(__file__).with_name("static") / "widget.js"


class ProgramError(Exception):
    """A program cannot be shown; the text says why, and what to do."""


class Program:
    """A program for the page: ``NAME.wasm.gz`` or ``NAME.wasm``, and beside it ``NAME.wasm.js``, the runtime of its Go.

    ``path`` is the program's, or that of a folder with one program in it. A release build puts smaller forms of it beside it:
    ``NAME.wasm.br``, and ``NAME.wasm.delta``, what is different in gocomm's own program, which classic pages have.
    """

    _all = {}

    @classmethod
    def at(cls, path):
        """The program of a path: one object for all widgets that show it."""
        path = pathlib.Path(os.path.abspath(str(path)))
        if path not in cls._all:
            cls._all[path] = cls(path)
        return cls._all[path]

    def __init__(self, path):
        self.path = path
        self.folder = path.parent if _is_program(path) else path
        # A package's folder static has the package's program. Builds are known by this name, also the one that is not there yet.
        package = path.parent if path.name == "static" else path
        self.name = (path if _is_program(path) else package).name.split(".")[0]
        # What is installed stays as it is.
        self.installed = bool({"site-packages", "dist-packages"} & set(path.parts))
        self._told = None
        self._seen = None
        self._files = {}

    def look(self):
        """What the page is told of the program, after a look at its files. Its ``error`` is why there is none to be shown."""
        if not self.folder.is_dir():
            raise ProgramError("gocomm: there is no folder %s" % self.folder)
        seen = self.signature()
        if self._told is None or seen != self._seen:
            self._told = self._tell()
            self._seen = seen
        return self._told

    def signature(self):
        """Changes when a file of the program does."""
        try:
            files = [p for p in self.folder.iterdir() if _is_program(p) or p.name == REPORT or p.name.endswith((".wasm.js", ".wasm.br", ".wasm.delta"))]
            return sorted((p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in files)
        except OSError:  # a build that is under way
            return None

    def file(self, integrity):
        """The content of a file that the page was told of."""
        path = self._files.get(integrity)
        if path is None:
            raise ProgramError("the kernel does not know this build of the program: run the cell again")
        try:
            content = path.read_bytes()
        except OSError as e:
            raise ProgramError("%s cannot be read any more: %s" % (path, e.strerror or e)) from None
        if _integrity(content) != integrity:
            raise ProgramError("%s has changed meanwhile: run the cell again" % path)
        return content

    def _tell(self):
        files = [self._file(PAGE, "gocomm")]
        told = {"name": self.name, "hash": "", "kernel": KERNEL, "files": files}
        if not self.installed:
            told.update(dev=True, report=self._report())
        try:
            wasm, runtime = self._find()
            # A package serves what is in its folder static by its own name, if it serves it.
            folder = self.folder.parent if self.folder.name == "static" else self.folder
            files += [self._file(wasm, folder.name), self._file(runtime, folder.name)]
            files += self._smaller(wasm, files[1])
            told["hash"] = files[1][0]
        except ProgramError as e:
            told["error"] = str(e)
        return told

    def _smaller(self, wasm, whole):
        """The program's smaller forms, of what is served where the whole one is. The page of a delta has to have what it is for."""
        forms = []
        for suffix in ".delta", ".br":
            path = wasm.with_suffix(suffix)
            if wasm.suffix == ".gz" and path.is_file():
                file = self._file(path, whole[1].rpartition("/")[0])
                if file[2] & whole[2] == whole[2]:
                    forms.append(file + [path.read_bytes()[:8].hex()] if suffix == ".delta" else file)
        return forms

    def _report(self):
        try:
            return json.loads((self.folder / REPORT).read_text("utf-8"))["report"]
        except (OSError, ValueError, KeyError):
            return ""

    def _file(self, path, place):
        try:
            integrity = _integrity(path.read_bytes())
        except OSError as e:
            raise ProgramError("%s cannot be read: %s" % (path, e.strerror or e)) from None
        self._files[integrity] = path
        name = "%s/%s" % (place, path.name)
        return [integrity, name, _served(name, integrity)]

    def _find(self):
        if _is_program(self.path):
            found = {self.path}
        else:
            # Of the two kinds of one program the newer one is meant.
            by_time = sorted(filter(_is_program, self.folder.iterdir()), key=lambda p: p.stat().st_mtime)
            found = set({p.name.split(".")[0]: p for p in by_time}.values())
        if not found:
            raise ProgramError("there is no program in %s: %s" % (self.folder, BUILD))
        if len(found) > 1:
            raise ProgramError("there are several programs in %s: name one of %s" % (self.folder, ", ".join(sorted(p.name for p in found))))
        wasm = found.pop()
        runtime = wasm.with_name(wasm.name.split(".")[0] + ".wasm.js")
        for path in wasm, runtime:
            if not path.is_file():
                raise ProgramError("there is no %s: %s" % (path, BUILD))
        with open(str(wasm), "rb") as f:
            start = f.read(4)
        if start != b"\0asm" and start[:2] != b"\x1f\x8b":
            raise ProgramError("%s is no WebAssembly program: %s" % (wasm, BUILD))
        return wasm, runtime


def _is_program(path):
    return path.name.endswith((".wasm", ".wasm.gz"))


def _integrity(content):
    """A hash as a browser's fetch takes it, which checks it on pages of any origin."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()


def _served(name, integrity):
    """Where a Jupyter server of this environment serves this very file: 1 among nbextensions, 2 among labextensions, 3 both, 0 nowhere."""
    try:
        from jupyter_core.paths import jupyter_path
    except ImportError:
        return 0
    served = 0
    for bit, kind in (1, "nbextensions"), (2, "labextensions"):
        paths = (os.path.join(folder, *name.split("/")) for folder in jupyter_path(kind))
        first = next(filter(os.path.isfile, paths), None)
        if first is not None:
            with open(first, "rb") as f:
                served |= bit if _integrity(f.read()) == integrity else 0
    return served
