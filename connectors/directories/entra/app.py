"""The MSP's app over all its clients' tenants; it lives as long as the process."""

from connectors.directories.entra.clouds import require_one_cloud
from connectors.directories.entra.credentials import EntraCredentials
from connectors.directories.entra.directory import EntraDirectory, Tenant
from connectors.directories.entra.refusals import SignIn
from connectors.directories.entra.settings import EntraSettings
from connectors.directories.entra.tokens import TenantTokens, raise_when_busy
from connectors.directories.patience import Patience
from connectors.http import HttpFactory


class EntraApp:
    """Keeps one sign-in a tenant, because msal's applications are costly to make and hold the tokens."""

    def __init__(
        self,
        credentials: EntraCredentials,
        http: HttpFactory,
        authority_url: str = "https://login.microsoftonline.com",
        graph_url: str = "https://graph.microsoft.com",
    ) -> None:
        """Sends nothing; the two bases are those of directories that name none of their own."""
        self._credentials = credentials
        self._http = http
        self._authority_url = authority_url.rstrip("/")
        self._graph_url = graph_url.rstrip("/")
        self._session = http.session("token")
        self._session.hooks["response"].append(raise_when_busy)
        self._tenants: dict[tuple[str, str, str], Tenant] = {}

    def directory(self, settings: EntraSettings, patience: Patience) -> EntraDirectory:
        """The directory of one tenant; raises `DirectorySettingsMakeNoSense` for addresses of two clouds."""
        authority_url = settings.authority_url or self._authority_url
        graph_url = settings.graph_url or self._graph_url
        require_one_cloud(authority_url, graph_url)
        key = (settings.tenant.casefold(), authority_url, graph_url)
        if key not in self._tenants:
            sign_in = SignIn(settings.tenant, self._credentials.client_id, authority_url)
            tokens = TenantTokens(self._credentials, sign_in, graph_url, self._session)
            self._tenants[key] = Tenant(tokens, self._credentials, graph_url)
        return EntraDirectory(self._tenants[key], self._http, patience, sign_ins=settings.sign_ins)

    def close(self) -> None:
        """Closes the connections to the token endpoint; the app may not be used afterwards."""
        self._session.close()
