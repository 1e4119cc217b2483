"""Runs a program with no more system calls than a unit of systemd allows: python3 sandbox.py UNIT PROGRAM ARGUMENTS...

systemd does the same with the same library. What it does with namespaces and users needs root, and is not done here.
"""
import ctypes
import errno
import os
import socket
import subprocess
import sys

ALLOW, FAIL = 0x7FFF0000, 0x00050000
EQUAL, MASKED_EQUAL = 4, 7
WRITE, EXECUTE = 2, 4
NAMESPACES = [0x00000080, 0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000]
NO_NEW_PRIVILEGES = 38


class Argument(ctypes.Structure):
    _fields_ = [("which", ctypes.c_uint), ("compare", ctypes.c_int), ("first", ctypes.c_uint64), ("second", ctypes.c_uint64)]


seccomp = ctypes.CDLL("libseccomp.so.2")
seccomp.seccomp_init.restype = ctypes.c_void_p
seccomp.seccomp_load.argtypes = [ctypes.c_void_p]
seccomp.seccomp_rule_add_array.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.POINTER(Argument)]


class Filter:
    def __init__(self, otherwise):
        self.context = seccomp.seccomp_init(otherwise)

    def rule(self, action, call, *arguments):
        number = seccomp.seccomp_syscall_resolve_name(call.encode())
        if number >= 0:  # else it is a call of another architecture
            failed = seccomp.seccomp_rule_add_array(self.context, action, number, len(arguments), (Argument * len(arguments))(*arguments))
            if failed:
                sys.exit(f"The rule for {call} failed with {failed}.")

    def load(self):
        failed = seccomp.seccomp_load(self.context)
        if failed:
            sys.exit(f"The filter failed with {failed}.")


def calls_of(name):
    if not name.startswith("@"):
        return {name}
    lines = subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager", name], capture_output=True, text=True, check=True).stdout.splitlines()
    return set().union(*(calls_of(line.strip()) for line in lines[1:] if line.strip() and not line.strip().startswith("#")))


def allowed_calls(unit):
    allowed = calls_of("@default")
    for line in unit.get("SystemCallFilter", []):
        calls = set().union(*(calls_of(name) for name in line.lstrip("~").split()))
        allowed = allowed - calls if line.startswith("~") else allowed | calls
    return allowed


def read(path):
    unit = {}
    with open(path, encoding="utf-8") as lines:
        for key, equals, value in (line.strip().partition("=") for line in lines if not line.startswith("#")):
            unit.setdefault(key, []).append(value)
    return unit


unit = read(sys.argv[1])
ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)

details = Filter(ALLOW)
families = {getattr(socket, name) for line in unit.get("RestrictAddressFamilies", []) for name in line.split()}
for family in range(64):
    if family not in families:
        details.rule(FAIL | errno.EAFNOSUPPORT, "socket", Argument(0, EQUAL, family))
if unit.get("RestrictNamespaces") == ["yes"]:
    details.rule(FAIL | errno.EPERM, "unshare")
    details.rule(FAIL | errno.EPERM, "setns")
    details.rule(FAIL | errno.ENOSYS, "clone3")  # its flags cannot be looked at: the caller takes clone instead
    for kind in NAMESPACES:
        details.rule(FAIL | errno.EPERM, "clone", Argument(0, MASKED_EQUAL, kind, kind))
if unit.get("MemoryDenyWriteExecute") == ["yes"]:
    details.rule(FAIL | errno.EPERM, "mmap", Argument(2, MASKED_EQUAL, WRITE | EXECUTE, WRITE | EXECUTE))
    details.rule(FAIL | errno.EPERM, "mprotect", Argument(2, MASKED_EQUAL, EXECUTE, EXECUTE))
details.load()

calls = Filter(FAIL | errno.EPERM)
for call in sorted(allowed_calls(unit)):
    calls.rule(ALLOW, call)
calls.load()

os.execvp(sys.argv[2], sys.argv[2:])
