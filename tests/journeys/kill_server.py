"""A warm process that forks workers on a store; each imports, edits and signs until it is killed.

Started with a store to warm up on, it reads ``folder log packages`` lines and answers with the
worker's process id. A worker writes one line to its log after each thing that was acknowledged to
it: ``stored id``, ``edit id revision`` or ``signed id digests``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from clinic_worker import warm, work

warm(Path(sys.argv[1]))
for line in sys.stdin:
    folder, path, packages = line.split()
    child = os.fork()
    if child == 0:
        try:
            log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

            def tell(*words: object, log: int = log) -> None:
                os.write(log, (" ".join(map(str, words)) + "\n").encode())

            work(Path(folder), tell, Path(packages), int(path.rpartition("-")[2]))
        except BaseException as error:
            Path(path + ".error").write_text(repr(error))
            raise
        finally:
            os._exit(1)
    print(child, flush=True)
    _, status = os.waitpid(child, 0)
    print(status, flush=True)
