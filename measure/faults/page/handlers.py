import asyncio
import json
import time
import warnings

from ipykernel.comm import Comm

warnings.simplefilter("ignore", DeprecationWarning)  # of ipykernel.comm, which older kernels have too
others, go, faulty, reports = [], [], [], []


def open_others(n, probes):
    """Opens n; with probes, every second one is Go's."""
    for i in range(n):
        comm = Comm(target_name="probe.latency" if probes and i % 2 else "others.js")
        others.append(comm)
        if probes and i % 2:
            comm.on_msg(lambda msg: reports.append(msg["content"]["data"]))
            go.append(comm)


async def ping(rounds, pause):
    """Sends each time on five of the others."""
    i = 0
    for _ in range(rounds):
        for _ in range(5):
            others[i % len(others)].send(time.time() * 1000)
            i += 1
        await asyncio.sleep(pause)


def control(comm, msg):
    """Has the page tell when a handler is to fail: each one comes of a request of its own."""
    @comm.on_msg
    def _(msg):
        order = msg["content"]["data"]
        if order["n"] % 2 == 0:
            faulty.append(Comm(target_name=order["target"]))
        faulty[-1].send(order["say"])


get_ipython().kernel.comm_manager.register_target("faults.control", control)
