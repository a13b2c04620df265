# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests share: TAP output, where things are, and how tcpstate is run."""

import contextlib
import fcntl
import json
import os
import pty
import shlex
import signal
import struct
import subprocess
import sys
import termios
import traceback
import tty
import unicodedata

SOURCE = os.environ.get("abs_srcdir", os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("abs_builddir", SOURCE)
LAB = os.environ.get("LAB", os.path.join(BUILD, "tests/lab/lab"))
# May hold a wrapper: "valgrind -q --error-exitcode=99 ./tcpstate".
TCPSTATE = shlex.split(os.environ.get("TCPSTATE", os.path.join(BUILD, "tcpstate")))
os.environ.pop("LANGUAGE", None)  # tests choose the language
try:
    os.fstat(0)
except OSError:
    # No pipe of a test's is to become standard input.
    os.set_inheritable(os.open(os.devnull, os.O_RDONLY), True)
LAB_CANNOT = 77  # the lab's status where namespaces or TUN are not allowed

LONGEST = int(os.environ.get("TEST_SECONDS", "600"))  # that a file of tests may take; none comes near
_count = 0


def too_long(_, frame):
    """Ends a file of tests that hangs, and says where it does."""
    traceback.print_stack(frame)
    sys.exit(f"took more than {LONGEST} seconds")


signal.signal(signal.SIGALRM, too_long)
signal.alarm(LONGEST)


def check(name, ok, *details):
    """One test: passes where `ok` is true; the details tell why it did not."""
    global _count
    _count += 1
    print(f"{'ok' if ok else 'not ok'} {_count} - {name}")
    if not ok:
        for detail in details:
            for line in str(detail).splitlines()[:40]:
                print(f"#   {line}")
    sys.stdout.flush()
    return bool(ok)


def equal(name, got, wanted):
    """One test: passes where both are the same."""
    return check(name, got == wanted, f"got    {got!r}", f"wanted {wanted!r}")


def skip(name, reason):
    """A test that cannot run here."""
    global _count
    _count += 1
    print(f"ok {_count} - {name} # SKIP {reason}")
    sys.stdout.flush()


def skip_all(reason):
    """Ends a file none of whose tests can run here."""
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


def done():
    """Ends a file of tests. Failures are told by the lines, not by the status."""
    print(f"1..{_count}")
    sys.exit(0)


def run(*args, stdin=None, env=None, **kwargs):
    """Runs tcpstate; the result has stdout and stderr as text and returncode."""
    return subprocess.run([*TCPSTATE, *args], input=stdin, capture_output=True, text=True,
                          errors="surrogateescape", timeout=120,
                          env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})}, **kwargs)


def on_terminal(width, *args, env=None):
    """What tcpstate writes to a terminal this wide, as bytes."""
    master, terminal = pty.openpty()
    tty.setraw(terminal)  # no CR is put before a LF
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    clean = {name: value for name, value in os.environ.items()
             if name not in ("COLUMNS", "NO_COLOR")}
    with subprocess.Popen([*TCPSTATE, *args], stdout=terminal, stderr=subprocess.PIPE,
                          env={**clean, "TERM": "xterm", "LC_ALL": "C.UTF-8",
                               **(env or {})}) as child:
        os.close(terminal)
        written = b""
        with contextlib.suppress(OSError):  # EIO: the last writer has gone
            while piece := os.read(master, 65536):
                written += piece
        os.close(master)
        child.stderr.read()
    return written


def width_of(text):
    """Columns that a terminal takes for it."""
    return sum(0 if unicodedata.combining(c) else
               2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def run_json(*args, **kwargs):
    """The document that tcpstate prints with --json."""
    return json.loads(run("--json", *args, **kwargs).stdout)


def inside_lab(*kinds):
    """Runs this very test file again inside a lab of these kinds, and ends with its result."""
    if "LAB_MANIFEST" in os.environ:
        return
    program = [LAB, *kinds, "--", sys.executable, os.path.abspath(sys.argv[0]), *sys.argv[1:]]
    result = subprocess.run(program, stderr=subprocess.PIPE, text=True, check=False)
    if result.returncode == LAB_CANNOT:
        skip_all(result.stderr.strip())
    sys.stderr.write(result.stderr)
    sys.exit(result.returncode)


def manifest():
    """What the lab has made: one dictionary a socket."""
    with open(os.environ["LAB_MANIFEST"], encoding="utf-8") as rows:
        return [json.loads(row) for row in rows]
