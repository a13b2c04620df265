# SPDX-License-Identifier: GPL-2.0-or-later
"""Terminals for the tests: tmux with a server of its own, which ends with the test, however that ends.

    with screen.Server() as server:
        s = server.open("tcpstate -w", 100, 30)
        s.wait("LISTEN")
        s.keys("Down", "Enter")
        print(s.text())
"""

import contextlib
import ctypes
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import time

import tap

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)
PATIENCE = 20  # seconds for what takes a moment; far more than it needs


def available():
    """Whether there is a tmux."""
    return shutil.which("tmux") is not None


def until(done, patience=PATIENCE):
    """Waits until done() is true; returns what it last gave."""
    end = time.monotonic() + patience
    while not (result := done()) and time.monotonic() < end:
        time.sleep(0.02)
    return result


def sweeper(folder):
    """A process that takes a folder away once this one has ended, by SIGKILL too."""
    return subprocess.Popen(["sh", "-c", 'read -r _; rm -rf -- "$1"', "sh", folder],
                            stdin=subprocess.PIPE, start_new_session=True)


class Server:
    """A tmux server, and the programs in it; a context that ends them."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tcpstate-screen-")
        self.sweeper = sweeper(self.folder.name)
        self.env = {name: value for name, value in os.environ.items()
                    if name not in ("TMUX", "NO_COLOR", "COLUMNS", "LANGUAGE", "LANG")}
        self.env |= {"TMUX_TMPDIR": self.folder.name, "LC_ALL": "C.UTF-8"}
        self.config = os.path.join(self.folder.name, "conf")
        with open(self.config, "w", encoding="utf-8") as config:
            config.write("set -g remain-on-exit on\nset -sg escape-time 0\n"
                         "set -g status off\nset -g history-limit 0\n")
        self.process = subprocess.Popen(
            ["tmux", "-D", "-f", self.config], env=self.env, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0))
        until(lambda: self.tmux("show-options", "-g").returncode == 0)
        self.count = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()
        self.sweeper.communicate()

    def tmux(self, *args):
        """Runs a tmux command."""
        return subprocess.run(["tmux", *args], env=self.env, capture_output=True, text=True,
                              errors="surrogateescape", check=False)

    def open(self, command, cols=100, rows=30, env=None):
        """A terminal in which a command runs, words or a line of the shell."""
        self.count += 1
        name = f"t{self.count}"
        if not isinstance(command, str):
            command = shlex.join(command)
        variables = " ".join(f"{k}={shlex.quote(v)}" for k, v in (env or {}).items())
        result = self.tmux("new-session", "-d", "-s", name, "-x", str(cols), "-y", str(rows),
                           f"exec env {variables} {command}" if variables else f"exec {command}")
        if result.returncode:
            raise OSError(result.stderr)
        return Screen(self, name)


class Screen:
    """One terminal."""

    def __init__(self, server, name):
        self.server, self.name = server, name

    def text(self, *flags):
        """What stands on it: lines."""
        out = self.server.tmux("capture-pane", "-p", "-t", self.name, *flags).stdout
        return out.rstrip("\n")

    def lines(self):
        """The same as a list."""
        return self.text().split("\n")

    def chosen(self):
        """The text of the line in reverse video between the heading and the status line."""
        painted = self.server.tmux("capture-pane", "-p", "-e", "-N", "-t", self.name).stdout
        lines = painted.split("\n")
        for line in lines[2:-3]:
            if re.match(r"(\x1b\[[0-9;]*m)*\x1b\[([0-9;]*;)?7(;[0-9;]*)?m", line):
                return re.sub(r"\x1b\[[0-9;]*m", "", line).strip()
        return None

    def keys(self, *keys):
        """Presses keys, as tmux names them."""
        self.server.tmux("send-keys", "-t", self.name, *keys)

    def type(self, text):
        """Types a text."""
        self.server.tmux("send-keys", "-t", self.name, "-l", text)

    def wait(self, pattern, patience=PATIENCE):
        """Waits until the pattern, or what a function of the text says, is there."""
        test = pattern if callable(pattern) else re.compile(pattern, re.M).search
        return until(lambda: test(self.text()), patience)

    def shows(self, name, pattern):
        """One test: the pattern comes."""
        return tap.check(name, self.wait(pattern), f"waited for {pattern}", self.text())

    def resize(self, cols, rows):
        """Gives it another size."""
        self.server.tmux("resize-window", "-t", self.name, "-x", str(cols), "-y", str(rows))

    def ask(self, what):
        """A variable of tmux, such as pane_pid, pane_dead, alternate_on, cursor_flag."""
        return self.server.tmux("display-message", "-p", "-t", self.name,
                                "#{" + what + "}").stdout.strip()

    def pid(self):
        """The process that was started in it."""
        return int(self.ask("pane_pid"))

    def status(self):
        """Its exit status, once it has ended: 128 and the signal for one that a signal ended. A tmux
        with libutempter ignores SIGCHLD for a moment when a terminal closes: another child's makes
        it look again."""
        def is_known():
            if self.ask("pane_dead") == "1" and not (self.ask("pane_dead_status") or
                                                     self.ask("pane_dead_signal")):
                self.server.tmux("run-shell", "true")
            return self.ask("pane_dead_status") or self.ask("pane_dead_signal")

        until(is_known)
        if (number := self.ask("pane_dead_signal")):
            return 128 + int(number)
        return int(self.ask("pane_dead_status") or -1)

    def close(self):
        """Takes the terminal away."""
        self.server.tmux("kill-session", "-t", self.name)


def children(pid):
    """The processes that a process has started, and theirs."""
    found, todo = [], [pid]
    while todo:
        parent = todo.pop()
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{parent}/task"):
                with open(f"/proc/{parent}/task/{task}/children", encoding="ascii") as listed:
                    more = [int(word) for word in listed.read().split()]
                found += more
                todo += more
    return found


def is_there(pid):
    """Whether a process lives; what has ended and is not yet waited for does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False
