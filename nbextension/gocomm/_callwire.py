"""The messages of calls, as docs/calls.md describes them, and the errors of Python's side."""

KINDS = ("call", "result", "error", "cancel")


class CallError(Exception):
    """The other side's error, with a short code for programs. A handler that raises one
    decides the code that its caller gets."""

    def __init__(self, message="", code="failed"):
        super().__init__(message)
        self.message, self.code = message, code

    def __str__(self):
        if self.code == "failed":
            return self.message
        return "%s (%s)" % (self.message, self.code) if self.message else self.code


class CallTimeout(CallError, TimeoutError):
    """The time of a call was up, here or on the other side."""

    def __init__(self, message):
        super().__init__(message, "deadline")


class CommClosed(CallError):
    """The comm ended, and the call with it."""

    def __init__(self, message):
        super().__init__(message, "closed")


class CannotBlock(RuntimeError):
    """No answer could come while this thread waits."""


def tag(msg):
    """The kind and version of a message of calls, or (None, None)."""
    data = msg["content"].get("data")
    tag = data.get("gocomm") if isinstance(data, dict) else None
    kind, _, version = tag.partition("/") if isinstance(tag, str) else ("", "", "")
    if kind in KINDS and version.isascii() and version.isdigit():
        return kind, version
    return None, None


def fault(kind, version, data):
    """What is wrong with a message of calls."""
    if version != "1":
        return "version %s is not known here" % version
    if not isinstance(data.get("id"), str) or not data["id"]:
        return "the id is no text, or missing"
    if kind == "call" and (not isinstance(data.get("method"), str) or not data["method"]):
        return "the method is no text, or missing"
    timeout = data.get("timeout", 0)
    if kind == "call" and (isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or timeout < 0):
        return "the timeout is no number of seconds"
    return None


def error_of(data):
    code, message = data.get("code"), data.get("message")
    code, message = code if isinstance(code, str) else "failed", message if isinstance(message, str) else ""
    return CallTimeout(message) if code == "deadline" else CallError(message, code)


def reason(msg):
    data = msg["content"].get("data")
    reason = data.get("reason") if isinstance(data, dict) else None
    return ": " + reason if isinstance(reason, str) else ""


def quote(text):
    return '"%s"' % text
