"""The course of all stories, played once for all tests of this folder."""

import pytest

from tests.crashes.course import Course, run_course


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """How every story went, with and without each kill."""
    return run_course(tmp_path_factory.mktemp("crashes"))
