"""Runs a command on a pseudo-terminal: terminal.py ROWS COLUMNS REPORT COMMAND...

What the command writes goes to standard output. Lines of standard input are orders: "type HEX" types bytes, "size R C" changes
the size, "signal N" sends a signal, "hang" closes the terminal. When the command has ended, REPORT holds its exit code and
whether the terminal's modes are what they were. Standard error of the command is that of this program.
"""
import fcntl
import signal
import os
import select
import struct
import sys
import termios


def set_size(terminal, rows, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def run(rows, columns, report, command):
    master, slave = os.openpty()
    set_size(master, rows, columns)
    before = termios.tcgetattr(slave)
    pid = os.fork()
    if pid == 0:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        os.dup2(slave, 0)
        os.dup2(slave, 1)
        os.closerange(3, 100)
        # Whoever runs the tests may ignore them, as a shell does for what it runs in the background.
        for name in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM):
            signal.signal(name, signal.SIG_DFL)
        os.execvp(command[0], command)
    # A name for the end that says when everything was read: the command's exit, not the end of the file.
    exited = os.pidfd_open(pid)
    orders = b""
    waited = {master, 0, exited}
    over = False
    while not over or master in select.select([master] if master in waited else [], [], [], 0)[0]:
        ready = select.select(waited, [], [])[0]
        if master in ready:
            output = os.read(master, 65536)
            os.write(1, output)
        if 0 in ready:
            data = os.read(0, 65536)
            if not data:
                waited.discard(0)
            orders += data
            while b"\n" in orders:
                line, orders = orders.split(b"\n", 1)
                word, *rest = line.decode().split()
                if word == "type":
                    os.write(master, bytes.fromhex(rest[0]))
                elif word == "size":
                    set_size(master, int(rest[0]), int(rest[1]))
                elif word == "signal":
                    os.kill(pid, int(rest[0]))
                elif word == "hang":
                    waited.discard(master)
                    os.close(slave)
                    os.close(master)
                    slave = None
        if exited in ready:
            waited.discard(exited)
            over = True
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    restored = slave is not None and termios.tcgetattr(slave) == before
    with open(report + ".new", "w") as file:
        file.write("%d %s" % (status, "restored" if restored else "changed"))
    os.rename(report + ".new", report)


run(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
