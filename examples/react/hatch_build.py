"""Called by `python -m build`: nothing is packed without React, which git does not know."""

import pathlib
import sys

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ReactIsThere(BuildHookInterface):
    def initialize(self, version, build_data):
        if not pathlib.Path(self.root, "tasks", "static", "react.js").is_file():
            sys.exit("tasks/static/react.js is not there: run `npm ci` and `npm run build` first")
        if self.target_name == "wheel":
            for file in "page/main.js", "page/tasks.js", "static/react.js":
                source = pathlib.Path(self.root, "tasks", file)
                build_data["shared_data"][str(source)] = "share/jupyter/nbextensions/tasks/" + file.removeprefix("page/")
