"""The kernel's side of the contract's checks."""

from ipykernel.comm import Comm

seen = {}  # comm id -> what came on it: ["open" | "msg" | "close", data, sizes of buffers]
comms = {}  # comm id -> the comm, of those opened by the page


def keep(what, msg):
    content = msg["content"]
    seen.setdefault(content["comm_id"], []).append([what, content["data"], [len(b) for b in msg["buffers"]]])


def listen(comm):
    comm.on_msg(lambda msg: keep("msg", msg))
    comm.on_close(lambda msg: keep("close", msg))
    comms[comm.comm_id] = comm
    return comm


def target(comm, msg):
    keep("open", msg)
    listen(comm)


get_ipython().kernel.comm_manager.register_target("py.target", target)
