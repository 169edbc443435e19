"""Timers on one daemon thread, which runs while there are some."""

import heapq
import itertools
import logging
import threading
import time
from typing import Any, Callable, List, Tuple

log = logging.getLogger("gocomm")

_due: List[Tuple[float, int, Callable[[], Any]]] = []
_count = itertools.count()
_changed = threading.Condition()
_running = False


def after(seconds: float, f: Callable[[], Any]) -> None:
    """Calls f once, on the timers' thread; f does not wait."""
    global _running
    with _changed:
        heapq.heappush(_due, (time.monotonic() + seconds, next(_count), f))
        if not _running:
            _running = True
            threading.Thread(target=_run, name="gocomm timers", daemon=True).start()
        _changed.notify()


def _run() -> None:
    global _running
    while True:
        with _changed:
            if not _due:
                _changed.wait(10)
                if not _due:
                    _running = False
                    return
            wait = _due[0][0] - time.monotonic()
            if wait > 0:
                _changed.wait(wait)
                continue
            f = heapq.heappop(_due)[2]
        try:
            f()
        except Exception:
            log.error("a timer failed", exc_info=True)
