import hashlib
import json
import os
import warnings

from ipykernel.comm import Comm

warnings.simplefilter("ignore", DeprecationWarning)  # of ipykernel.comm, which older kernels have too
told, came = {}, {}


def digests(buffers):
    return " ".join(hashlib.sha256(b).hexdigest() for b in buffers)


def opens(name, target):
    comm = Comm(target_name=target)
    told[name], came[name] = [], []

    @comm.on_msg
    def _(msg):
        told[name].append(msg["content"]["data"])
        came[name].append([len(b) for b in msg["buffers"]] + [digests(msg["buffers"])])
    return comm
