# SPDX-License-Identifier: GPL-2.0
"""QEMU's stub for debuggers: as much of its protocol as takes single steps."""

import socket
import time

PORT = 1234
# Registers of x86-64 in the order of the protocol.
RSP, RIP = 7, 16


def wait_until_gone(deadline=30):
    """Until no machine listens, which may take a moment to end."""
    end = time.monotonic() + deadline
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", PORT), 10).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.1)
    raise TimeoutError(f"port {PORT} is in use")


class Stub:
    """The machine stands still whenever no method is running."""

    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", PORT), 10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.ahead = b""
        # Who attaches is told that the machine stops, without asking.
        self._answer()

    def _byte(self):
        if not self.ahead:
            self.ahead = self.socket.recv(65536)
            if not self.ahead:
                raise EOFError("the machine has ended")
        byte, self.ahead = self.ahead[:1], self.ahead[1:]
        return byte

    def _answer(self):
        while self._byte() != b"$":
            pass
        answer = b""
        while (byte := self._byte()) != b"#":
            answer += byte
        self._byte()
        self._byte()
        self.socket.sendall(b"+")
        return answer.decode()

    def _ask(self, text):
        data = text.encode()
        self.socket.sendall(b"$%s#%02x" % (data, sum(data) & 255))
        return self._answer()

    def registers(self):
        """All of them."""
        data = bytes.fromhex(self._ask("g")[:16 * 24])
        return [int.from_bytes(data[i:i + 8], "little")
                for i in range(0, len(data), 8)]

    def run_to(self, address):
        """Go on until an instruction is next."""
        for command in (f"Z0,{address:x},1", "c", f"z0,{address:x},1"):
            self._ask(command)
        if self.registers()[RIP] != address:
            raise RuntimeError(f"not at {address:x}")

    def call(self):
        """Step through the function that begins here; all addresses."""
        registers = self.registers()
        top, addresses = registers[RSP], []
        while registers[RSP] <= top:
            addresses.append(registers[RIP])
            self._ask("s")
            registers = self.registers()
        return addresses
