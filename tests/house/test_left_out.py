"""A test whose tool is missing is left out by name here, and fails in CI."""

import pytest

from tests.support.left_out import CI_VARIABLE

NEEDS_A_TOOL = """
    import pytest

    @pytest.mark.needs_tool("no-such-program")
    def test_a_picture():
        raise AssertionError("must not run")
"""
SKIPS_ITSELF = """
    import pytest

    pytest.skip("not on this machine", allow_module_level=True)
"""


def _run(pytester: pytest.Pytester, source: str) -> pytest.RunResult:
    pytester.makepyfile(source)
    pytester.makeini("[pytest]\nmarkers =\n    needs_tool(name): needs a program\n")
    return pytester.runpytest_inprocess("-p", "tests.support.left_out", "-p", "no:asyncio", "-ra")


def test_a_missing_tool_is_reported_with_its_remedy(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CI_VARIABLE, raising=False)
    result = _run(pytester, NEEDS_A_TOOL)
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*left out: no-such-program is not installed; `make system` installs it*"])


def test_a_missing_tool_fails_in_ci(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CI_VARIABLE, "true")
    result = _run(pytester, NEEDS_A_TOOL)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*was left out, but CI is set*no-such-program*"])


def test_a_module_that_skips_itself_fails_in_ci(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CI_VARIABLE, "true")
    result = _run(pytester, SKIPS_ITSELF)
    assert result.ret != pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*was left out, but CI is set*not on this machine*"])


def test_a_tool_that_is_there_lets_the_test_run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CI_VARIABLE, "true")
    result = _run(pytester, 'import pytest\n@pytest.mark.needs_tool("git")\ndef test_it(): pass\n')
    result.assert_outcomes(passed=1)
