"""A client of the pretend Microsoft that is none of ours."""

from typing import Any

import httpx

from tests.support.microsoft import CLIENT_ID, TENANT

ALL = "id,displayName,mail,userPrincipalName,accountEnabled,userType,assignedLicenses"


class Caller:
    """A client of Graph and of the token endpoint, as plain as can be."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.token = ""

    async def sign_in(self, tenant: str = TENANT, **changes: str) -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": "right",
            "scope": f"{str(self.http.base_url).rstrip('/')}/.default",
            **changes,
        }
        answer = await self.http.post(f"/{tenant}/oauth2/v2.0/token", data=form)
        self.token = answer.json().get("access_token", "")
        return answer

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.get(path, headers={"Authorization": f"Bearer {self.token}", **headers})

    async def batch(self, *urls: str, **changes: object) -> httpx.Response:
        """One batch of these addresses, numbered from 0."""
        asked = [{"id": str(number), "method": "GET", "url": url, **changes} for number, url in enumerate(urls)]
        return await self.http.post(
            "/v1.0/$batch", json={"requests": asked}, headers={"Authorization": f"Bearer {self.token}"}
        )

    async def listed(self, url: str) -> tuple[list[dict[str, Any]], int]:
        """What is on all pages of a list, and the number of pages."""
        found: list[dict[str, Any]] = []
        pages = 0
        while url:
            page = (await self.get(url)).raise_for_status().json()
            found.extend(page["value"])
            pages += 1
            url = page.get("@odata.nextLink", "")
        return found, pages

    async def walk(self, url: str = f"/v1.0/users/delta?$select={ALL}") -> tuple[list[dict[str, Any]], str, int]:
        """The users on all pages, the link for the next time, and the number of pages."""
        users: list[dict[str, Any]] = []
        pages = 0
        while True:
            page = (await self.get(url, Prefer="odata.maxpagesize=2")).raise_for_status().json()
            users.extend(page["value"])
            pages += 1
            if "@odata.deltaLink" in page:
                return users, page["@odata.deltaLink"], pages
            url = page["@odata.nextLink"]
