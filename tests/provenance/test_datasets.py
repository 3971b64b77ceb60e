"""What a file declares of its data sets is read without running it."""

# ruff: noqa: E501 - messages are shown as they are printed

from __future__ import annotations

import ast

import pytest
from bifolio.errors import DeclarationError
from bifolio.provenance.datasets import declare_datasets
from bifolio.provenance.declaration import DatasetDeclaration

FILE = "experiments/name.py"
DATASET = 'DATASET = Dataset(name="a", version="1", source="s", licence="l", size="z", files={"f": "0a"})'


def test_a_data_set_is_read() -> None:
    assert declare_datasets(ast.parse(DATASET), FILE) == (
        DatasetDeclaration(name="a", version="1", source="s", licence="l", size="z", files={"f": "0a"}),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'version="1"',
            "version=1",
            "experiments/name.py:1: version of a Dataset\n  found:    1\n  expected: a string",
        ),
        (
            'files={"f": "0a"}',
            'files=["f"]',
            'experiments/name.py:1: files of a Dataset\n  found:    [\'f\']\n  expected: {"file name": "its sha256"}',
        ),
        (
            'files={"f": "0a"}',
            "files={[]: 1}",
            "experiments/name.py:1: files of a Dataset must be a literal, so that it can be read without running the file\n"
            "  found:    {[]: 1}\n  expected: a number, a string, True, False, None, or a tuple of them",
        ),
        (
            ', licence="l"',
            "",
            "experiments/name.py:1: a Dataset is declared with keywords: DatasetDeclaration.__init__() missing 1 required "
            "positional argument: 'licence'\n  expected: name, version, source, licence, size, files, libraries",
        ),
    ],
)
def test_a_data_set_that_is_declared_wrongly_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        declare_datasets(ast.parse(DATASET.replace(old, new)), FILE)
    assert str(caught.value) == message
