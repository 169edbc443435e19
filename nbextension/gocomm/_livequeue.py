"""The queue of live comms' messages, in a kernel of each kind.

Each message of a live comm is an entry in a queue of its own, and has a turn in the kernel's
queue besides. Whoever comes first handles it: a safe point of a cell, or the turn, which comes
as if nothing were live. So all else keeps its order, and nothing is lost when a cell never polls.
"""

import asyncio
import collections
import contextlib
import math
import sys
import time
import weakref

from ._figures import figures_apart
from ._interrupts import Uninterrupted
from ._shell import peek

# Handlers that poll are called in each other. Messages wait where they would be deeper.
_DEEPEST = 10
# A safe point is left after so many seconds, if handlers take longer than messages need to come: the cell is to go on.
_LONGEST = 0.05


class _Entry:
    """A message of a live comm that waits."""

    def __init__(self, comm_id, frames, peeked=None):
        self.comm_id, self.frames, self.done = comm_id, frames, False
        self.read = peeked  # the message, where it was read: its signature is taken once


class Live:
    """The live comms of a kernel. What differs between kernels is in Live6 and Live7."""

    def __init__(self, kernel, stream):
        self._kernel_ref = weakref.ref(kernel)
        self._stream = stream  # that the main thread reads
        self._comms = weakref.WeakValueDictionary()
        self._count = weakref.WeakKeyDictionary()  # how often each is live
        self._todo = collections.deque()
        self._depth = 0
        self._receiving = False
        self.sleepers = []  # asyncio.Event, of asleep

    @property
    def _kernel(self):
        return self._kernel_ref()

    def add(self, comm):
        self._comms[comm.comm_id] = comm
        self._count[comm] = self._count.get(comm, 0) + 1

    def remove(self, comm):
        self._count[comm] -= 1
        if self._count[comm] > 0:
            return
        self._comms.pop(comm.comm_id, None)
        for entry in [e for e in self._todo if e.comm_id == comm.comm_id]:
            self._todo.remove(entry)  # it keeps its turn

    def _peek(self, frames):
        try:
            return peek(self._kernel.session, frames)
        except Exception:
            return None  # the kernel says what is wrong with it

    def _comm_of(self, frames):
        """The id of the comm whose message it is, or None."""
        peeked = self._peek(frames) if self._comms else None
        return None if peeked is None else peeked["content"].get("comm_id")

    def _entry(self, *message):
        entry = _Entry(*message)
        self._todo.append(entry)
        return entry

    def _woken(self):
        for arrived in self.sleepers:
            arrived.set()
        return bool(self.sleepers)

    def wait(self, seconds):
        """Waits for messages, for a while."""
        try:
            self._stream.socket.poll(math.ceil(seconds * 1000))
        finally:
            self._receive()  # also after an interrupt: the socket does not tell twice of a message

    def _receive(self):
        import zmq

        with Uninterrupted():
            self._receiving = True
            try:
                self._stream.flush(zmq.POLLIN)
            finally:
                self._receiving = False

    def poll(self):
        self._receive()
        return self._drain()

    def _drain(self):
        """Handles what is there by now, and not what comes of it."""
        if self._depth >= _DEEPEST:
            return 0
        end = time.monotonic() + _LONGEST
        handled, self._depth = 0, self._depth + 1
        try:
            for _ in range(len(self._todo)):
                if not self._todo or handled and time.monotonic() > end:  # none, if a handler has polled
                    break
                self._handle(self._todo.popleft(), self._running())
                handled += 1
        finally:
            self._depth -= 1
        return handled

    def _take_turn(self, entry):
        """Handles what no safe point has handled."""
        if entry.done:
            return
        with contextlib.suppress(ValueError):
            self._todo.remove(entry)
        try:
            self._handle(entry, False)
        except KeyboardInterrupt:
            self._kernel.log.error("KeyboardInterrupt caught in kernel.")

    def _handle(self, entry, running):
        """Does what the kernel does for a message, and then puts back what the running request needs."""
        kernel = self._kernel
        with Uninterrupted() as interrupts:
            try:
                idents, parts = kernel.session.feed_identities(entry.frames, copy=False)
                msg = entry.read or kernel.session.deserialize(parts, content=True, copy=False)
                entry.read = msg
            except Exception:
                entry.done = True
                kernel.log.error("Invalid Message", exc_info=True)
                return
            _flush_output()
            parent, ident = kernel.get_parent("shell"), kernel._parent_ident["shell"]
            kernel.set_parent(idents, msg, channel="shell")
            kernel._publish_status("busy", "shell")
            try:
                with figures_apart(), interrupts.allowed() as interrupted:
                    if not (running and interrupted):
                        entry.done = True
                        kernel.shell_handlers[msg["header"]["msg_type"]](self._replies(), idents, msg)
            except Exception:
                kernel.log.error("Exception in message handler:", exc_info=True)
            finally:
                if not entry.done:  # an interrupt came before the handler: another safe point, or its turn, has it
                    self._todo.appendleft(entry)
                _flush_output()
                kernel._publish_status("idle", "shell")
                kernel.set_parent(ident, parent, channel="shell")
                if running:
                    kernel._publish_status("busy", "shell")  # the page took the other's end for the cell's


class Live6(Live):
    """ipykernel 6: the main thread reads the shell channel itself, and puts what it reads into a queue."""

    @staticmethod
    def fits(kernel):
        return hasattr(getattr(kernel, "msg_queue", None), "get_nowait") and hasattr(kernel, "schedule_dispatch")

    def __init__(self, kernel, channel):
        super().__init__(kernel, kernel.shell_stream)
        channel.arrived = self._arrived

    def add(self, comm):
        """Finds those messages, too, that were read before."""
        super().add(comm)
        queue, waiting = self._kernel.msg_queue, []
        while queue.qsize():
            waiting.append(queue.get_nowait())
        for item in waiting:
            index, dispatch, args = item
            if dispatch == self._kernel.dispatch_shell and self._comm_of(args[0]) == comm.comm_id:
                item = index, self._turn, (self._entry(comm.comm_id, args[0]),)
            queue.put_nowait(item)

    def _arrived(self, frames):
        comm_id = self._comm_of(frames)
        if comm_id not in self._comms:
            return False
        self._kernel.schedule_dispatch(self._turn, self._entry(comm_id, frames))
        self._woken()
        return True

    async def _turn(self, entry):
        self._take_turn(entry)

    def _running(self):
        return not getattr(self._kernel.msg_queue, "_getters", None)

    def _replies(self):
        return self._kernel.shell_stream


class Live7(Live):
    """ipykernel 7: another thread reads the shell channel, and sends to the main thread what is for it,
    where each message is a task. The tasks take turns by a lock."""

    @staticmethod
    def fits(kernel):
        manager = getattr(getattr(kernel, "shell_channel_thread", None), "manager", None)
        stream = getattr(getattr(manager, "_shell_channel_to_main", None), "to_stream", None)
        return hasattr(stream, "_recv_callback") and hasattr(kernel, "_main_asyncio_lock") and hasattr(kernel, "_shell_context")

    def __init__(self, kernel, channel):
        self._manager = kernel.shell_channel_thread.manager
        super().__init__(kernel, self._manager._shell_channel_to_main.to_stream)
        inner = self._stream._recv_callback
        self._stream.on_recv(lambda frames: None if self._reached(frames) else inner(frames), copy=False)
        channel.arrived = self._arrived
        self._tasks = {}  # entries that are a task of the kernel's already, by msg_id
        self._should_handle = kernel.should_handle
        kernel.should_handle = self._is_left

    def add(self, comm):
        """Finds those messages, too, that were read before, and are tasks that have not begun."""
        super().add(comm)
        known = [e.frames for e in self._todo]
        found = []
        for task in asyncio.all_tasks(self._kernel.io_loop.asyncio_loop):
            coro = task.get_coro()
            frames = _frames_of(coro)
            peeked = None if frames is None or frames in known else self._peek(frames)
            if peeked is not None and peeked["content"]["comm_id"] == comm.comm_id:
                begun = coro.__name__ == "shell_main"  # so it was read before those that have not
                found.append((not begun, int(task.get_name().rpartition("-")[2]), frames, peeked))
        for _, _, frames, peeked in sorted(found, key=lambda f: f[:2]):
            self._tasks[peeked["header"]["msg_id"]] = self._entry(comm.comm_id, frames, peeked)

    def _is_left(self, stream, msg, idents):
        """The kernel asks it of each message that it is about to handle."""
        entry = self._tasks.pop(msg["header"].get("msg_id"), None)
        if entry is None:
            return self._should_handle(stream, msg, idents)
        if entry.done:
            return False
        entry.done = True
        with contextlib.suppress(ValueError):
            self._todo.remove(entry)
        return self._should_handle(stream, msg, idents)

    def _arrived(self, frames):
        """In the thread of the shell channel: the main thread gets it, whatever subshell the page has in mind."""
        if self._comm_of(frames) not in self._comms:
            return False
        self._manager.get_shell_channel_to_subshell_socket(None).send_multipart(frames, copy=False)
        return True

    def _reached(self, frames):
        comm_id = self._comm_of(frames)
        if comm_id not in self._comms:
            return False
        entry = self._entry(comm_id, frames)
        if not self._receiving and not self._woken() and self._running():
            # A cell awaits something else. The kernel would handle it now, and so do we.
            try:
                self._kernel._shell_context.copy().run(self._drain)
            except KeyboardInterrupt:
                self._kernel.log.error("KeyboardInterrupt caught in kernel.")
        if not entry.done:
            self._kernel.io_loop.asyncio_loop.create_task(self._queued(entry))
        return True

    async def _queued(self, entry):
        await asyncio.ensure_future(self._turn(entry))  # a task in a task, as the kernel's: none is overtaken

    async def _turn(self, entry):
        async with self._kernel._main_asyncio_lock:
            self._take_turn(entry)

    def _running(self):
        return self._kernel._main_asyncio_lock.locked()

    def _replies(self):
        return self._manager.get_subshell_to_shell_channel_socket(None)


def _frames_of(coro):
    """What a task of the kernel's will handle, if it has not begun."""
    name, frame, awaited = (getattr(coro, a, None) for a in ("__name__", "cr_frame", "cr_await"))
    if frame is None:
        return None
    if name == "shell_main" and getattr(awaited, "__name__", None) != "dispatch_shell" and "comm_task" not in frame.f_locals:
        return frame.f_locals.get("msg")
    args = frame.f_locals.get("args") if name == "run_in_context" and awaited is None else None
    return args[0] if args else None


def _flush_output():
    for stream in sys.stdout, sys.stderr:
        if stream is not None:
            stream.flush()
