"""Microsoft's clouds: where each signs in, and where its Graph is.

Source: "Microsoft Graph national cloud deployments".
"""

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.errors import DirectorySettingsMakeNoSense


@dataclass(frozen=True, slots=True)
class _Cloud:
    name: str
    authorities: tuple[str, ...]
    graphs: tuple[str, ...]


_CLOUDS = (
    _Cloud("world-wide", ("https://login.microsoftonline.com",), ("https://graph.microsoft.com",)),
    _Cloud(
        "US Government (GCC High, DoD)",
        ("https://login.microsoftonline.us",),
        ("https://graph.microsoft.us", "https://dod-graph.microsoft.us"),
    ),
    _Cloud(
        "China (21Vianet)",
        ("https://login.chinacloudapi.cn", "https://login.partner.microsoftonline.cn"),
        ("https://microsoftgraph.chinacloudapi.cn",),
    ),
)


def require_one_cloud(authority_url: str, graph_url: str) -> None:
    """Lets pass a pair of one cloud, and addresses that aren't Microsoft's, of which we know nothing.

    Raises:
        DirectorySettingsMakeNoSense: one has more than the host, or they are of two clouds, between which no token is
            taken.

    """
    for key, url in (("authority_url", authority_url), ("graph_url", graph_url)):
        for base in _bases():
            if url.casefold().startswith(f"{base}/"):
                raise DirectorySettingsMakeNoSense(f"{key} is {url}; write {base}, without what stands behind it.")
    signing, reading = _cloud_of(authority_url), _cloud_of(graph_url)
    if signing and reading and signing is not reading:
        possible = "; ".join(
            f"{cloud.name}: {cloud.authorities[0]} with {' or '.join(cloud.graphs)}" for cloud in _CLOUDS
        )
        message = (
            f"We would sign in at {authority_url} ({signing.name}) and read {graph_url} ({reading.name}), and no cloud "
            "takes the token of another. Set both the directory's `authority_url` and `graph_url` in the book, or for "
            f"all ROLLCALL_ENTRA_AUTHORITY_URL and ROLLCALL_GRAPH_URL. They belong together so: {possible}."
        )
        raise DirectorySettingsMakeNoSense(message)


def microsoft_hosts() -> frozenset[str]:
    """The hosts at which Microsoft signs in."""
    return frozenset(url.removeprefix("https://") for cloud in _CLOUDS for url in cloud.authorities)


def _bases() -> Iterator[str]:
    for cloud in _CLOUDS:
        yield from (*cloud.authorities, *cloud.graphs)


def _cloud_of(url: str) -> _Cloud | None:
    return next((cloud for cloud in _CLOUDS if url.casefold() in (*cloud.authorities, *cloud.graphs)), None)
