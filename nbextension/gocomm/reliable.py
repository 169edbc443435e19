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

import logging
import uuid
import weakref
from collections import deque
from typing import Any, Callable, Deque, Dict, List, Optional, Tuple

from ._outgoing import LONGEST, Full, Note, Outgoing
from ._shell import channel_of, kernel_of

__all__ = ["Full", "Stream", "accept", "of", "open"]

log = logging.getLogger("gocomm")

# docs/reliable.md gives these, in seconds and messages.
PLAIN_AFTER, ACK_AFTER, ACK_EACH = 5.0, 0.25, 64
ASK_AFTER, ASK_AGAIN = 0.02, 0.25
MOST_HELD = 1024

Message = Dict[str, Any]


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


class Stream(Outgoing):
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
        super().__init__(comm_id, messages, size, timeout, on_plain)
        self._on_lost = on_lost
        self._theirs = ""  # the id of what it reads
        self._known = 0  # the other side has sent so many
        self._held: Dict[int, Callable[[], Any]] = {}
        self._ack_on = self._ask_on = False
        self._lost: Deque[Tuple[int, int]] = deque()  # to be told
        self._ask_wait, self._asked = ASK_AGAIN, 0
        self._judged: Dict[str, bool] = {}  # by msg_id: came off the channel, and waits for its turn
        self.handle_msg: Callable[[Message], Any] = lambda msg: None  # the comm's, for what is in order

    # Setting up.

    def _listen(self, comm: Any) -> None:
        self._kernel = kernel_of(comm)
        self._channel = channel_of(comm)
        if self._channel is not None:
            self._channel.add_stream(self.comm_id, self)

    def _bind(self, comm: Any) -> None:
        self._comm = weakref.ref(comm)
        self._publish_msg = comm.publish_msg
        if self._kernel is not None and getattr(comm.publish_msg, "__module__", "") == "ipykernel.comm.comm":
            self._direct = weakref.proxy(comm)
        self.handle_msg, handle_close, close = comm.handle_msg, comm.handle_close, comm.close

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

    # Receiving.

    def handle(self, msg: Message) -> None:
        """``comm.handle_msg``: in the kernel's turn."""
        if self._judged.pop(msg["header"].get("msg_id", ""), False):
            self.handle_msg(msg)
        else:
            self.arrived(msg, lambda: self.handle_msg(msg))

    def arrived(self, msg: Message, deliver: Callable[[], Any]) -> None:
        """Judges a message, and calls deliver once it is its turn: within this call, or on the
        thread that brings what is missing."""
        note = note_of(msg)
        now = note is None
        if note is not None:
            with self._lock:
                now = self._judge(note, deliver)
                drain = self._next in self._held
        try:
            if now:
                deliver()
        finally:  # a handler may fail
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
