"""Called by `python -m build`: nothing is packed without the program and its extensions, which git does not know."""

import pathlib
import sys

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProgramIsThere(BuildHookInterface):
    def initialize(self, version, build_data):
        jupyter = pathlib.Path(self.root, "greeter", "static", "share", "jupyter")
        for place in "nbextensions/greeter", "labextensions/greeter/static":
            for suffix in ".wasm.gz", ".wasm.js":
                program = jupyter / place / ("greeter" + suffix)
                if not program.is_file():
                    sys.exit("%s is not there: run `python -m gocomm build` first" % program.relative_to(self.root))
