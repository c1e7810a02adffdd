"""Who may write: a lock on an open file or folder, which the operating system takes back from a process that dies."""

import fcntl


def held(handle: int, shared: bool = False) -> bool:
    """Take the lock of an open file or folder until it is closed; False where another process has it.

    shared: beside others that share it.  Where the file system has no locks, everybody is taken to be alone.
    """
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system of the net
    return True
