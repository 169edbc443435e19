"""The Go that compiles programs: only who writes some needs it."""

import json
import os
import pathlib
import re
import shutil
import subprocess

from ..project import HERE

DOWNLOAD = "install Go from https://go.dev/dl/, and put its folder bin on PATH"


def check(report, project):
    """``project`` is the folder of one, or None: then what is wrong with Go keeps nothing from working."""
    report.section("Go")
    need = needed(project)

    def wrong(what, do):
        if project:
            report.problem(what, do)
        else:
            report.note("%s: %s" % (what, do))

    path = shutil.which("go")
    if path is None:
        report.row("go", "-", "" if project else "only who writes programs needs it")
        wrong("there is no Go on PATH", "%s (%s or newer)" % (DOWNLOAD, need))
        return
    try:
        env = _environment(path)
    except (OSError, ValueError, subprocess.SubprocessError) as e:
        report.row("go", path)
        wrong("%s does not work" % path, "%s (%s)" % (DOWNLOAD, str(e).strip().splitlines()[-1]))
        return
    version, chosen = env.get("GOVERSION", ""), env["GOTOOLCHAIN"]
    if re.match(r"go[0-9][^+]*$", chosen):
        version = chosen  # the go command runs this one, whatever it is itself
    report.row("go", version[2:] or "?", path)
    report.row("needed", need)
    _version(report, wrong, version, need, chosen)
    _settings(report, wrong, env)
    runtime = os.path.join(env.get("GOROOT", ""), "lib", "wasm", "wasm_exec.js")
    if number(version) >= number("1.24") and not os.path.isfile(runtime):
        wrong("the Go installation has no %s" % runtime, "on Debian `apt-get install golang-misc`, else %s" % DOWNLOAD)
    if project:
        _workspace(report, env, project)


def needed(project):
    """The Go that gocomm's packages and the project ask for."""
    asked = ["1.26"]
    for folder in HERE / "go", project:
        try:
            asked += re.findall(r"^go\s+([0-9.]+)", (pathlib.Path(folder) / "go.mod").read_text("utf-8"), re.M)
        except (OSError, TypeError):
            pass
    return max(asked, key=number)


def number(version):
    """What can be compared of "go1.26.8", "1.26" or "go1.27rc1"."""
    return tuple(int(n) for n in re.findall(r"[0-9]+", version.partition("rc")[0].partition("-")[0])[:3])


def _environment(path):
    """Go's settings for the page. It is not to fetch another Go, as it may in a project that asks for one."""
    ran = subprocess.run(
        [path, "env", "-json"],
        cwd=pathlib.Path.cwd().anchor,
        env=dict(os.environ, GOTOOLCHAIN="local", GOOS="js", GOARCH="wasm"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=20,
    )
    if ran.returncode:
        raise ValueError(ran.stderr.decode("utf-8", "replace") or "it ends with status %d" % ran.returncode)
    env = json.loads(ran.stdout.decode("utf-8"))
    env["GOTOOLCHAIN"] = os.environ.get("GOTOOLCHAIN") or _written(env.get("GOENV"), "GOTOOLCHAIN")
    if not env["GOTOOLCHAIN"]:
        env["GOTOOLCHAIN"] = _written(os.path.join(env.get("GOROOT", ""), "go.env"), "GOTOOLCHAIN") or "local"
    return env


def _written(path, name):
    """What `go env -w`, or who has packed this Go, has set."""
    try:
        with open(path or "", encoding="utf-8") as f:
            found = re.findall(r"^%s=(.*)$" % name, f.read(), re.M)
    except OSError:
        found = []
    return found[-1].strip() if found else ""


def _version(report, wrong, version, need, chosen):
    if not number(version) or number(version) >= number(need):
        return
    # The go command knows how to fetch another one since Go 1.21.
    if number(version) < number("1.21"):
        wrong("Go is %s, and %s is needed" % (version[2:], need), DOWNLOAD)
    elif "auto" in chosen or "path" in chosen:
        report.note("Go is %s, and %s is needed: the first build gets it, as GOTOOLCHAIN=%s says" % (version[2:], need, chosen))
    else:
        wrong(
            "Go is %s, %s is needed, and GOTOOLCHAIN=%s keeps the go command from getting it" % (version[2:], need, chosen),
            "`go env -w GOTOOLCHAIN=auto` and `unset GOTOOLCHAIN`, or " + DOWNLOAD,
        )


def _settings(report, wrong, env):
    flags = env.get("GOFLAGS", "").split()
    if "-mod=vendor" in flags:
        wrong("GOFLAGS has -mod=vendor, and projects vendor nothing", "`unset GOFLAGS`, or `go env -u GOFLAGS`")
    elif flags:
        report.note("GOFLAGS is set: %s" % " ".join(flags))
    if env.get("GO111MODULE") == "off":
        wrong("GO111MODULE is off, and projects are modules", "`unset GO111MODULE`, or `go env -u GO111MODULE`")


def _workspace(report, env, project):
    """A go.work above a project that does not name it keeps the go command from building it."""
    path = os.environ.get("GOWORK") or _written(env.get("GOENV"), "GOWORK")
    if path == "off":
        return
    works = [pathlib.Path(path)] if path else [folder / "go.work" for folder in [project] + list(project.parents)]
    for work in works:
        if not work.is_file():
            continue
        text = re.sub(r"//.*", "", work.read_text("utf-8", "replace"))
        used = " ".join(re.findall(r"^use\s*\((.*?)\)", text, re.M | re.S) + re.findall(r"^use\s+([^(\s]+)", text, re.M)).split()
        if project not in [pathlib.Path(os.path.abspath(str(work.parent / u.strip('"')))) for u in used]:
            report.problem("%s does not name this project, so the go command does not build it" % work, "`go work use .`, or set GOWORK=off")
        return
