"""Looks after the files of programs that are being worked on."""

import threading
import time

from .program import ProgramError

PERIOD = 0.2  # s; a look takes some 50 us

_lock = threading.Lock()  # protects _watched
_watched = {}


def watch(program, widget):
    """Tells a widget, given by a weak reference, of each new build of its program, for as long as it is there."""
    with _lock:
        widgets = _watched.get(program)
        if widgets is None:
            _watched[program] = [widget]
            # Ends when the last of the program's widgets is gone.
            threading.Thread(target=_look, args=(program,), name="gocomm: %s" % program.path, daemon=True).start()
        else:
            widgets.append(widget)


def _look(program):
    seen = program.signature()
    told = seen
    while True:
        time.sleep(PERIOD)
        with _lock:
            alive = [w for w in _watched[program] if _open(w())]
            _watched[program] = alive
            if not alive:
                del _watched[program]
                return
        now = program.signature()
        # What is still being written changes from look to look.
        if now is not None and now == seen and now != told:
            for widget in alive:
                _tell(widget())
            told = now
        seen = now


def _open(widget):
    return widget is not None and widget.comm is not None


def _tell(widget):
    if widget is None:
        return
    try:
        widget._gocomm_look()
    except ProgramError:
        pass  # the folder is being replaced: the next look finds it
