"""The worker: takes due jobs, runs their handlers, commits the outcome."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from flask import Flask
from sqlalchemy import select

from contentlib.core.clock import now
from contentlib.core.db import db, reading
from contentlib.core.surroundings import working
from contentlib.jobs import queue
from contentlib.jobs.models import Job
from contentlib.jobs.registry import GivenUp, NotYet, daily_kinds, handler_of, upkeep

log = structlog.get_logger("contentlib.worker")
IDLE_SECONDS = 0.2
UPKEEP_PAUSE = timedelta(seconds=2)


class Worker:
    """Runs jobs one batch after another until it is told to stop."""

    def __init__(self, app: Flask, *, lease_seconds: int) -> None:
        self.app = app
        self.lease = timedelta(seconds=lease_seconds)
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.stopping = threading.Event()

    def run_forever(self) -> None:
        """Work until SIGTERM or SIGINT, finishing the batch at hand."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        self.release_dead_neighbours()
        log.info("worker started", worker=self.name)
        due = idle = now()
        while not self.stopping.is_set():
            if now() >= due:
                self.ask_for_daily_work()
                due = now() + timedelta(days=1)
            if not self.turn():
                if now() >= idle:
                    self.keep_up()
                    idle = now() + UPKEEP_PAUSE
                self.stopping.wait(IDLE_SECONDS)

    def keep_up(self) -> None:
        """Do what waits for a moment without work; what fails is told and tried again later."""
        with self.app.app_context(), reading():
            for work in upkeep():
                try:
                    work()
                except Exception:
                    log.exception("upkeep failed", work=work.__name__)
                finally:
                    db.session.rollback()

    def ask_for_daily_work(self) -> None:
        """Enqueue what is to be done at each start and once a day; several workers' asks fold."""
        with self.app.app_context():
            for kind in daily_kinds():
                queue.enqueue(kind, "daily")
            db.session.commit()

    def drain(self) -> int:
        """Do everything that is due now and return how many batches that took."""
        self.release_dead_neighbours()
        batches = 0
        while not self.stopping.is_set() and self.turn():
            batches += 1
        return batches

    def turn(self) -> bool:
        """Do one batch; tell whether there was one."""
        with self.app.app_context():
            jobs = queue.claim(self.name, self.lease)
            ids = [job.id for job in jobs]
            db.session.commit()
            if ids:
                with self._heartbeat(ids), working():
                    self._do(ids)
            return bool(ids)

    def _do(self, ids: list[int]) -> None:
        jobs = self._load(ids)
        kind, handler = jobs[0].kind, handler_of(jobs[0].kind)
        try:
            if handler is None:
                raise LookupError(f"no part of this installation does {kind}")
            given = queue.payloads(jobs)
            db.session.rollback()
            with reading():
                apply = handler.work(given)
                db.session.rollback()
            if apply is not None:
                apply()
            queue.finish(self._load(ids))
            db.session.commit()
            log.info("job done", kind=kind, jobs=len(ids))
        except Exception as error:
            # Any failure of a handler is the job's, not the worker's; it is kept and retried.
            db.session.rollback()
            self._put_back(self._load(ids), error, most=handler.attempts if handler else 1)
            db.session.commit()

    def _put_back(self, jobs: list[Job], error: Exception, *, most: int) -> None:
        # Another worker has them by now when this one was silent for too long.
        kind = jobs[0].kind if jobs else "lost"
        if isinstance(error, NotYet):
            log.info("job put off", kind=kind, jobs=len(jobs), reason=str(error))
            queue.postpone(jobs, str(error), error.pause)
        elif isinstance(error, GivenUp):
            log.warning("job given up", kind=kind, jobs=len(jobs), reason=str(error))
            queue.fail(jobs, str(error), most=0)
        else:
            log.warning("job failed", kind=kind, jobs=len(jobs), exc_info=error)
            queue.fail(jobs, repr(error), most=most)

    def _load(self, ids: list[int]) -> list[Job]:
        mine = select(Job).where(Job.id.in_(ids), Job.leased_by == self.name).order_by(Job.id)
        return list(db.session.scalars(mine))

    @contextmanager
    def _heartbeat(self, ids: list[int]) -> Iterator[None]:
        done = threading.Event()

        def beat() -> None:
            while not done.wait(self.lease.total_seconds() / 3):
                with self.app.app_context():
                    queue.extend(ids, self.name, self.lease)
                    db.session.commit()

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def release_dead_neighbours(self) -> None:
        """Free the jobs of workers on this machine whose process is gone."""
        host = socket.gethostname()
        with self.app.app_context():
            for name in queue.holders():
                owner, _, pid = name.rpartition(":")
                if owner == host and not _alive(int(pid)):
                    queue.release_of(name)
            db.session.commit()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
