"""The event loop for coroutine handlers: the running one, or another thread's while a blocking call stops that."""

import asyncio
import contextlib
import threading

_waits = threading.local()  # depth: how many blocking calls the thread waits in
_lock = threading.Lock()
_background = None


@contextlib.contextmanager
def blocked():
    """Says that this thread's event loop stands still."""
    _waits.depth = getattr(_waits, "depth", 0) + 1
    try:
        yield
    finally:
        _waits.depth -= 1


def call(f):
    """Calls f on an event loop that runs: at once where that is this thread's."""
    if getattr(_waits, "depth", 0) == 0:
        f()
    else:
        _other().call_soon_threadsafe(f)


def _other():
    global _background
    with _lock:
        if _background is None:
            _background = asyncio.new_event_loop()
            threading.Thread(target=_background.run_forever, name="gocomm calls", daemon=True).start()
        return _background
