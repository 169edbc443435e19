"""Reliable comms: no message is lost, doubled or out of order, as long as its sender keeps it.

::

    from gocomm import reliable

    comm = reliable.open("stream")  # a target of the page's: Go's reliable.Accept
    for row in rows:
        comm.send(row)

A comm of which the page has opened a reliable one is taken in the target's callback::

    def target(comm, msg):
        reliable.accept(comm, msg)

``comm.send``, ``comm.on_msg`` and ``gocomm.calls`` are used as ever. Each side numbers what it
sends, and keeps it until the other has acknowledged it; docs/reliable.md has the messages. When
4096 messages or 4 MiB are kept, ``comm.send`` waits. While a cell runs, acknowledgements are
taken off the kernel's shell channel: with ipykernel 6 whenever the cell sends, with ipykernel 7 always.

A page that knows nothing of this reads the comm as ever: then it is plain after 5 s.
"""

import json
import logging
import threading
import time
import uuid
import weakref
from collections import deque
from typing import Any, Callable, Deque, Dict, List, Optional, Tuple

from . import _timers
from ._shell import channel_of, kernel_of

__all__ = ["Full", "Stream", "accept", "of", "open"]

log = logging.getLogger("gocomm")

# docs/reliable.md gives these, in seconds and messages.
PLAIN_AFTER, ACK_AFTER, ACK_EACH = 5.0, 0.25, 64
ASK_AFTER, ASK_AGAIN, TAIL_AFTER, LONGEST = 0.02, 0.25, 0.2, 2.0
# A server lets 1000 messages and 1 MB a second through, unless it is told otherwise. When that many
# messages in a row were lost, this side slows down to fewer, and then gets faster by a 20th each second.
BURST_LOST, PACE, PACE_BURST, PACE_EACH, FASTER = 32, 800.0, 100.0, 0.05, 1.05
MOST_HELD = 1024
LISTEN_EACH = 0.05

Message = Dict[str, Any]
Note = Dict[str, Any]


class Full(RuntimeError):
    """So much is unacknowledged that nothing more is kept; nothing was sent."""


def open(
    target_name: str,
    data: Any = None,
    metadata: Optional[Dict[str, Any]] = None,
    buffers: Optional[List[Any]] = None,
    *,
    messages: int = 4096,
    size: int = 4 << 20,
    timeout: Optional[float] = None,
    on_lost: Optional[Callable[[int, int], Any]] = None,
    on_plain: Optional[Callable[[], Any]] = None
) -> Any:
    """Opens a comm to a target of the page's, and has it be reliable.

    ``messages`` and ``size``, in bytes, bound what is kept until it is acknowledged. With more,
    ``comm.send`` waits: for at most ``timeout`` seconds, where that is given, and then raises
    ``Full``. ``on_lost(first, last)`` is told the numbers of the page's messages that will never
    come, ``on_plain()`` that the page knows nothing of reliable comms; without them both are logged.
    """
    from comm import create_comm

    comm_id = uuid.uuid4().hex
    stream = Stream(comm_id, messages, size, timeout, on_lost, on_plain)
    offered = dict(metadata or {}, gocomm={"reliable": 1, "stream": stream.id})
    stream._listen(None)  # before the page can answer
    comm = create_comm(target_name=target_name, comm_id=comm_id, data=data, metadata=offered, buffers=buffers)
    stream._bind(comm)
    stream._after(PLAIN_AFTER, Stream._overdue)
    return comm


def accept(
    comm: Any,
    msg: Message,
    *,
    messages: int = 4096,
    size: int = 4 << 20,
    timeout: Optional[float] = None,
    on_lost: Optional[Callable[[int, int], Any]] = None
) -> bool:
    """Has a comm be reliable that the page has opened as such: ``msg`` is its ``comm_open``. Gives
    False for a plain one. The arguments are those of ``open``."""
    offer = note_of(msg)
    if offer is None or offer.get("reliable") != 1 or not isinstance(offer.get("stream"), str):
        return False
    stream = Stream(comm.comm_id, messages, size, timeout, on_lost, None)
    stream._theirs, stream.aware = offer["stream"], True
    stream._listen(comm)
    stream._bind(comm)
    with stream._lock:
        stream._say(stream._hello())
        stream._arm_tail()
    return True


def of(comm: Any) -> Optional["Stream"]:
    """Gives the comm's ``Stream``, or None for a comm that was not opened as a reliable one."""
    stream: Optional["Stream"] = comm.__dict__.get("_gocomm_reliable")
    return stream


def note_of(msg: Message) -> Optional[Note]:
    """What a message has of the protocol in its metadata."""
    note = (msg.get("metadata") or {}).get("gocomm")
    return note if isinstance(note, dict) else None


def number(note: Note, name: str) -> int:
    value = note.get(name, 0)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


class _Kept:
    """A message that may have to be sent again."""

    __slots__ = ("content", "metadata", "buffers", "parent", "size")

    def __init__(self, content: Any, metadata: Dict[str, Any], buffers: Optional[List[bytes]], parent: Any, size: int) -> None:
        self.content, self.metadata, self.buffers, self.parent, self.size = content, metadata, buffers, parent, size


class Stream:
    """The protocol's side of one comm: use ``open`` and ``accept``.

    ``aware`` tells whether the page knows the protocol, ``plain`` that it has not said so in time.
    """

    def __init__(
        self,
        comm_id: str,
        messages: int,
        size: int,
        timeout: Optional[float],
        on_lost: Optional[Callable[[int, int], Any]],
        on_plain: Optional[Callable[[], Any]],
    ) -> None:
        self.id = uuid.uuid4().hex[:16]
        self.comm_id = comm_id
        self.aware = self.plain = False
        self._most, self._most_bytes, self._timeout = messages, size, timeout
        self._on_lost, self._on_plain = on_lost, on_plain
        self._comm: Callable[[], Any] = lambda: None
        self._kernel: Any = None
        self._channel: Any = None
        self._lock = threading.RLock()  # guards what follows
        self._changed = threading.Condition(self._lock)
        self._ended: Optional[str] = None
        self._heard = False
        self._late = False  # the time to answer is over
        self._listened = 0.0

        # What this side sends.
        self._last, self._base = 0, 1
        self._kept: Deque[_Kept] = deque()  # from base to last
        self._bytes = 0
        self._repair, self._until, self._repairing = 1, 0, False  # what is sent again
        self._pace, self._allowed, self._paced = 0.0, 0.0, 0.0  # messages a second, or 0; how many may be sent now; since when
        self._tail_on, self._tail_wait, self._tail_seen = False, TAIL_AFTER, (0, 0)

        # What it reads.
        self._theirs = ""
        self._next, self._known, self._acked = 1, 0, 0
        self._held: Dict[int, Callable[[], Any]] = {}
        self._ack_on = self._ask_on = False
        self._lost: Deque[Tuple[int, int]] = deque()  # to be told
        self._ask_wait, self._asked = ASK_AGAIN, 0
        self._judged: Dict[str, bool] = {}  # by msg_id: came off the channel, and waits for its turn
        self.inner: Callable[[Message], Any] = lambda msg: None

    # Setting up.

    def _listen(self, comm: Any) -> None:
        self._kernel = kernel_of(comm)
        self._channel = channel_of(comm)
        if self._channel is not None:
            self._channel.add_stream(self.comm_id, self)

    def _bind(self, comm: Any) -> None:
        self._comm = weakref.ref(comm)
        self._publish_msg = comm.publish_msg
        self.inner, handle_close, close = comm.handle_msg, comm.handle_close, comm.close

        def wrapped_close(msg: Message) -> None:
            self.closed("the comm was closed by the page")
            handle_close(msg)

        def wrapped_kernel_close(*args: Any, **kwargs: Any) -> None:
            if not kwargs.get("deleting") and not self.flush(5) and self.unacked:
                log.warning("comm %s is closed while %d messages are unacknowledged", self.comm_id, self.unacked)
            self.closed("the comm was closed here")
            close(*args, **kwargs)

        comm.__dict__["_gocomm_reliable"] = self
        comm.send, comm.handle_msg, comm.handle_close, comm.close = self.send, self.handle, wrapped_close, wrapped_kernel_close

    def _after(self, seconds: float, method: Callable[["Stream"], Any]) -> None:
        me = weakref.ref(self)

        def call() -> None:
            stream = me()
            if stream is not None and stream._ended is None:
                method(stream)

        _timers.after(seconds, call)

    # Sending.

    @property
    def unacked(self) -> int:
        """How many messages the page has not acknowledged yet."""
        return len(self._kept)

    def send(self, data: Any = None, metadata: Optional[Dict[str, Any]] = None, buffers: Optional[List[Any]] = None) -> None:
        """``comm.send``: it waits while too much is unacknowledged."""
        if time.monotonic() - self._listened > LISTEN_EACH:
            self._hear(0)
        if self.plain or self._ended is not None:
            return self._send_plain(data, metadata, buffers)
        content = {"data": {} if data is None else data, "comm_id": self.comm_id}
        packed: Any = json.dumps(content) if self._kernel is None else self._kernel.session.pack(content)
        kept_buffers = [bytes(b) for b in buffers] if buffers else None
        size = len(packed) + sum(map(len, kept_buffers or ()))
        while True:
            with self._lock:
                late = 0.0
                if self._pace and self._channel is not None and not self._channel.hears_here():
                    late = self._pacing(size)
                if not late and not self._full(size):
                    return self._send_kept(data, metadata, buffers, _Kept(packed, {}, kept_buffers, None, size))
            if not late:
                self._wait(lambda: not self._full(size), self._timeout, self._refuse)
            elif not self._hear(late):
                time.sleep(late)

    def _send_kept(self, data: Any, metadata: Optional[Dict[str, Any]], buffers: Optional[List[Any]], kept: _Kept) -> None:
        if self.plain or self._ended is not None:
            return self._send_plain(data, metadata, buffers)
        self._last += 1
        noted = dict(metadata) if metadata else {}
        noted["gocomm"] = {"s": self._last, "a": self._next - 1}
        self._acked = self._next - 1
        kept.metadata = noted
        kept.parent = self._kernel.get_parent() if self._kernel is not None else None
        self._kept.append(kept)
        self._bytes += kept.size
        if self.aware and not self._tail_on:
            self._arm_tail()
        self._publish_msg("comm_msg", data=data, metadata=noted, buffers=buffers)

    def _send_plain(self, data: Any, metadata: Optional[Dict[str, Any]], buffers: Optional[List[Any]]) -> None:
        with self._lock:
            self._last += 1
            self._base = self._last + 1
            noted = dict(metadata or {}, gocomm={"s": self._last, "a": self._next - 1})
            self._publish_msg("comm_msg", data=data, metadata=noted, buffers=buffers)

    def flush(self, timeout: Optional[float] = None) -> bool:
        """Waits until the page has acknowledged all, for at most ``timeout`` seconds. Gives False
        where it has not, or this thread cannot wait for it."""
        self._wait(lambda: not self._kept, timeout, lambda why: None)
        return not self._kept and not self.plain

    def _full(self, size: int) -> bool:
        return bool(self._kept) and not self.plain and (len(self._kept) >= self._most or self._bytes + size > self._most_bytes)

    def _refuse(self, why: str) -> None:
        raise Full(
            "gocomm: send on comm %s: %d messages are unacknowledged, and %s: "
            "wait with reliable.of(comm).flush(), or open the comm with larger messages and size" % (self.comm_id, len(self._kept), why)
        )

    def _wait(self, done: Callable[[], bool], timeout: Optional[float], give_up: Callable[[str], Any]) -> None:
        """Waits, without the lock."""
        until = None if timeout is None else time.monotonic() + timeout
        while not done() and self._ended is None:
            if self._channel is None or self._channel.hears_here():
                return give_up("this thread cannot wait for the page")
            left = 0.1 if until is None else min(0.1, until - time.monotonic())
            if left <= 0:
                return give_up("the page has acknowledged none in %g s" % (timeout or 0))
            if not self._hear(left):
                with self._lock:
                    if not done():
                        self._changed.wait(left)

    def _hear(self, seconds: float) -> bool:
        """With ipykernel 6 on the kernel's own thread: takes off the channel what has come."""
        self._listened = time.monotonic()
        heard = self._channel is not None and bool(self._channel.pump(seconds))
        if heard and self._late and not self.aware:
            self._give_up()
        return heard

    # The answer to an offer.

    def _overdue(self) -> None:
        if self.aware:
            return
        self._late = True
        if self._channel is None or not self._channel.defer(lambda: self._after(0.5, Stream._give_up)):
            self._give_up()

    def _give_up(self) -> None:
        with self._lock:
            if self.aware or self.plain or self._ended is not None:
                return
            self.plain = True
            self._kept.clear()
            self._bytes, self._base = 0, self._last + 1
            self._changed.notify_all()
        if self._on_plain is not None:
            self._on_plain()
        else:
            log.warning("comm %s: the page knows nothing of reliable comms: it goes on as a plain one", self.comm_id)

    # Receiving.

    def handle(self, msg: Message) -> None:
        """``comm.handle_msg``: in the kernel's turn."""
        if self._judged.pop(msg["header"].get("msg_id", ""), False):
            self.inner(msg)
        else:
            self.arrived(msg, lambda: self.inner(msg))

    def arrived(self, msg: Message, deliver: Callable[[], Any]) -> None:
        """Judges a message, and calls deliver once it is its turn: within this call, or on the
        thread that brings what is missing."""
        note = note_of(msg)
        now = note is None
        if note is not None:
            with self._lock:
                now = self._judge(note, deliver)
                drain = self._next in self._held
        if now:
            deliver()
        if note is not None and drain:
            if self._channel is None:
                self._drain()
            else:
                self._channel.call(self._drain)
        while self._lost:
            first, last = self._lost.popleft()
            if self._on_lost is not None:
                self._on_lost(first, last)
            else:
                log.error("comm %s: the page's messages %d to %d are lost: it keeps them no more", self.comm_id, first, last)

    def _judge(self, note: Note, deliver: Callable[[], Any]) -> bool:
        """Tells whether a message is to be delivered now."""
        first, self.aware = not self.aware, True
        kind = note.get("k")
        if first:
            self.plain = False
            if self._kept:
                self._arm_tail()
        if kind is not None:
            self._heard = True
        if kind != "resume":
            self._ack(number(note, "a"))
        if kind is None:
            return self._numbered(number(note, "s"), deliver)
        elif kind == "hello":
            self._greeted(note)
            self._say_ack()
        elif kind == "tail":
            self._greeted(note)
            self._known = max(self._known, number(note, "n"))
            if self._next <= self._known:
                self._ask()
            else:
                self._say_ack()
        elif kind == "resend":
            self._resend(number(note, "f"), number(note, "t"))
        elif kind == "resume":
            same = note.get("stream") == self.id
            if same:
                self._ack(number(note, "a"))
            self._resend(number(note, "a") + 1 if same else self._base, 0)
            self._say(self._tail())
        elif kind in ("lost", "skip"):
            self._missing(number(note, "f"), number(note, "t"), kind == "lost")
        return False

    def closed(self, why: str) -> None:
        with self._lock:
            if self._ended is not None:
                return
            self._ended = why
            self._kept.clear()
            self._held.clear()
            self._changed.notify_all()
        if self._channel is not None:
            self._channel.remove_stream(self.comm_id)

    def _greeted(self, note: Note) -> None:
        stream = note.get("stream")
        if not isinstance(stream, str) or not stream or stream == self._theirs:
            return
        if self._theirs:  # the page was reloaded: it begins anew
            self._next, self._known, self._acked = max(number(note, "b"), 1), 0, 0
            self._held.clear()
        self._theirs = stream

    def _numbered(self, s: int, deliver: Callable[[], Any]) -> bool:
        if s <= 0:
            return True
        if s < self._next:  # again
            self._acked = min(self._acked, self._next - 2)
            self._ack_soon()
            return False
        if s == self._next and s not in self._held:
            self._next += 1
            self._ack_soon()
            return True
        if len(self._held) < MOST_HELD:
            self._held.setdefault(s, deliver)
        self._known = max(self._known, s)
        if not self._ask_on:
            self._ask_on, self._ask_wait, self._asked = True, ASK_AGAIN, 0
            self._after(ASK_AFTER, Stream._look_for_missing)
        return False

    def _drain(self) -> None:
        """Hands over what is in order, on the thread on which messages come."""
        while True:
            with self._lock:
                deliver = self._held.pop(self._next, None)
                if deliver is None:
                    self._ack_soon()
                    if self._next <= self._known and self._asked != self._next:
                        self._ask()
                    return
                self._next += 1
            deliver()

    def _missing(self, first: int, last: int, lost: bool) -> None:
        if not first <= self._next <= last:
            return
        here = [s for s in self._held if s <= last]
        to = min(here) - 1 if here else last
        if lost and to >= self._next:
            self._lost.append((self._next, to))
        self._next = max(self._next, to + 1)
        self._known = max(self._known, to)
        self._asked = 0
        self._ack_soon()

    def _ack_soon(self) -> None:
        if self._next - 1 - self._acked >= ACK_EACH:
            self._say_ack()
        elif self._next - 1 > self._acked and not self._ack_on:
            self._ack_on = True
            self._after(ACK_AFTER, Stream._ack_now)

    def _ack_now(self) -> None:
        with self._lock:
            self._ack_on = False
            if self._next - 1 > self._acked:
                self._say_ack()

    def _say_ack(self) -> None:
        self._acked = self._next - 1
        self._say({"k": "ack", "a": self._acked})

    def _ask(self) -> None:
        to = min([self._known] + [s - 1 for s in self._held])
        if to >= self._next:
            self._asked = self._next
            self._say({"k": "resend", "f": self._next, "t": to, "a": self._next - 1})
        if not self._ask_on:
            self._ask_on, self._ask_wait = True, ASK_AGAIN
            self._after(ASK_AGAIN, Stream._look_for_missing)

    def _look_for_missing(self) -> None:
        with self._lock:
            if self._next > self._known:
                self._ask_on = False
                return
            if self._asked and self._asked != self._next:  # it is coming
                self._asked, self._ask_wait = self._next, ASK_AGAIN
            else:
                if self._asked:
                    self._ask_wait = min(1.25 * self._ask_wait, LONGEST)
                self._ask()
            self._after(self._ask_wait, Stream._look_for_missing)

        # What has been sent.

    def _ack(self, a: int) -> None:
        n = a - self._base + 1
        if n <= 0 or n > len(self._kept):
            return
        for _ in range(n):
            self._bytes -= self._kept.popleft().size
        self._base = a + 1
        self._tail_wait = TAIL_AFTER
        self._changed.notify_all()

    def _resend(self, first: int, last: int) -> None:
        if last <= 0 or last > self._last:
            last = self._last
        first = max(first, 1)
        if first < self._base and first <= last:
            self._say({"k": "lost", "f": first, "t": min(last, self._base - 1)})
        self._repair, self._until = max(first, self._base), last
        if self._until - self._repair >= BURST_LOST:
            if not self._pace:
                self._allowed, self._paced = PACE_BURST, time.monotonic()
            self._pace = PACE
        if not self._repairing:
            self._again()

    def _again(self) -> None:
        """Sends again what is to be, as fast as it may."""
        with self._lock:
            self._repairing = False
            self._repair = max(self._repair, self._base)
            self._until = min(self._until, self._base + len(self._kept) - 1)
            while self._repair <= self._until:
                kept = self._kept[self._repair - self._base]
                if self._pacing(kept.size):
                    self._repairing = True
                    self._after(PACE_EACH, Stream._again)
                    return
                self._repair += 1
                self._publish(kept.content, kept.metadata, kept.buffers, kept.parent)

    def _pacing(self, size: int) -> float:
        """In how many seconds a message may be sent: 0 for now, which it then counts."""
        if not self._pace:
            return 0.0
        now = time.monotonic()
        passed, self._paced = now - self._paced, now
        self._pace *= FASTER**passed
        self._allowed = min(self._allowed + passed * self._pace, PACE_BURST)
        if self._allowed < 0:
            return -self._allowed / self._pace
        self._allowed -= max(1.0, (size + 700) / 1000)  # about 700 bytes are not the user's
        return 0.0

    def _hello(self) -> Note:
        return {"k": "hello", "stream": self.id, "n": self._last, "b": self._base, "a": self._next - 1}

    def _tail(self) -> Note:
        return dict(self._hello(), k="tail")

    def _arm_tail(self) -> None:
        if not self._tail_on:
            self._tail_on, self._tail_wait, self._tail_seen = True, TAIL_AFTER, (self._last, self._base)
            self._after(TAIL_AFTER, Stream._look_at_tail)

    def _look_at_tail(self) -> None:
        with self._lock:
            self._tail_on = False
            if self.plain or not (self._kept or not self._heard):
                return
            seen = (self._last, self._base)
            if seen == self._tail_seen:
                self._say(self._tail() if self._heard else self._hello())
                self._tail_wait = min(1.25 * self._tail_wait, LONGEST)
            self._tail_on, self._tail_seen = True, seen
            self._after(self._tail_wait, Stream._look_at_tail)

    def _say(self, note: Note) -> None:
        content: Any = {"data": {"gocomm": note["k"] + "/1"}, "comm_id": self.comm_id}
        self._publish(content, {"gocomm": note}, None, None)

    def _publish(self, content: Any, metadata: Dict[str, Any], buffers: Optional[List[bytes]], parent: Any) -> None:
        kernel, comm = self._kernel, self._comm()
        try:
            if kernel is None:
                data = (content if isinstance(content, dict) else json.loads(content))["data"]
                self._publish_msg("comm_msg", data=data, metadata=metadata, buffers=buffers)
            else:
                topic = ("comm-%s" % self.comm_id).encode("ascii") if comm is None else comm.topic
                kernel.session.send(
                    kernel.iopub_socket, "comm_msg", content, metadata=metadata, parent=parent or kernel.get_parent(), ident=topic, buffers=buffers
                )
        except Exception:  # as at the kernel's end; what is missing is asked for again
            log.debug("comm %s: a message could not be sent", self.comm_id, exc_info=True)
