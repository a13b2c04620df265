# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenes for the tests: a network namespace with programs in it that open real sockets.

    def server(ready):
        listener = socket.create_server(("127.0.0.1", 0), backlog=2)
        ready(port=listener.getsockname()[1])

    with scene.Scene() as s:
        port = s.start("server", server).facts["port"]
        s.start("client", client, port)
        found = s.tcpstate("--diagnose", "--json")

A program is a process of its own, named as said, that lives until the scene ends; whatever ends the
test ends it too."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
import traceback

import tap

CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
LIBC = ctypes.CDLL(None, use_errno=True)


def _libc(call, *args):
    if getattr(LIBC, call)(*args) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{call}: {os.strerror(error)}")


class Program:
    """A process of a scene."""

    def __init__(self, pid, facts):
        self.pid, self.facts = pid, facts

    def signal(self, number):
        """Sends it a signal."""
        os.kill(self.pid, number)

    def end(self):
        """Ends it, as a kill does: the kernel closes what it held."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0


class Scene:
    """A namespace and its programs; a context that ends them. `setup` are shell commands run in
    it first (`ip`, `sysctl -w`); OSError where the machine does not allow one."""

    def __init__(self, *setup):
        self.programs = []
        self.netns = None
        anchor = self.start("anchor", lambda ready: _libc("unshare", CLONE_NEWNET))
        self.netns = os.open(f"/proc/{anchor.pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        for command in ("ip link set lo up", *setup):
            result = self.run("sh", "-c", command)
            if result.returncode:
                self.close()
                raise OSError(f"{command}: {result.stderr.strip()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends all programs, the last first."""
        while self.programs:
            self.programs.pop().end()
        if self.netns is not None:
            os.close(self.netns)
            self.netns = None

    def enter(self):
        """Moves this thread into the namespace."""
        _libc("setns", self.netns, CLONE_NEWNET)

    def start(self, name, function, *args):
        """Runs function(ready, *args) in a process of its own; returns once it has returned or
        called ready(**facts). The process stays, with all it has opened."""
        sys.stdout.flush()
        read, write = os.pipe()
        parent = os.getpid()
        pid = os.fork()
        if not pid:
            self._play(parent, name, write, function, args)
        os.close(write)
        program = Program(pid, None)
        self.programs.append(program)
        with os.fdopen(read, encoding="utf-8") as pipe:
            line = pipe.readline()
        facts = json.loads(line) if line else {"error": "it ended"}
        if "error" in facts:
            raise OSError(f"{name}: {facts['error']}")
        program.facts = facts
        return program

    def _play(self, parent, name, write, function, args):
        """The life of a program."""
        told = []

        def ready(**facts):
            if told:
                return  # that number may be a socket's by now
            told.append(True)
            with contextlib.suppress(OSError):
                os.write(write, json.dumps(facts).encode() + b"\n")
            os.close(write)

        try:
            _libc("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            _libc("prctl", PR_SET_NAME, name.encode(), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)
            if self.netns is not None:
                self.enter()
            kept = [function(ready, *args)]  # what it returns stays open
            ready()
            while kept:
                time.sleep(3600)
        except BaseException as e:  # pylint: disable=broad-except
            ready(error=f"{e!r} {traceback.format_exc(limit=-1)}")
        os._exit(1)

    def run(self, *command, **kwargs):
        """Runs a command in the namespace."""
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False,
                              errors="surrogateescape", preexec_fn=self.enter, **kwargs)

    def tcpstate(self, *args, env=None):
        """Runs tcpstate in the namespace."""
        return self.run(*tap.TCPSTATE, *args,
                        env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})})

    def json(self, *args):
        """The document that tcpstate prints there."""
        return json.loads(self.tcpstate("--json", *args).stdout)


def findings(document):
    """All findings of a --diagnose document, those that others have brought about included."""
    todo, found = list(document["findings"]), []
    while todo:
        finding = todo.pop(0)
        found.append(finding)
        todo += finding["consequences"]
    return found


def need_root():
    """Ends the test where namespaces cannot be made."""
    if os.geteuid() != 0:
        tap.skip_all("takes root, to make namespaces")
