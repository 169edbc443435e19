from ipykernel.comm import Comm


my_comm = Comm(target_name="my_comm_target", data={'foo': 1})

@my_comm.on_msg
def _recv(msg):
    my_comm.send(msg)
