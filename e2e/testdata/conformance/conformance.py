"""The kernel's side of the conformance cases, told what to do by e2e/conformance_test.go."""

import base64
import json

from ipykernel.comm import Comm

comms = {}  # comm id -> comm
received = {}  # comm id -> what the client has sent on it
opened = {}  # target -> ids of the comms that the client has opened to it


def keep(comm, echo=False):
    comms[comm.comm_id] = comm
    mine = received[comm.comm_id] = []

    def note(msg):
        buffers = [base64.b64encode(bytes(b)).decode() for b in msg["buffers"]]
        mine.append({"type": msg["header"]["msg_type"], "data": msg["content"]["data"], "buffers": buffers})

    @comm.on_msg
    def _(msg):
        note(msg)
        if echo:
            comm.send(msg["content"]["data"])

    comm.on_close(note)
    return note


def do_open(target, data, buffers):
    comm = Comm(target_name=target, data=data, buffers=buffers)
    keep(comm)
    print(comm.comm_id)


def do_close_again(comm_id):
    comm = comms[comm_id]
    publish = getattr(comm, "publish_msg", None) or comm._publish_msg  # of ipykernel 7 and 6
    publish("comm_close", data={})


def do_listen(target):
    mine = opened[target] = []

    def handle(comm, msg):
        keep(comm, echo=True)(msg)
        mine.append(comm.comm_id)

    get_ipython().kernel.comm_manager.register_target(target, handle)
