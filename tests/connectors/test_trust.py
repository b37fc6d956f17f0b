from pathlib import Path

import pytest

from connectors.trust import CaBundleIsUnreadable, trust


def test_without_a_file_the_authorities_of_the_system_are_trusted() -> None:
    assert trust(None).check_hostname


@pytest.mark.parametrize("content", [None, "no certificate at all"])
def test_a_file_that_is_no_list_of_authorities_is_refused_by_the_name_of_the_setting(
    tmp_path: Path, content: str | None
) -> None:
    bundle = tmp_path / "authorities.pem"
    if content is not None:
        bundle.write_text(content)
    with pytest.raises(CaBundleIsUnreadable, match="ROLLCALL_CA_BUNDLE must name a readable file"):
        trust(bundle)
