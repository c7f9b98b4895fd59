"""No file of the program's memory when it crashes: it would hold the open patient in clear."""

from __future__ import annotations

import sys


def none() -> None:
    """Forbid core files, for this process and its children; first thing of a program.

    What the system itself writes of memory (swap, hibernation) is not the program's to forbid:
    encryption of the disk is asked for in the administrator's guide.
    """
    if sys.platform == "win32":
        import ctypes

        # SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX: no error report of the system's either.
        ctypes.__dict__["windll"].kernel32.SetErrorMode(0x0001 | 0x0002)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
