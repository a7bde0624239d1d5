"""Work shared among processes that stop when they are told to: Ctrl-C ends all of them at once, none outlives us."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Job = TypeVar("Job")
Found = TypeVar("Found")

WATCH = 0.5  # seconds between a worker's looks at whether its starter is still there
BURIED = 1.0  # seconds at most for each of the pool's threads to see that its workers are dead


def shared(function: Callable[[Job], Found], jobs: Iterable[Job], workers: int) -> Iterator[Found]:
    """What `function` makes of each job, in their order, computed by so many processes; by this one where it is 1.

    The function and the jobs must be picklable. Raises what the function raises; on that, and when the iteration is
    left early, the workers are ended without waiting for the jobs they are at.

    >>> list(shared(abs, [-1, 2, -3], workers=1))
    [1, 2, 3]
    """
    if workers <= 1:
        yield from map(function, jobs)
        return
    from concurrent.futures import ProcessPoolExecutor

    others, threads = set(multiprocessing.active_children()), set(threading.enumerate())
    pool = ProcessPoolExecutor(workers, initializer=_begin)
    try:
        yield from pool.map(function, jobs)
        pool.shutdown()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in set(multiprocessing.active_children()) - others:
            worker.kill()
        # The pool's threads close its pipes; an interpreter that exits meanwhile would complain of closed ones. They
        # are not waited for without end, since one may be stuck writing to a worker that is dead.
        for thread in set(threading.enumerate()) - threads:
            thread.join(BURIED)
        raise


def _begin() -> None:
    # Ctrl-C reaches the whole group; the starter alone answers it, and ends the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _watch(starter: int) -> None:
    """End this worker when whoever started it was killed: it would wait for jobs for ever."""
    while os.getppid() == starter:
        time.sleep(WATCH)
    os._exit(1)
