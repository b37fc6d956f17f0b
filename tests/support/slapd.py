"""A real OpenLDAP server for tests, on free ports; it costs a fraction of a second."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.certificates import CertificateFiles
from tests.support.ldap_lab import LdapServer

PASSWORD = "secret"
CONTEXT = "dc=acme,dc=example"
ADMINISTRATOR = f"cn=admin,{CONTEXT}"
READER, LIMITED = f"cn=reader,{CONTEXT}", f"cn=limited,{CONTEXT}"
_PATIENCE_SECONDS = 20
_TICK_SECONDS = 0.02
_CONFIGURATION = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/nis.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
{tls}
database mdb
suffix "{context}"
rootdn "{administrator}"
rootpw {password}
directory {folder}
limits dn.exact="{reader}" size=unlimited
overlay ppolicy
"""
_TLS = """\
TLSCACertificateFile {ca_bundle}
TLSCertificateFile {certificate}
TLSCertificateKeyFile {key}
"""


@contextmanager
def running_slapd(folder: Path, files: CertificateFiles | None) -> Iterator[LdapServer]:
    """A server with an empty tree; without certificate files it knows no TLS."""
    tls = "" if files is None else _TLS.format(ca_bundle=files.ca_bundle, certificate=files.certificate, key=files.key)
    configuration, data = folder / "slapd.conf", folder / "data"
    data.mkdir()
    names = {"context": CONTEXT, "administrator": ADMINISTRATOR, "reader": READER, "password": PASSWORD}
    configuration.write_text(_CONFIGURATION.format(tls=tls, folder=data, **names))
    _load(configuration)
    plain, secure = _free_port(), _free_port()
    listens = f"ldap://127.0.0.1:{plain}/" + (f" ldaps://127.0.0.1:{secure}/" if files else "")
    with (folder / "slapd.log").open("w") as log:
        process = subprocess.Popen(
            [_program("slapd"), "-d", "0", "-h", listens, "-f", str(configuration)], stdout=log, stderr=log
        )
    try:
        _await(plain, process, folder / "slapd.log")
        yield LdapServer(
            url=f"ldaps://127.0.0.1:{secure}",
            plain_url=f"ldap://127.0.0.1:{plain}",
            context=CONTEXT,
            ca_bundle=files.ca_bundle if files is not None else folder / "none.pem",
            administrator=ADMINISTRATOR,
            reader=READER,
            password=PASSWORD,
        )
    finally:
        process.terminate()
        process.wait(_PATIENCE_SECONDS)


def _load(configuration: Path) -> None:
    """The top of the tree and the accounts by which Rollcall signs in."""
    entries = [f"dn: {CONTEXT}\nobjectClass: dcObject\nobjectClass: organization\ndc: acme\no: Acme\n"]
    for dn in (READER, LIMITED):
        kinds = "objectClass: organizationalRole\nobjectClass: simpleSecurityObject\n"
        entries.append(f"dn: {dn}\n{kinds}cn: {dn[3:].partition(',')[0]}\nuserPassword: {PASSWORD}\n")
    subprocess.run(
        [_program("slapadd"), "-q", "-f", str(configuration)],
        input="\n".join(entries),
        text=True,
        check=True,
        capture_output=True,
    )


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, f"slapd ended: {log.read_text()[-800:]}"
        assert time.monotonic() < until, "slapd did not start"
        time.sleep(_TICK_SECONDS)


def _program(name: str) -> str:
    found = shutil.which(name)
    assert found is not None, f"{name} is not installed; `make system` installs it"
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
