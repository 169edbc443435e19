"""Widgets whose front end is a Go program."""

import os
import pathlib
import warnings
import weakref
from typing import Any, Optional, Union

import anywidget
import traitlets

from ._floats import floats, texts
from .program import Program, ProgramError
from .watch import watch

# Shorter texts fit Jupyter's cut of a widget's plain text.
_REPR_LIMIT = 100


class Widget(anywidget.AnyWidget):
    """The base class of widgets whose front end is a Go program for the page.

    A subclass names the program and the traits that it shares with it::

        class Counter(gocomm.Widget):
            _wasm = pathlib.Path(__file__).parent / "static"
            value = traitlets.Int(0).tag(sync=True)

    ``_wasm`` is the path of ``NAME.wasm.gz`` or ``NAME.wasm``, or of a folder that ``python -m gocomm build`` has put one into.
    A program outside of site-packages is looked after: a new build takes the old one's place on the page.

    ``_max_send`` is how large a message of the program may be, in bytes; None means 8 MiB. A larger one is refused with an error
    in Go, because the server would close the connection. Jupyter's server takes 10 MiB, or what its ``tornado_settings`` have as
    ``websocket_max_message_size``.
    """

    _wasm: Optional[Union[str, "os.PathLike[str]"]] = None
    _max_send: Optional[int] = None
    _esm = pathlib.Path(__file__).with_name("front.js").read_text("utf-8")
    _gocomm_program = traitlets.Dict().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        if self._wasm is None:
            raise ProgramError("gocomm: %s has no _wasm, the path of its program" % type(self).__name__)
        self._gocomm = Program.at(self._wasm)
        super().__init__(_gocomm_program=self._gocomm_told(), **traits)
        error = self._gocomm_program.get("error")
        if error:
            warnings.warn("gocomm: %s: %s" % (type(self).__name__, error), stacklevel=2)
        if not self._gocomm.installed:
            watch(self._gocomm, weakref.ref(self))

    def _gocomm_told(self):
        told = dict(self._gocomm.look(), shows=self._gocomm_shows())
        if self._max_send is not None:
            told["maxSend"] = int(self._max_send)
        return told

    def _gocomm_look(self):
        """Tells the page of the program's files as they are now."""
        self._gocomm_program = self._gocomm_told()

    def _gocomm_shows(self):
        """The traits that say in a word what the widget's state is."""
        plain = (traitlets.Int, traitlets.Float, traitlets.Bool, traitlets.Unicode)
        own = set(self.trait_names(sync=True)) - set(anywidget.AnyWidget.class_trait_names())
        return sorted(n for n in own if n[0] != "_" and isinstance(self.traits()[n], plain))

    @staticmethod
    def _trait_to_json(value, _):
        return texts(value)

    def trait_metadata(self, traitname: str, key: str, default: Any = None) -> Any:
        """How ipywidgets finds ``from_json``: a trait that has none of its own takes the texts of NaN and infinities as floats."""
        found = super().trait_metadata(traitname, key, default)
        if key == "from_json" and found is self._trait_from_json:
            return lambda value, _: floats(value, getattr(type(self), traitname))
        return found

    def send(self, content: Any, buffers: Any = None) -> None:
        super().send(texts(content), buffers)

    def _handle_custom_msg(self, content, buffers):
        what = content.get("gocomm") if isinstance(content, dict) else None
        if not isinstance(what, str) or what not in ("look", "state") and not what.startswith("sha256-"):
            super()._handle_custom_msg(content, buffers)
            return
        # front.js asks for a file by its hash, or for what _gocomm_program says now; page.js, after a gap in the connection, for the state.
        # Nobody else hears of it.
        if what == "state":
            self.send_state()
            return
        try:
            if what == "look":
                self._gocomm_look()
                self.send({"gocomm": what, "told": self._gocomm_program})
            else:
                self.send({"gocomm": what}, [self._gocomm.file(what)])
        except ProgramError as e:
            self.send({"gocomm": what, "error": str(e)})

    def __repr__(self) -> str:
        """The state in a word: it stands for the widget where none can be shown."""
        text = ", ".join("%s=%r" % (n, getattr(self, n)) for n in self._gocomm_shows())
        return "%s(%s)" % (type(self).__name__, text if len(text) <= _REPR_LIMIT else text[:_REPR_LIMIT] + "…")
