"""A cluster of Spark on this machine's loopback."""

import importlib.util
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


class Cluster:
    """A standalone master and its workers, of one core each."""

    def __init__(self, folder: Path, workers: int = 2) -> None:
        self.folder = folder
        self._names = [f"worker{number}" for number in range(workers)]
        self.master = f"spark://127.0.0.1:{_free()}"
        master = ["master.Master", "--host", "127.0.0.1", "--port", self.master.rpartition(":")[2], "--webui-port", "0"]
        self.processes = [self._start("master", master)]
        try:
            self._gather(folder)
        except BaseException:
            self.stop()  # nobody else knows of them yet
            raise

    def _gather(self, folder: Path) -> None:
        _until(lambda: "started" in self._told("master"), "the master did not start")
        for name in self._names:
            worker = ["worker.Worker", "--cores", "1", "--memory", "1g", "--work-dir", str(folder / name)]
            self.processes.append(self._start(name, [*worker, "--webui-port", "0", self.master]))
        for name in self._names:
            _until(lambda name=name: "registered with master" in self._told(name), f"worker {name} did not register")

    def _start(self, name: str, arguments: list[str]) -> "subprocess.Popen[bytes]":
        home = Path(importlib.util.find_spec("pyspark").submodule_search_locations[0])  # type: ignore[union-attr, index]
        command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{arguments[0]}", *arguments[1:]]
        log = (self.folder / f"{name}.log").open("wb")
        more = {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
        # A group of its own, so that a worker goes down with its executor and that one's Pythons.
        return subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, **more}, start_new_session=True, cwd=self.folder
        )

    def _told(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def kill(self, number: int) -> None:
        """Kill one worker with all that it started, without a word."""
        os.killpg(self.processes[number].pid, signal.SIGKILL)
        self.processes[number].wait()

    def stop(self) -> None:
        """Kill what still runs."""
        for number, process in enumerate(self.processes):
            if process.poll() is None:
                self.kill(number)


def _free() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def _until(done: Callable[[], bool], message: str, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, message
        time.sleep(0.2)
