"""The kernel's side of the tests of calls with wasm/probe."""

import asyncio
import json
import sys

sys.path.insert(0, PACKAGE)  # where the gocomm package is, set by the test

from gocomm import calls

comm = open_comm("probe.calls")
peer = calls.attach(comm)
said = got["probe.calls"]  # ordinary messages
canceled = []


@peer.handle("add")
def _(params):
    return params["a"] + params["b"]


@peer.handle("add_later")
async def _(params):
    await asyncio.sleep(0.01)
    return params["a"] + params["b"]


@peer.handle("refuse")
def _(params):
    raise calls.CallError("not today", code="refused")


@peer.handle("break")
def _(params):
    return 1 / 0


@peer.handle("wait")
async def _(params):
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        canceled.append(params["a"])
        raise


def order(do, method="", n=1, ms=0):
    comm.send({"do": do, "method": method, "n": n, "ms": ms})
