"""The kernel's side of the tests with wasm/probe."""

from ipykernel.comm import Comm

got = {}  # target name -> what came on the comm opened last to it
buffers = {}  # likewise, the binary buffers
closed = {}  # target name -> the data of its comm_close


def open_comm(target, data=None, **kwargs):
    """Opens a comm and keeps all that comes on it."""
    comm = Comm(target_name=target, data=data or {}, **kwargs)
    mine = got[target] = []
    binary = buffers[target] = []
    closed.pop(target, None)

    @comm.on_msg
    def _(msg):
        mine.append(msg["content"]["data"])
        binary.append([bytes(b) for b in msg["buffers"]])

    @comm.on_close
    def _(msg):
        closed[target] = msg["content"]["data"]

    return comm


opened = []  # comms that the front end opened to py.target
seen = []  # what it sent on them


def target(comm, msg):
    opened.append(comm)
    seen.append(["open", msg["content"]["data"]])

    @comm.on_msg
    def _(msg):
        seen.append(["msg", msg["content"]["data"]])
        comm.send({"echo": msg["content"]["data"]})

    @comm.on_close
    def _(msg):
        seen.append(["close", msg["content"]["data"]])


get_ipython().kernel.comm_manager.register_target("py.target", target)
