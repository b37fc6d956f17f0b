"""Tests that need a program which wheels can't bring: left out by name here, a failure in CI.

A test says what it needs with `@pytest.mark.needs_tool("pdftoppm")`. On a laptop without it the test is reported as
left out, with the remedy. With CI set, any skipped test is a failure: a machine that proves a release leaves nothing
out.
"""

import os
import shutil
from collections.abc import Generator

import pytest

CI_VARIABLE = "CI"


def _refused_in_ci(where: str, reason: object) -> str:
    text = reason[-1] if isinstance(reason, tuple) else reason
    return f"{where} was left out, but {CI_VARIABLE} is set, where nothing may be: {text}"


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs_tool"):
        tool = mark.args[0]
        if shutil.which(tool) is None:
            pytest.skip(f"left out: {tool} is not installed; `make system` installs it")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    expected_to_fail = hasattr(report, "wasxfail")
    if report.skipped and not expected_to_fail and os.environ.get(CI_VARIABLE):
        report.outcome = "failed"
        report.longrepr = _refused_in_ci(item.nodeid, report.longrepr)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and os.environ.get(CI_VARIABLE):
        report.outcome = "failed"
        report.longrepr = _refused_in_ci(collector.nodeid, report.longrepr)
    return report
