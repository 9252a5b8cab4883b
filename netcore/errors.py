"""The errors that a user can be told about, all under one root, so that the edge catches one class only.

    NetcoreError
      SettingError            a setting has a value that cannot work
        ArchitectureError     a text such as "relu(128), softmax(10)" does not describe a network
      DatasetError
        DatasetNotFound       no dataset of that name
        DamagedFile           a file of a dataset is not what its digest or header says
        ImportRefused         a file that was brought in is not a set of grey 28 x 28 images with labels
      PictureError            a picture cannot be read or shows nothing
      ModelError
        ModelNotFound         no model of that name or path
        BadModelFile          a file is not a model
      RunError
        RunNotFound           no run of that id or name
        CheckpointError       there is no checkpoint to go on from, or it is of another version or other settings
          DamagedCheckpoint   its file is damaged or cut short
        WorkerLost            a process that shares the work of a run has gone
      StorageError            the disk is full, or a folder cannot be written
        FileTaken             there is a file already where a new one was to be

Each message is one line: what was wrong, with the offending value, and what to do.
"""

from __future__ import annotations

__all__ = [
    "ArchitectureError",
    "BadModelFile",
    "CheckpointError",
    "DamagedCheckpoint",
    "DamagedFile",
    "DatasetError",
    "DatasetNotFound",
    "FileTaken",
    "ImportRefused",
    "ModelError",
    "ModelNotFound",
    "NetcoreError",
    "PictureError",
    "RunError",
    "RunNotFound",
    "SettingError",
    "StorageError",
    "WorkerLost",
]


class NetcoreError(Exception):
    """Root of every error that this package raises on purpose."""


class SettingError(NetcoreError):
    """A setting has a value that cannot work.

    Attributes:
        setting: Name of the setting as a user writes it, e.g. ``batch size``.
    """

    def __init__(self, setting: str, message: str) -> None:
        super().__init__(f"{setting}: {message}")
        self.setting = setting


class ArchitectureError(SettingError):
    """A text does not describe a network."""

    def __init__(self, message: str) -> None:
        super().__init__("layers", message)


class DatasetError(NetcoreError):
    """Something is wrong with a dataset."""


class DatasetNotFound(DatasetError):
    """No dataset of that name."""


class DamagedFile(DatasetError):
    """A file of a dataset is not what its digest or header says."""


class ImportRefused(DatasetError):
    """A file that was brought in is not a set of grey 28 x 28 images with labels."""


class PictureError(NetcoreError):
    """A picture cannot be read, or shows nothing."""


class ModelError(NetcoreError):
    """Something is wrong with a model."""


class ModelNotFound(ModelError):
    """No model of that name or path."""


class BadModelFile(ModelError):
    """A file is not a model."""


class RunError(NetcoreError):
    """Something is wrong with a run."""


class RunNotFound(RunError):
    """No run of that id or name."""


class CheckpointError(RunError):
    """There is no checkpoint to go on from, or it is of another version or other settings."""


class DamagedCheckpoint(CheckpointError):
    """A checkpoint's file is damaged or cut short."""


class WorkerLost(RunError):
    """A process that shares the work of a run has gone."""


class StorageError(NetcoreError):
    """The disk is full, or a folder cannot be written."""


class FileTaken(StorageError):
    """There is a file already where a new one was to be."""
