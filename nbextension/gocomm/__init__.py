"""gocomm: the comm manager of classic Jupyter Notebook, in Go, and widgets whose front end is Go.

Installing this package puts the nbextension ``gocomm/main`` in place and enables it. ``gocomm.Widget`` needs the
extra ``widget``: ``pip install "gocomm[widget]"``.
"""

from typing import TYPE_CHECKING

from . import _making
from ._live import asleep as asleep
from ._live import live as live
from ._live import poll as poll
from ._live import sleep as sleep

if TYPE_CHECKING:
    from .widget import Widget as Widget

__version__ = "0.1.0"

_making.register()


def _jupyter_nbextension_paths():
    """Where ``jupyter nbextension install|enable --py gocomm`` finds the nbextension."""
    return [
        {
            "section": "notebook",
            "src": "static",
            "dest": "gocomm",
            "require": "gocomm/main",
        }
    ]


if not TYPE_CHECKING:  # type checkers know the names that there are

    def __getattr__(name):
        # Imported when it is asked for: the comm manager needs no anywidget.
        if name == "Widget":
            try:
                from .widget import Widget
            except ModuleNotFoundError as e:
                if e.name not in ("anywidget", "traitlets"):
                    raise
                raise ModuleNotFoundError('gocomm.Widget needs anywidget: pip install "gocomm[widget]"', name=e.name) from None
            return Widget
        raise AttributeError("module %r has no attribute %r" % (__name__, name))
