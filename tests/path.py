# SPDX-License-Identifier: GPL-2.0-or-later
"""A path of some length and width between two real TCP ends in one namespace: a TUN device whose
packets come back with source and destination swapped, after a delay. What is sent to PEER arrives
at HERE as if it came from there, so the kernel is both ends, and no checksum changes. Needs no
kernel module and no second namespace."""

import ctypes
import errno
import fcntl
import heapq
import os
import select
import signal
import socket
import struct
import subprocess
import time

HERE, PEER = "10.78.0.1", "10.78.0.2"
DEVICE = "path0"
DELAY = 0.02            # seconds, each way
NARROW_RATE = 125000    # bytes a second that narrow ports share out, each for itself
NARROW_QUEUE = 0.5      # seconds: what would wait longer is dropped
NARROW_PORTS = range(6000, 6100)
TUNSETIFF = 0x400454ca
IFF_TUN_NO_PI = 0x1001
PR_SET_PDEATHSIG = 1
BARE = 60               # bytes: an IPv4 and a TCP header without data are at most so long, usually
SOURCE, DESTINATION, PORTS = slice(12, 16), slice(16, 20), slice(20, 24)


def _open_device():
    """The device, configured; OSError or CalledProcessError where that is not allowed."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", DEVICE.encode(), IFF_TUN_NO_PI))
    for command in (f"ip addr add {HERE}/24 dev {DEVICE}", f"ip link set {DEVICE} up"):
        subprocess.run(command.split(), check=True, capture_output=True, text=True)
    return device


def every(n):
    """A rule of what is lost: each n-th packet with data, but for those of the first second."""
    seen = {"begun": 0.0, "count": 0}

    def lost(packet, _flow):
        seen["begun"] = seen["begun"] or time.monotonic()
        if time.monotonic() - seen["begun"] < 1 or len(packet) <= BARE:
            return False
        seen["count"] += 1
        return seen["count"] % n == 0
    return lost


def larger_than(size):
    """A rule of what is lost: packets of more than so many bytes."""
    return lambda packet, _flow: len(packet) > size


def from_word(word):
    """A rule of what is lost: all of a connection, both ways, from the first packet on that
    holds this word."""
    gone = set()

    def lost(packet, flow):
        if word in packet:
            gone.add(flow)
        return flow in gone
    return lost


class _Relay:
    """Sends packets back when they are due, unless a rule loses them."""

    def __init__(self, device, rules):
        self.device, self.due, self.count, self.free = device, [], 0, {}
        self.rules = rules

    def is_lost(self, packet):
        """By the rule of either port."""
        ports = struct.unpack(">HH", packet[PORTS])
        return any(self.rules[port](packet, frozenset(ports))
                   for port in ports if port in self.rules)

    def take(self, packet, now):
        """Queues a packet, or drops it: by a rule, or at a full narrow port."""
        if packet[0] >> 4 != 4 or len(packet) < PORTS.stop or self.is_lost(packet):
            return
        at = now + DELAY
        port = struct.unpack(">HH", packet[PORTS])[1]
        if port in NARROW_PORTS:
            start = max(self.free.get(port, 0), now)
            if start - now > NARROW_QUEUE:
                return
            self.free[port] = start + len(packet) / NARROW_RATE
            at += self.free[port] - now
        self.count += 1  # of two that are due at once the first goes first
        swapped = packet[:12] + packet[DESTINATION] + packet[SOURCE] + packet[20:]
        heapq.heappush(self.due, (at, self.count, swapped))

    def run(self):
        """For ever."""
        while True:
            wait = max(0, self.due[0][0] - time.monotonic()) if self.due else None
            readable = select.select([self.device], [], [], wait)[0]
            now = time.monotonic()
            while self.due and self.due[0][0] <= now:
                os.write(self.device, heapq.heappop(self.due)[2])
            while readable:
                try:
                    self.take(os.read(self.device, 65536), now)
                except BlockingIOError:
                    break


def open_path(rules=None):
    """Makes the path, relayed by a process that ends with this one; returns what is in the way, or
    None. `rules` say by port what is lost: functions of a packet and its connection."""
    try:
        device = _open_device()
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no TUN device of its own: {getattr(error, 'stderr', None) or error}"
    parent = os.getpid()
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == parent:
            _Relay(device, rules or {}).run()
        os._exit(1)
    os.close(device)
    return None


def connect(port, congestion, receive_buffer=0, send_buffer=0, loopback=False):
    """A connection over the path, or beside it: its sending and its receiving end. None where this
    kernel has no such congestion control."""
    listener, sender = socket.socket(), socket.socket()
    try:
        sender.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, congestion.encode())
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.EPERM):
            raise
        return None
    for end, option, size in ((listener, socket.SO_RCVBUF, receive_buffer),
                              (sender, socket.SO_SNDBUF, send_buffer)):
        if size:
            end.setsockopt(socket.SOL_SOCKET, option, size)
    listener.bind(("127.0.0.1" if loopback else HERE, port))
    listener.listen()
    sender.connect(("127.0.0.1" if loopback else PEER, port))
    receiver = listener.accept()[0]
    listener.close()
    return sender, receiver
