"""The images and labels of a dataset, loaded and checked."""

from __future__ import annotations

from dataclasses import dataclass

from netcore.datasets.idx import Bytes, read_idx
from netcore.datasets.info import DatasetInfo, PartName, file_names, find_dataset, stored_file
from netcore.errors import DamagedFile

__all__ = ["Part", "PartName", "load_part"]


@dataclass(frozen=True, eq=False)
class Part:
    """Images with their labels: the training part or the test part of a dataset, or a choice from one.

    Attributes:
        images: (n, 28, 28) uint8; 0 is background, 255 is ink.
        labels: (n,) uint8; index into the dataset's classes.
    """

    images: Bytes
    labels: Bytes

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def pixels(self) -> Bytes:
        """The images as rows, (n, 784): the same memory."""
        return self.images.reshape(len(self.images), -1)


def load_part(dataset: DatasetInfo | str, part: PartName) -> Part:
    """Load one part of a dataset, in the order in which it lies on disk, and check it against its digests.

    Args:
        dataset: The dataset, or its name.
        part: ``"train"`` or ``"test"``.

    Returns:
        Read-only arrays.

    Raises:
        DatasetNotFound: No dataset has that name.
        DamagedFile: A file is missing or is not what it should be; the message says which, how, and what to do.
    """
    info = find_dataset(dataset) if isinstance(dataset, str) else dataset
    if info.problem:
        raise DamagedFile(info.problem)
    try:
        images, labels = (read_idx(stored_file(info.folder, name), info.sha256.get(name)) for name in file_names(part))
        _check(images, labels, info, part)
    except DamagedFile as error:
        cure = "install mnist-tui again" if info.bundled else f"remove {info.folder} and import the dataset again"
        raise DamagedFile(f"{error}; {cure}") from error
    return Part(images, labels)


def _check(images: Bytes, labels: Bytes, info: DatasetInfo, part: PartName) -> None:
    """Refuse files that do not fit each other. Digests cannot tell that: a dataset put together by hand has none."""
    images_file, labels_file = (stored_file(info.folder, name) for name in file_names(part))
    if images.shape[1:] != (28, 28):
        raise DamagedFile(f"{images_file} has the shape {images.shape}, and should have (images, 28, 28)")
    if info.counts.get(part, len(labels)) != len(labels):
        raise DamagedFile(f"{labels_file} has {len(labels):,} labels, and dataset.json says {info.counts[part]:,}")
    if labels.shape != images.shape[:1]:
        raise DamagedFile(f"{labels_file} has the shape {labels.shape}, and there are {len(images)} images")
    if len(labels) and labels.max() >= len(info.classes):
        raise DamagedFile(f"{labels_file} has the label {labels.max()}, and there are {len(info.classes)} classes")
