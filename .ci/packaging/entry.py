"""What the frozen program starts with."""

import multiprocessing

from workstation.__main__ import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    raise SystemExit(main())
