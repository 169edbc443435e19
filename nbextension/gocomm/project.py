"""A project with widgets or comm programs: Go programs for the page, and the Python package that they are shipped in."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from . import __version__
from ._packing import gzipped, smaller, write_base
from .extension import CONFIG, DATA, extensions

HERE = pathlib.Path(__file__).parent

# The folder of a project that has gocomm's Go packages: go.mod says `replace gocomm => ./.gocomm`.
GO_PACKAGES = ".gocomm"


class ProjectError(Exception):
    """What keeps a project from being built; the text says what to do."""


class CompileError(ProjectError):
    """What the Go compiler found."""


class Project:
    """The project in a folder: ``go.mod`` is there, and a Python package beside it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(os.path.abspath(str(folder)))
        if not (self.folder / "go.mod").is_file():
            raise ProjectError("%s is no project: it has no go.mod (`python -m gocomm new NAME` makes a project)" % self.folder)
        packages = sorted(p.parent for p in self.folder.glob("*/__init__.py"))
        if len(packages) != 1:
            found = ", ".join(p.name for p in packages) or "none"
            raise ProjectError("one Python package is wanted in %s, for the program to go into; found: %s" % (self.folder, found))
        self.package = packages[0]
        self.static = self.package / "static"
        self.comms = False  # whether the last build has found a comm program

    def build(self, say=lambda text: None, release=True):
        """Compiles the programs, Go's ``main`` packages, into the Python package's folder static: small ones for a release, else fast.

        Comm programs, which pages load and not widgets, get the extensions that have Jupyter load them.
        """
        put_go_packages(self.folder)
        comms = {}
        for path, name, comm in self._programs():
            start = time.monotonic()
            module, forms = self._compile(path, release, delta=not comm)  # classic pages load comm programs beside what deltas are for
            forms[".gz"] = gzipped(module, release)
            # The runtime first: a page that sees a new program takes the runtime beside it.
            files = {name + ".wasm.js": runtime(self.folder)}
            files.update((name + ".wasm" + suffix, content) for suffix, content in sorted(forms.items()))
            if comm:
                comms.update((file, content) for file, content in files.items() if content)
            else:
                self.static.mkdir(exist_ok=True)
                for file, content in files.items():
                    write(self.static / file, content)
            sizes = ", ".join("%s %d KB" % (suffix[1:], len(content) // 1000) for suffix, content in sorted(forms.items()) if content)
            static = self.static.relative_to(self.folder)
            say("%s.wasm into %s: %d KB, %s, in %.1f s" % (name, static, len(module) // 1000, sizes, time.monotonic() - start))
        self.comms = bool(comms)
        self._put(extensions(self.folder, self.package.name, comms) if comms else {})

    def _programs(self):
        """The programs: import path, name, and whether it is one for comms, by what it imports."""
        form = '{{if eq .Name "main"}}{{.ImportPath}}{{range .Deps}}{{if eq . "gocomm/jsglue"}} comm{{end}}{{end}}\n{{end}}'
        listed = [line.split() for line in go(self.folder, "list", "-buildvcs=false", "-f", form, "./...").splitlines() if line]
        if not listed:
            raise CompileError("there is no `package main` in %s" % self.folder)
        return [(path, path.rsplit("/", 1)[-1], bool(comm)) for path, *comm in listed]

    def _put(self, files):
        """Writes what Jupyter's folders are to have, and removes what an earlier build has put there."""
        for name, content in files.items():
            path = self.static / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path, content)
        for top in DATA, CONFIG:
            for path in sorted((self.static / top).rglob("*"), reverse=True):  # a folder comes after what is in it
                if path.is_dir():
                    if not any(path.iterdir()):
                        path.rmdir()
                elif path.relative_to(self.static).as_posix() not in files:
                    path.unlink()

    def _compile(self, path, release, delta):
        """The program, and its smaller forms by their suffixes: None for one that is not made."""
        with tempfile.TemporaryDirectory(prefix="gocomm-") as scratch:
            out, known = pathlib.Path(scratch) / "out.wasm", pathlib.Path(scratch) / "base.wasm"
            go(self.folder, "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", str(out), path)
            if release:
                base = ("-base", str(known)) if delta and write_base(known) else ()
                go(self.folder, "run", "-buildvcs=false", "gocomm/cmd/shrink", *base, str(out), page=False)
            module = out.read_bytes()
            return module, smaller(module, out.with_suffix(".wasm.delta"), release)

    def sources(self):
        """A signature of what the program is made of: it changes when a file is saved."""
        seen = []
        for folder, folders, files in os.walk(str(self.folder)):
            folders[:] = [f for f in folders if f[0] not in "._" and os.path.join(folder, f) != str(self.package)]
            for name in files:
                if name.endswith(".go") or name in ("go.mod", "go.sum"):
                    path = os.path.join(folder, name)
                    try:
                        stat = os.stat(path)
                    except OSError:  # an editor that puts another file in its place
                        continue
                    seen.append((path, stat.st_mtime_ns, stat.st_size))
        return sorted(seen)


def go(folder, *args, page=True):
    """Runs the go command, for the page or for this machine, and returns what it printed."""
    env = dict(os.environ, GOOS="js", GOARCH="wasm")
    if not page:  # whatever the user's settings build for
        env["GOOS"], env["GOARCH"] = go(folder, "env", "GOHOSTOS", "GOHOSTARCH").split()
    try:
        ran = subprocess.run(("go",) + args, cwd=str(folder), env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except FileNotFoundError:
        raise ProjectError("there is no Go on PATH: 1.26 or newer is needed, see https://go.dev/dl/") from None
    if ran.returncode:
        said = ran.stderr.decode("utf-8", "replace")
        if re.search(r"requires go >= |invalid go version|unknown directive: toolchain", said):
            raise CompileError("%s\nanother Go is needed: `python -m gocomm doctor` says which, and how to get it" % said.strip())
        # "# package" heads the compiler's lines; what is left names file, line and column.
        raise CompileError("\n".join(line for line in said.splitlines() if not line.startswith("# ")).strip())
    return ran.stdout.decode("utf-8")


_runtimes = {}


def runtime(folder):
    """The module that starts programs of the Go in use: its wasm_exec.js in gocomm's wrapper."""
    root, version = go(folder, "env", "GOROOT", "GOVERSION").split("\n")[:2]
    if version not in _runtimes:
        path = pathlib.Path(root) / "lib" / "wasm" / "wasm_exec.js"
        try:
            source = path.read_text("utf-8")
        except OSError as e:
            raise ProjectError("the Go installation is incomplete: %s: %s" % (path, e.strerror or e)) from None
        wrapper = (HERE / "wasmexec.js").read_text("utf-8")
        head, place, tail = wrapper.partition("/* wasm_exec.js */")
        if not place:
            raise ProjectError("gocomm's wasmexec.js is damaged: install gocomm anew")
        mark = "// lib/wasm/wasm_exec.js of %s, wrapped by gocomm %s, border %s\n" % (version, __version__, border())
        _runtimes[version] = (mark + head + source + tail).encode()
    return _runtimes[version]


def border():
    """The version of the border between Go and JavaScript in this gocomm: a program runs only on pages of the same."""
    path = HERE / "go" / "internal" / "border" / "border_js.go"
    if not path.is_file():
        return None
    source = path.read_text("utf-8")
    return int(re.search(r"^const version = (\d+)$", source, re.M).group(1))


def stamped(runtime):
    """The version of the border that a program was built for, by the first line of its runtime: None if that does not say it."""
    try:
        with open(str(runtime), encoding="utf-8") as f:
            found = re.match(r"// .* wrapped by gocomm .*, border (\d+)$", f.readline().rstrip())
    except (OSError, UnicodeDecodeError):
        return None
    return int(found.group(1)) if found else None


def put_go_packages(folder):
    """Puts this gocomm's Go packages where the project's go.mod says that they are."""
    if go_packages_of(folder) is not False:
        return
    source, target = HERE / "go", folder / GO_PACKAGES
    if not source.is_dir():
        raise ProjectError("this gocomm has no Go packages: projects need the one that pip installs, and this runs from %s" % HERE)
    if target.exists():
        shutil.rmtree(str(target))
    shutil.copytree(str(source), str(target))
    (target / _STAMP).write_text(_sum(source), "utf-8")


_STAMP = "gocomm.stamp"


def go_packages_of(folder):
    """Whether the Go packages in the project are this gocomm's: None if its go.mod has them from elsewhere."""
    mod = (folder / "go.mod").read_text("utf-8")
    if not re.search(r"^\s*(replace\s+)?gocomm\s+=>\s+\./%s\s*$" % re.escape(GO_PACKAGES), mod, re.M):
        return None
    stamp = folder / GO_PACKAGES / _STAMP
    return stamp.is_file() and stamp.read_text("utf-8") == _sum(HERE / "go")


def _sum(folder):
    hash = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        hash.update(("%s %d\n" % (path.relative_to(folder).as_posix(), path.stat().st_size)).encode())
        hash.update(path.read_bytes())
    return hash.hexdigest()


def write(path, content):
    """Writes a file so that whoever reads it meanwhile gets the old or the new one; one that stays keeps its time. None removes it."""
    if content is None:
        if path.is_file():
            path.unlink()
        return
    if path.is_file() and path.read_bytes() == content:
        return
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    os.replace(str(part), str(path))
