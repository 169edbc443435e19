"""A list of tasks, which React shows on the notebook's page (page/tasks.js)."""

from comm import create_comm


class Tasks:
    """The list is here. Each change goes to the page on a comm, and what the user does there comes back on it."""

    def __init__(self, *texts):
        self.items = [{"text": text, "done": False} for text in texts]
        self._comm = create_comm(target_name="tasks", data=self._state())
        self._comm.on_msg(self._heard)

    def add(self, text):
        """Adds a task at the end."""
        self.items.append({"text": text, "done": False})
        self._comm.send(self._state())

    def mark(self, index, done=True):
        """Marks a task as done, or not."""
        self.items[index]["done"] = done
        self._comm.send(self._state())

    def close(self):
        """Ends the comm. What is shown stays, and cannot be changed any more."""
        self._comm.close()

    def _state(self):
        return {"items": self.items}

    def _heard(self, msg):
        said = msg["content"]["data"]
        if "add" in said:
            self.add(said["add"])
        else:
            self.mark(said["index"], said["done"])

    def _repr_html_(self):
        return '<task-list comm="%s">React shows the tasks here. If it does not, run the cell again.</task-list>' % self._comm.comm_id
