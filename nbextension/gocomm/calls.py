"""Calls on comms: ask the page's side of a comm for something, and answer it.

The page's side is Go's ``typed.Call`` and ``typed.Handle``; docs/calls.md has the messages::

    peer = calls.attach(comm)

    @peer.handle("sum")
    def _(params):
        return sum(params)

    area = await peer.call_async("area", {"width": 2}, timeout=5)
    area = peer.call("area", {"width": 2}, timeout=5)
    pending = peer.start("area", {"width": 2})  # several at once

Parameters and results may have ``bytes`` in them, at any place: they travel as binary buffers,
and are ``[]byte`` in Go. What Go sends as ``[]byte`` is binary here, too.

Ordinary messages go on: ``comm.on_msg`` and ``comm.send`` are as before.

``call`` and ``pending.result()`` block. While a cell runs, the kernel handles no messages of
comms; so answers are taken off its shell channel before it sees them, which works with
ipykernel 6 and 7, in cells and in handlers. Where it does not, with another kernel, they raise
``CannotBlock`` at once; ``call_async`` works wherever the kernel handles comms while a cell
awaits. While one of them waits, calls by the page on the same comm are handled too, ahead of
ordinary messages. A blocking call also stops the kernel's event loop; coroutine handlers that are
called meanwhile run on an event loop in a thread of their own.
"""

import asyncio
import collections
import inspect
import itertools
import logging
import queue
import threading
import time
import uuid
from concurrent.futures import Future
from typing import Any, Optional

from . import _buffers, _loop
from ._buffers import Reply
from ._callwire import CallError, CallTimeout, CannotBlock, CommClosed, error_of, fault, quote, reason, tag
from ._shell import channel_of

__all__ = ["CallError", "CallTimeout", "CannotBlock", "CommClosed", "Peer", "Pending", "Reply", "attach"]

log = logging.getLogger("gocomm")


class Pending(Future):
    """A call under way. ``cancel`` tells the other side; ``buffers`` are the answer's."""

    def __init__(self, peer, method):
        super().__init__()
        self.peer, self.method, self.buffers = peer, method, []

    def result(self, timeout=None):
        """Waits for the result; ``timeout`` is in seconds. The call goes on when it is up."""
        if not self.done():
            self.peer._wait(self, timeout)
        return super().result(0)

    def exception(self, timeout=None):
        if not self.done():
            self.peer._wait(self, timeout)
        return super().exception(0)


def attach(comm: Any) -> "Peer":
    """Gives the comm's ``Peer``, which it makes the first time."""
    peer = comm.__dict__.get("_gocomm_peer")
    if peer is None:
        peer = comm.__dict__["_gocomm_peer"] = Peer(comm)
    return peer


class Peer:
    """The calls of one comm: use ``attach``."""

    def __init__(self, comm):
        self.comm = comm
        self._prefix, self._count = uuid.uuid4().hex[:12] + "-", itertools.count(1)
        self._lock = threading.Lock()  # guards what follows
        self._pending = {}  # ours, by id
        self._methods = {}
        self._running = {}  # tasks of the page's calls, by id
        self._canceled = collections.deque(maxlen=1024)  # ids, of calls that may still come
        self._waiting = []  # where to hand the page's calls while something waits: see _wait
        self._queued = {}  # the page's calls that the kernel will bring in their turn, by id
        self._overtaken = set()  # ids of those that were handed to what waits instead
        self._ended = None
        # Wrapped, and not set as callbacks: on_msg and on_close stay the user's.
        ordered = comm.__dict__.get("_gocomm_reliable", comm)  # what has the messages in order
        handle_msg, handle_close, close = ordered.handle_msg, comm.handle_close, comm.close

        def wrapped_msg(msg):
            if not self._was_overtaken(msg) and not self.receive(msg):
                handle_msg(msg)

        def wrapped_close(msg):
            self.closed(msg)
            handle_close(msg)

        def wrapped_kernel_close(*args, **kwargs):
            close(*args, **kwargs)
            self._end("the comm was closed here")

        ordered.handle_msg, comm.handle_close, comm.close = wrapped_msg, wrapped_close, wrapped_kernel_close
        self._channel = channel_of(comm)
        if self._channel is not None:
            self._channel.add(comm.comm_id, self)

    # Calls of the page.

    def handle(self, method, handler=None):
        """Has calls of a method handled: ``handler(params)``, or ``handler(params, buffers=…)``
        if it has a parameter of that name. It may be a coroutine function: it then runs beside
        others, and is canceled when its caller gives up or its time is up; while a blocking call
        stops the kernel's event loop it runs in another thread. As a decorator, or with the
        handler as an argument."""
        if handler is None:
            return lambda f: self.handle(method, f)
        with self._lock:
            self._methods[method] = handler
        return handler

    def remove(self, method):
        """Takes a method away."""
        with self._lock:
            self._methods.pop(method, None)

    # Calls by Python.

    def start(self, method: str, params: Any = None, timeout: Optional[float] = None, buffers: Any = None) -> Pending:
        """Begins a call and gives its ``Pending``, a ``concurrent.futures.Future``: the form
        for several at once, and for callbacks. ``timeout``, in seconds, is told to the page."""
        pending = Pending(self, method)
        call = {"gocomm": "call/1", "id": self._prefix + str(next(self._count)), "method": method, "params": params}
        if timeout is not None:
            call["timeout"] = timeout
        with self._lock:
            ended = self._ended
            if ended is None:
                self._pending[call["id"]] = pending
        if ended is not None:
            raise CommClosed("call %r: %s" % (method, ended))
        pending.add_done_callback(lambda _: self._done(call["id"], pending))
        try:
            self._send(call, buffers)
        except Exception:
            with self._lock:
                self._pending.pop(call["id"], None)
            raise
        except BaseException:  # an interrupt, when it may have been sent
            pending.cancel()
            raise
        return pending

    def call(self, method: str, params: Any = None, timeout: Optional[float] = None, buffers: Any = None) -> Any:
        """Calls a method of the page's and waits for its result. Raises ``CallError`` with the
        page's error, ``CallTimeout``, ``CommClosed``, or ``CannotBlock``. An interrupt of the
        kernel cancels the call."""
        self._check_blocking()
        pending = self.start(method, params, timeout, buffers)
        try:
            return pending.result(timeout)
        except BaseException:
            pending.cancel()
            raise

    async def call_async(self, method: str, params: Any = None, timeout: Optional[float] = None, buffers: Any = None) -> Any:
        """``call`` for coroutines, and cells that await."""
        loop = asyncio.get_running_loop()
        pending = self.start(method, params, timeout, buffers)

        def hand(msg):
            loop.call_soon_threadsafe(self.receive, msg)

        try:
            self._wait_with(hand)
            return await asyncio.wait_for(asyncio.wrap_future(pending), timeout)
        except asyncio.TimeoutError:
            if pending.done() and not pending.cancelled():
                raise  # the other side's
            raise CallTimeout("call %r: no answer within %g s" % (method, timeout)) from None
        finally:
            self._wait_no_more(hand)
            pending.cancel()

    # What waits, and what arrives.

    def _check_blocking(self):
        if self._channel is not None:
            self._channel.check(CannotBlock)

    @_loop.blocked()
    def _wait(self, pending, timeout):
        self._check_blocking()
        todo = queue.Queue()
        pending.add_done_callback(lambda _: todo.put(None))
        hand = todo.put
        until = None if timeout is None else time.monotonic() + timeout
        try:
            if threading.current_thread() is threading.main_thread():  # where handlers run
                self._wait_with(hand)
            while not pending.done():
                # An interrupt that comes just before a wait does not end it: so it is short.
                left = 0.2 if until is None else min(0.2, until - time.monotonic())
                if left <= 0:
                    raise CallTimeout("call %r: no answer within %g s" % (pending.method, timeout))
                pumped = self._channel is not None and self._channel.pump(left)
                try:
                    msg = todo.get_nowait() if pumped else todo.get(timeout=left)
                except queue.Empty:
                    continue
                if msg is not None:
                    self.receive(msg)
        finally:
            self._wait_no_more(hand)
            while not todo.empty():  # came too late for this wait
                msg = todo.get_nowait()
                if msg is not None:
                    self.receive(msg)

    def _wait_with(self, hand):
        """Has the page's calls handed over, those too that are in the kernel's queue."""
        with self._lock:
            self._waiting.append(hand)
            queued, self._queued = self._queued, {}
            self._overtaken.update(queued)
        for msg in queued.values():
            hand(msg)

    def _wait_no_more(self, hand):
        with self._lock:
            if hand in self._waiting:
                self._waiting.remove(hand)

    def _was_overtaken(self, msg):
        """Tells, of what the kernel brings, whether it was handed over before."""
        if tag(msg) != ("call", "1"):
            return False
        call_id = msg["content"]["data"].get("id")
        with self._lock:
            early = isinstance(call_id, str) and call_id in self._overtaken
            if early:
                self._overtaken.remove(call_id)
            elif isinstance(call_id, str):
                self._queued.pop(call_id, None)
        return early

    def overtakes(self, msg):
        """Takes what need not wait for its turn, on whatever thread it has arrived."""
        kind, version = tag(msg)
        if version != "1":
            return False
        if kind == "call":
            with self._lock:
                hand = self._waiting[-1] if self._waiting else None
                call_id = msg["content"]["data"].get("id")
                if hand is None and isinstance(call_id, str):
                    self._queued[call_id] = msg
            if hand is None:
                return False
            hand(msg)
            return True
        return kind is not None and self.receive(msg)

    def receive(self, msg):
        """Handles a message of calls. Gives False for an ordinary one."""
        kind, version = tag(msg)
        if kind is None:
            return False
        data = msg["content"]["data"]
        bad = fault(kind, version, data)
        if bad:
            if kind == "call" and version != "1" and isinstance(data.get("id"), str):
                self._answer(data["id"], error=CallError("calls of version %s are not known here" % version, "unsupported_version"))
            else:
                log.error("malformed message of a call on comm %s: %s", self.comm.comm_id, bad)
        elif kind == "call":
            self._begin(data, list(msg.get("buffers") or []))
        elif kind == "cancel":
            self._cancel(data["id"])
        else:
            with self._lock:
                pending = self._pending.pop(data["id"], None)
            if pending is not None and pending.set_running_or_notify_cancel():
                try:
                    pending.buffers = _buffers.put(data, list(msg.get("buffers") or []))
                except ValueError as e:
                    pending.set_exception(CallError(str(e), "bad_result"))
                    return True
                if kind == "result":
                    pending.set_result(data.get("result"))
                else:
                    pending.set_exception(error_of(data))
        return True

    def closed(self, msg):
        """The page has closed the comm."""
        self._end("the comm was closed by the page" + reason(msg))

    def _done(self, call_id, pending):
        with self._lock:
            unanswered = self._pending.pop(call_id, None) is not None and self._ended is None
        if unanswered and pending.cancelled():
            self.comm.send({"gocomm": "cancel/1", "id": call_id})

    def _begin(self, call, buffers):
        with self._lock:
            canceled = call["id"] in self._canceled
            handler = self._methods.get(call["method"])
        if canceled:
            return
        if handler is None:
            message = "no method %s on target %s" % (quote(call["method"]), quote(self.comm.target_name))
            self._answer(call["id"], error=CallError(message, "unknown_method"))
            return
        try:
            buffers = _buffers.put(call, buffers)
        except ValueError as e:
            return self._answer(call["id"], error=CallError(str(e), "bad_params"))
        try:
            kwargs = {"buffers": buffers} if _buffers.takes(handler) else {}
            result = handler(call.get("params"), **kwargs)
            if inspect.isawaitable(result):
                self._spawn(call, result)
            else:
                self._answer(call["id"], result)
        except Exception as e:
            self._answer(call["id"], error=e)

    def _spawn(self, call, awaitable):
        async def run():
            try:
                result = await asyncio.wait_for(awaitable, call.get("timeout") or None)
            except asyncio.CancelledError:
                raise
            except asyncio.TimeoutError as e:
                self._answer(call["id"], error=e if isinstance(e, CallError) else CallTimeout("its time was up"))
            except Exception as e:
                self._answer(call["id"], error=e)
            else:
                self._answer(call["id"], result)

        def ended(_):
            with self._lock:
                self._running.pop(call["id"], None)

        def begin():
            with self._lock:
                if self._ended is not None or call["id"] in self._canceled:
                    getattr(awaitable, "close", bool)()  # a coroutine that is not awaited would warn
                    return
                task = self._running[call["id"]] = asyncio.get_running_loop().create_task(run())
            task.add_done_callback(ended)

        _loop.call(begin)

    def _cancel(self, call_id):
        with self._lock:
            task = self._running.get(call_id)
            self._canceled.append(call_id)
        if task is not None:
            task.get_loop().call_soon_threadsafe(task.cancel)

    def _answer(self, call_id, result=None, error=None):
        with self._lock:
            if self._ended is not None or call_id in self._canceled:
                return  # nobody waits for it
        if error is not None:
            code = error.code if isinstance(error, CallError) else "failed"
            message = error.message if isinstance(error, CallError) else "%s: %s" % (type(error).__name__, error)
            self.comm.send({"gocomm": "error/1", "id": call_id, "code": code, "message": message})
            return
        reply = result if isinstance(result, Reply) else Reply(result)
        try:
            self._send({"gocomm": "result/1", "id": call_id, "result": reply.result}, reply.buffers)
        except Exception as e:
            self._answer(call_id, error=CallError("the result cannot be sent: %s" % e, "bad_result"))

    def _send(self, data, buffers):
        data, buffers = _buffers.take(data, buffers)
        self.comm.send(data, buffers=buffers)

    def _end(self, why):
        with self._lock:
            if self._ended is not None:
                return
            self._ended = why
            pending, tasks, self._pending = list(self._pending.values()), list(self._running.values()), {}
        if self._channel is not None:
            self._channel.remove(self.comm.comm_id)
        for p in pending:
            if p.set_running_or_notify_cancel():
                p.set_exception(CommClosed("call %r: %s" % (p.method, why)))
        for task in tasks:
            task.get_loop().call_soon_threadsafe(task.cancel)
