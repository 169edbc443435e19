"""A button that counts its clicks; what it looks like is written in Go (counter.go, main_js.go)."""

import pathlib

import gocomm
import traitlets


class Counter(gocomm.Widget):
    """Shows its value, and counts clicks."""

    _wasm = pathlib.Path(__file__).parent / "static"  # `python -m gocomm build` puts the program there

    # For hosts that do not style buttons as ipywidgets does, such as marimo.
    _css = ":where(.counter) { padding: 2px 10px; border: 1px solid; cursor: pointer; }"

    value = traitlets.Int(0).tag(sync=True)
