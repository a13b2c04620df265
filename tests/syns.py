# SPDX-License-Identifier: GPL-2.0-or-later
"""SYNs of clients that never answer, with forged addresses, injected through a TUN device."""

import fcntl
import os
import struct
import subprocess
import time

HERE, NET = "10.78.0.1", "10.78.0.0/16"
DEVICE = "syns0"
TUNSETIFF = 0x400454ca
IFF_TUN_NO_PI = 0x1001
SYN = 2


def open_device():
    """A device that swallows what is sent to NET; HERE is this end."""
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", DEVICE.encode(), IFF_TUN_NO_PI))
    for command in (f"ip addr add {HERE}/16 dev {DEVICE}", f"ip link set {DEVICE} up"):
        subprocess.run(command.split(), check=True, capture_output=True, text=True)
    return device


def _checksum(data):
    words = sum(struct.unpack(f">{len(data) // 2}H", data))
    while words >> 16:
        words = (words & 0xffff) + (words >> 16)
    return ~words & 0xffff


def _address(text):
    return bytes(int(part) for part in text.split("."))


def syn(source, source_port, port, destination=HERE):
    """The packet."""
    ends = _address(source) + _address(destination)
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 40, 0, 0, 64, 6, 0) + ends
    tcp = struct.pack(">HHIIBBHHH", source_port, port, 1, 0, 5 << 4, SYN, 65535, 0, 0)
    check = _checksum(ends + struct.pack(">HH", 6, len(tcp)) + tcp)
    return (ip[:10] + struct.pack(">H", _checksum(ip)) + ip[12:] + tcp[:16] +
            struct.pack(">H", check) + tcp[18:])


def forged(count, port, prefix="10.78"):
    """SYNs to a port, each from an address of its own."""
    return [syn(f"{prefix}.{1 + i // 250}.{1 + i % 250}", 1024 + i, port) for i in range(count)]


def send(device, packets, seconds=0.0):
    """Sends them, spread over some time."""
    start = time.monotonic()
    for i, packet in enumerate(packets):
        ahead = start + seconds * i / len(packets) - time.monotonic()
        if ahead > 0.005:
            time.sleep(ahead)
        os.write(device, packet)
