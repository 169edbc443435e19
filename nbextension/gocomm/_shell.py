"""The kernel's shell channel, as far as calls need it.

A kernel handles one request at a time, so that what the page sends on a comm waits while a
cell runs: for ever, if the cell waits for it. So messages are looked at where they come off
the channel, before they are queued: on the kernel's thread with ipykernel 6, on a thread of
its own with ipykernel 7. All that is not taken goes on as it came.
"""

import asyncio
import inspect
import logging
import threading
import weakref
from typing import Any

log = logging.getLogger("gocomm")

_channels = weakref.WeakKeyDictionary()  # by kernel
_lock = threading.Lock()


def kernel_of(comm: Any) -> Any:
    """Gives the comm's kernel, or this process's where comm is None; or None where none runs: in tests."""
    kernel = getattr(comm, "kernel", None)
    if kernel is None:
        try:
            from IPython import get_ipython
        except ImportError:
            return None
        kernel = getattr(get_ipython(), "kernel", None)
    return kernel


def channel_of(comm: Any) -> Any:
    """Gives the channel of the comm's kernel, or None where no kernel runs."""
    kernel = kernel_of(comm)
    if kernel is None:
        return None
    with _lock:
        if kernel not in _channels:
            _channels[kernel] = Channel(kernel)
        return _channels[kernel]


def peek(session, msg):
    """What a message of a comm says, of the frames that its kernel is to get untouched, or None
    for what is neither a ``comm_msg`` nor a ``comm_close``."""
    _, parts = session.feed_identities(msg, copy=False)
    peeked = session.deserialize(parts, content=False, copy=False)
    if peeked["header"]["msg_type"] not in ("comm_msg", "comm_close"):
        return None
    peeked["content"] = session.unpack(peeked["content"])
    return peeked


class Channel:
    """What comes from the page, while the kernel is at work and between."""

    arrived = None  # takes what nothing else does: see _live

    def __init__(self, kernel):
        self._kernel = weakref.ref(kernel)
        self._peers = weakref.WeakValueDictionary()
        self._passing = set()
        self._streams = weakref.WeakValueDictionary()  # of reliable comms
        self._thread = threading.main_thread()  # that handles requests
        self._own = getattr(kernel, "shell_channel_thread", None)  # ipykernel 7's
        self._stream = getattr(kernel, "shell_stream", None)
        self._hooked = threading.Event()
        if not hasattr(self._stream, "_recv_callback"):
            self._stream = None  # no ipykernel that is known here
        elif self._own is None:
            self._hook()
        else:
            self._own.io_loop.add_callback(self._hook)
            self._hooked.wait(10)

    @property
    def kernel(self):
        return self._kernel()

    @property
    def threaded(self):
        """Whether a thread of its own reads the channel: with ipykernel 7."""
        return self._own is not None

    @property
    def hooked(self):
        return self._hooked.is_set()

    def _onward(self, inner):
        """What gets the messages that nothing here takes: the safe points of a cell, or the kernel."""
        if inner is None:
            return None
        return lambda msg: None if self.arrived is not None and self.arrived(msg) else inner(msg)

    def add(self, comm_id, peer):
        self._peers[comm_id] = peer

    def remove(self, comm_id):
        self._peers.pop(comm_id, None)

    def add_stream(self, comm_id, stream):
        self._streams[comm_id] = stream

    def remove_stream(self, comm_id):
        self._streams.pop(comm_id, None)

    def _hook(self):
        inner = self._onward(self._stream._recv_callback)
        if inner is not None:
            self._stream.on_recv(lambda msg: None if self._take(msg, inner) else inner(msg), copy=False)
            self._hooked.set()

    def _take(self, msg, inner):
        kernel = self._kernel()
        if kernel is None or not self._peers and not self._streams:
            return False
        try:
            peeked = peek(kernel.session, msg)
            if peeked is None:
                return False
            msg_type = peeked["header"]["msg_type"]
            peer = self._peers.get(peeked["content"]["comm_id"])
            stream = self._streams.get(peeked["content"]["comm_id"])
            if stream is not None and msg_type == "comm_msg":
                stream.arrived(peeked, lambda: self._pass(stream, peer, msg, peeked, inner))
                return True
            if peer is None:
                return False
            if msg_type == "comm_close":
                peer.closed(peeked)  # so that nothing waits for answers; it goes on to the kernel
                return False
            return peer.overtakes(peeked)
        except Exception:
            log.debug("a message on the shell channel is left to the kernel", exc_info=True)
            return False

    def _pass(self, stream, peer, msg, peeked, inner):
        """Hands on a message of a reliable comm whose turn it is."""
        if peer is None or not peer.overtakes(peeked):
            stream._judged[peeked["header"]["msg_id"]] = True
            handled = inner(msg)
            if inspect.isawaitable(handled):  # ipykernel 7's, in the order of arrival
                task = asyncio.ensure_future(handled)
                self._passing.add(task)  # a loop alone does not keep it
                task.add_done_callback(self._passing.discard)

    def call(self, f):
        """Calls f on the thread on which messages come."""
        if self._own is None or threading.current_thread() is self._own:
            f()
        else:
            self._own.io_loop.add_callback(f)

    def defer(self, f):
        """With ipykernel 6: calls f when the kernel's own thread is free, on it. Gives False where
        messages come whatever that thread does."""
        kernel = self._kernel()
        loop = getattr(kernel, "io_loop", None)
        if self._own is not None or self._stream is None or loop is None:
            return False
        loop.add_callback(f)
        return True

    def hears_here(self):
        """Tells whether the calling thread would wait for what only it can bring."""
        thread = threading.current_thread()
        return thread is self._own or thread is self._thread and not self._hooked.is_set()

    def check(self, error):
        """Raises the error where the calling thread would wait for what only it can bring."""
        if threading.current_thread() is self._own:
            raise error("gocomm: a call would block the thread that its answer comes on")
        if threading.current_thread() is self._thread and not self._hooked.is_set():
            raise error(
                "gocomm: with this kernel a call cannot be waited for while a cell or handler runs: "
                "use `await peer.call_async(…)`, or `peer.start(…)` and look at the result in a later cell"
            )

    def pump(self, timeout):
        """With ipykernel 6 on the kernel's own thread: waits for messages, for a while, and
        takes them off the channel. Gives False where others do that."""
        if self._own is not None or self._stream is None or threading.current_thread() is not self._thread:
            return False
        import zmq

        self._stream.socket.poll(max(1, int(timeout * 1000)) if timeout else 0)
        self._stream.flush(zmq.POLLIN)
        return True
