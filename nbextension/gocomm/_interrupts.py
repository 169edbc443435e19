"""Interrupts of the kernel, kept back for a while."""

import contextlib
import signal


class Uninterrupted:
    """Keeps an interrupt until its end: between reading a message and handling it, one would lose it."""

    def __init__(self):
        self._before, self._noted = None, None

    def _note(self, *args):
        self._noted = args

    def __enter__(self):
        self._before = signal.signal(signal.SIGINT, self._note) or signal.SIG_DFL  # None is one that is not Python's
        return self

    def __exit__(self, *_):
        signal.signal(signal.SIGINT, self._before)
        if self._noted is not None and callable(self._before):
            self._before(*self._noted)

    @contextlib.contextmanager
    def allowed(self):
        """Lets handlers be interrupted, as the kernel does. It gives whether an interrupt has come before."""
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            yield self._noted is not None
        finally:
            signal.signal(signal.SIGINT, self._note)
