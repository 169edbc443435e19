"""A running cell hears the page: messages of chosen comms are handled at its safe points.

A kernel handles one request at a time, so that what the page sends on a comm waits for the end
of a running cell. The messages of *live* comms do not: ``poll``, ``sleep`` and ``asleep`` handle
them, in the kernel's main thread, so that they share nothing with another thread.
"""

import asyncio
import contextlib
import threading
import time
import weakref
from typing import Any

from ._livequeue import Live6, Live7
from ._shell import channel_of

# An interrupt that comes just before a wait does not end it, and none wakes the event loop: so waits are short. In seconds.
_SHORT = 0.2

_kernels: Any = weakref.WeakKeyDictionary()  # Live, by kernel: there is one in a process


class Lively:
    """What ``live`` gives: its end, by ``close`` or at the end of a ``with``, is the end of being live."""

    def __init__(self, ended: Any) -> None:
        self._ended = ended

    def close(self) -> None:
        """Ends it: the messages wait for the cell's end again."""
        ended, self._ended = self._ended, []
        for live, comm in ended:
            live.remove(comm)

    def __enter__(self) -> "Lively":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def live(*comms: Any) -> Lively:
    """Makes comms and widgets live: while a cell runs, their messages are handled at ``gocomm.poll()``,
    ``gocomm.sleep(seconds)`` and ``await gocomm.asleep(seconds)``.

    A widget is one of ipywidgets 7 or 8, anywidget or gocomm; what it has as ``children`` at this
    time is live, too. Raises ``RuntimeError`` out of the kernel's main thread, and in kernels that are not
    ipykernel 6 or 7; ``TypeError`` for what is neither comm nor widget, and ``ValueError`` for a widget
    that is closed. Outside of a kernel nothing arrives, and it does nothing.
    """
    _check_thread("live")
    found = [comm for thing in comms for comm in _comms_of(thing)]
    ended = []
    for comm in found:
        here = _of(comm)
        if here is not None:
            here.add(comm)
            ended.append((here, comm))
    return Lively(ended)


def poll() -> int:
    """Handles the messages of live comms that have arrived, and gives their number. Raises ``RuntimeError``
    out of the kernel's main thread."""
    _check_thread("poll")
    return sum(here.poll() for here in list(_kernels.values()))


def sleep(seconds: float) -> None:
    """Sleeps, and handles the messages of live comms as they arrive. An interrupt of the kernel ends it.
    Raises ``RuntimeError`` out of the kernel's main thread."""
    _check_thread("sleep")
    if seconds < 0:
        raise ValueError("gocomm.sleep: the time must not be negative")
    until = time.monotonic() + seconds
    poll()
    while True:
        left = until - time.monotonic()
        if left <= 0:
            return
        waits = list(_kernels.values())
        if not waits:
            time.sleep(left)
            return
        waits[0].wait(min(left, _SHORT))
        poll()


async def asleep(seconds: float) -> None:
    """``sleep`` for cells that await: coroutines run on, and messages of live comms are handled as they arrive."""
    _check_thread("asleep")
    if seconds < 0:
        raise ValueError("gocomm.asleep: the time must not be negative")
    until = time.monotonic() + seconds
    arrived = asyncio.Event()
    waits = list(_kernels.values())
    for here in waits:
        here.sleepers.append(arrived)
    try:
        while True:
            arrived.clear()
            poll()
            left = until - time.monotonic()
            if left <= 0:
                return
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(arrived.wait(), min(left, _SHORT))
    finally:
        for here in waits:
            here.sleepers.remove(arrived)


def _check_thread(name):
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError(
            "gocomm.%s: this is not the kernel's main thread, where cells run and handlers are called: "
            "call it there, and use time.sleep in a thread or a subshell" % name
        )


def _comms_of(thing):
    """The comms of a comm, or of a widget and of its children."""
    if hasattr(thing, "comm_id"):
        return [thing]
    if not hasattr(thing, "comm") or not hasattr(thing, "get_state"):
        raise TypeError("gocomm.live: %r is neither a comm nor a widget" % (thing,))
    if thing.comm is None:
        raise ValueError("gocomm.live: the widget %r is closed: make a new one" % (thing,))
    comms = [thing.comm]
    for child in getattr(thing, "children", None) or ():
        if getattr(child, "comm", None) is not None:
            comms += _comms_of(child)
    return comms


def _of(comm):
    channel = channel_of(comm)
    if channel is None:
        return None
    kernel = channel.kernel
    if kernel not in _kernels:
        kind = Live7 if channel.threaded else Live6
        if not (channel.hooked and kind.fits(kernel)):
            raise RuntimeError(
                "gocomm.live: comms cannot be live in this kernel, which is neither ipykernel 6 nor one from 7.1 on: "
                "without gocomm.live, messages are handled when the cell has ended"
            )
        _kernels[kernel] = kind(kernel, channel)
    return _kernels[kernel]
