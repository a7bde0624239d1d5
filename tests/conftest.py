"""What tests share: the folder of real public data, where it is there."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The public data folder (`ASCENT_DATA`, else `../shared/data` beside the repository); skips where it is absent."""
    folder = Path(os.environ.get("ASCENT_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("the public data folder is not here; ASCENT_DATA says where it is")
    return folder
