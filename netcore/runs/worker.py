"""The thread that trains while a screen shows: it puts records where a timer picks them up, and waits for nobody.

Textual's own workers are not used: cancelling one reports success while its thread still runs (textual#4889), and a
thread that calls into the screen waits for it, so that a stalled connection would stall the training.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Event as Flag
from threading import Thread

from netcore.errors import NetcoreError, WorkerLost
from netcore.nn.network import Network
from netcore.runs.alone import continue_alone
from netcore.runs.preparing import prepare, prepare_again
from netcore.runs.recorder import record
from netcore.runs.run import Run
from netcore.training.config import TrainingConfig
from netcore.training.controls import Controls
from netcore.training.events import RunDetached
from netcore.training.records import Record
from netcore.training.step import Training

__all__ = ["TrainingWorker"]


class TrainingWorker:
    """A run in a thread of its own.

    Attributes:
        config: Its settings.
        controls: What a person may do to it.
        records: Its events so far. The thread only appends; a screen takes what is new since it last looked.
        run: Its folder; of a new run None until the data are loaded.
        error: What ended it before its time; None where nothing did.
        detached: Whether another process has gone on with it.
    """

    def __init__(self, config: TrainingConfig, run: Run | None = None) -> None:
        """Prepare a new run with these settings, or to go on with a ``run``, which keeps its own."""
        self.config = config
        self.controls = Controls()
        self.records: list[Record] = []
        self.run = run
        self.error: Exception | None = None
        self.detached = False
        self._training: Training | None = None
        self._done = Flag()
        # A daemon: an app that crashed must not hang at exit. The app that ends well stops the run and joins.
        self._thread = Thread(target=self._train, name="training", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def done(self) -> bool:
        """Whether the thread has finished all its work, the model saved or the run left to another process."""
        return self._done.is_set()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until it is done, for so many seconds at the most; return whether it is."""
        self._thread.join(timeout)
        return self.done

    def network_snapshot(self) -> Network | None:
        """A copy of the network as it is between two batches; None until it exists."""
        # Of a process that is lost the thread tells, by an event.
        with suppress(WorkerLost):
            return self._training.snapshot() if self._training else None
        return None

    def _train(self) -> None:
        try:
            training = prepare_again(self.run) if self.run else prepare(self.config)
            self._training = training
            self.run = self.run or Run.create(training.config)
            for kept in record(self.run, training, self.controls):
                self.records.append(kept)
                if isinstance(kept.event, RunDetached):
                    continue_alone(self.run)
                    self.detached = True
        except NetcoreError as error:
            self.error = error
        except Exception as error:
            self.error = error
            raise  # a fault of the program: threading.excepthook reports it with its traceback
        finally:
            self._done.set()
