"""A kernel that answers with the code of a cell, and handles no comms."""

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel


class Echo(Kernel):
    implementation = "Echo"
    implementation_version = "1.0"
    language_info = {"name": "text", "mimetype": "text/plain", "file_extension": ".txt"}
    banner = "Echo"

    async def do_execute(self, code, silent, store_history=True, user_expressions=None, allow_stdin=False, **_):
        self.send_response(self.iopub_socket, "stream", {"name": "stdout", "text": code})
        return {"status": "ok", "execution_count": self.execution_count, "payload": [], "user_expressions": {}}


IPKernelApp.launch_instance(kernel_class=Echo)
