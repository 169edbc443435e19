"""Called by `python -m build`: nothing is packed without the program, which git does not know."""

import pathlib
import sys

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProgramIsThere(BuildHookInterface):
    def initialize(self, version, build_data):
        static = pathlib.Path(self.root, "dashboard", "static")
        for suffix in ".wasm.gz", ".wasm.js":
            program = static / ("dashboard" + suffix)
            if not program.is_file():
                sys.exit("%s is not there: run `python -m gocomm build` first" % program.relative_to(self.root))
        if self.target_name == "wheel":
            for program in static.glob("*.wasm.*"):
                build_data["shared_data"][str(program)] = "share/jupyter/nbextensions/dashboard/" + program.name
