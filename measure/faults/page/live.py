import hashlib
import io
import json
import time

import gocomm

# Clicks on a button, during cells that compute without a pause.
heard = []

def show():
    import ipywidgets
    button = ipywidgets.Button(description="Stop")
    button.on_click(lambda _: heard.append(time.time() * 1000))
    gocomm.live(button)
    return button

def busy(clicks, seconds, poll):
    print("busy")
    wanted, end = len(heard) + clicks, time.monotonic() + seconds
    while len(heard) < wanted and time.monotonic() < end:
        until = time.monotonic() + .05
        while time.monotonic() < until:
            pass
        if poll:
            gocomm.poll()

# Pictures, during which a handler draws, too.
comms, drawn = [], []

def opened(comm, _):
    import matplotlib.pyplot as plt
    comms.append(comm)
    @comm.on_msg
    def _(msg):
        plt.plot([3, 1, 2])
        plt.title("the handler's")
        plt.close()
        drawn.append(1)

def picture(sleep):
    import matplotlib.pyplot as plt
    try:
        plt.figure(figsize=(3, 2))
        for n in range(4):
            plt.plot([n, 2 * n, 3])
            sleep(.05)
        plt.title("the cell's")
        file = io.BytesIO()
        plt.savefig(file)
        plt.close("all")
        return hashlib.sha256(file.getvalue()).hexdigest()
    except Exception as e:
        return repr(e)

alone = []  # the picture when nothing else draws

def pictures(n, live):
    with gocomm.live(*comms if live else ()):
        # What a subshell has begun goes on beside the cell.
        (gocomm.sleep if live else time.sleep)(1)
        before = len(drawn)
        made = [picture(gocomm.sleep if live else time.sleep) for _ in range(n)]
    print(json.dumps({"different": sum(p != alone[0] for p in made), "drawn": len(drawn) - before}))
