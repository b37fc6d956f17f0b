"""The course of all stories, played once for all tests of this folder."""

import pytest
from hypothesis import settings

from tests.crashes.course import Course, run_course


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """How every story went, without a kill and with each; `make kills` plays the whole."""
    is_whole = settings.get_current_profile_name() == "thorough"
    return run_course(tmp_path_factory.mktemp("crashes"), whole=is_whole)
