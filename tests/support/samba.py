"""A real Active Directory domain controller for tests: Samba, which listens on ports 389 and 636 and no others.

So there is one a machine: whoever needs it first starts it, in a folder of its own, and whoever is done last stops it.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.certificates import certificate_files
from tests.support.ldap_lab import LdapServer

PASSWORD = "Passw0rd!23"
CONTEXT = "DC=lab,DC=example"
READER, ORDINARY = "reader@lab.example", "ordinary@lab.example"
# Not for localhost, so that a test can come by a name that isn't in the certificate.
NAME = "127.0.0.1"
_PORTS = (389, 636)
_PATIENCE_SECONDS = 60
_TICK_SECONDS = 0.1
_SERVICES = (
    "server services=ldap, cldap, kdc, rpc",
    # Where the system takes no ports for connections of its own; one of those could be taken when Samba wants it.
    "rpc server dynamic port range=61000-61999",
    "dcerpc endpoint servers=epmapper,samr,drsuapi,netlogon,lsarpc",
)
# The rights to list and to read what lies in it, as `dsacls … /G LAB\reader:LCRP` would grant them on Windows.
_LET_SEE_DELETED = """\
dn: CN=Deleted Objects,{context}
changetype: modify
replace: nTSecurityDescriptor
nTSecurityDescriptor: D:PAI(A;;RPWPCCDCLCRCWOWDSDSW;;;SY)(A;;RPLC;;;BA)(A;;RPLC;;;{sid})
"""


@contextmanager
def running_controller() -> Iterator[LdapServer]:
    """The machine's controller, for as long as the block lasts."""
    if os.geteuid() != 0:
        pytest.skip("left out: Samba listens on ports 389 and 636, which only root may open")
    home = Path(tempfile.gettempdir()) / f"rollcall-samba-{os.geteuid()}"
    users = home.with_name(f"{home.name}-users")
    users.mkdir(mode=0o700, exist_ok=True)
    mine = users / str(os.getpid())
    with _alone(users):
        if not (_living(users) and _answers()):
            _stop(home)
            _start(home)
        mine.touch()
    try:
        yield _server(home)
    finally:
        with _alone(users):
            mine.unlink()
            if not _living(users):
                _stop(home)


def tool(home: Path, *command: str, text: str | None = None) -> str:
    """What a command line tool of Samba's says about our domain."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, cwd=home)
    assert done.returncode == 0, (
        f"{command[:3]} ended with {done.returncode}: {done.stdout[-800:]} {done.stderr[-800:]}"
    )
    return done.stdout


def hire_many(server: LdapServer, people: Iterable[tuple[str, str]]) -> None:
    """Adds disabled people by distinguished name and sAMAccountName, faster than the server would take them."""
    _add(server.ca_bundle.parent, people)


def _server(home: Path) -> LdapServer:
    return LdapServer(
        url=f"ldaps://{NAME}",
        plain_url=f"ldap://{NAME}",
        context=CONTEXT,
        ca_bundle=home / "ca.pem",
        administrator="administrator@lab.example",
        reader=READER,
        password=PASSWORD,
    )


def _start(home: Path) -> None:
    for port in _PORTS:
        with socket.socket() as probe:
            taken = probe.connect_ex((NAME, port)) == 0
        assert not taken, f"port {port} is taken by another server, and Samba knows no other: stop that server first"
    home.mkdir(mode=0o700)
    _provision(home)
    with (home / "samba.log").open("w") as log:
        # A session of its own, since it may have to outlive the process that started it.
        process = subprocess.Popen(
            ["samba", "-F", "--no-process-group", "-M", "single", "-s", _conf(home), "--debug-stdout", "-d1"]
            + [f"--option={option}" for option in _SERVICES],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    (home / "samba.pid").write_text(str(process.pid))
    # Who stops it may be another process, so nobody here waits for its end.
    process.returncode = 0
    until = time.monotonic() + _PATIENCE_SECONDS
    while not _answers():
        assert time.monotonic() < until, f"Samba did not start: {(home / 'samba.log').read_text()[-800:]}"
        time.sleep(_TICK_SECONDS)


def _provision(home: Path) -> None:
    files = certificate_files(home, NAME)
    tool(
        home,
        *("samba-tool", "domain", "provision", "--realm=LAB.EXAMPLE", "--domain=LAB", "--server-role=dc"),
        *("--dns-backend=SAMBA_INTERNAL", f"--adminpass={PASSWORD}", f"--targetdir={home / 'ad'}"),
        *("--host-ip=127.0.0.1", "--option=interfaces=lo", "--option=bind interfaces only=yes"),
        *(f"--option=tls certfile={files.certificate}", f"--option=tls keyfile={files.key}"),
        f"--option=tls cafile={files.ca_bundle}",
    )
    for name in (READER, ORDINARY):
        tool(home, "samba-tool", "user", "create", name.partition("@")[0], PASSWORD, "-s", _conf(home))
    found = tool(home, "ldbsearch", "-H", _database(home), "(sAMAccountName=reader)", "objectSid")
    sid = next(line.partition(": ")[2] for line in found.splitlines() if line.startswith("objectSid"))
    grant = _LET_SEE_DELETED.format(context=CONTEXT, sid=sid)
    tool(home, "ldbmodify", "-H", _database(home), "--controls=show_deleted:1", text=grant)
    # A domain of some age has seen somebody leave, by which the reader knows that it sees such accounts.
    former = f"CN=former,CN=Users,{CONTEXT}"
    _add(home, [(former, "former")])
    tool(home, "ldbdel", "-H", _database(home), former)


def _add(home: Path, people: Iterable[tuple[str, str]]) -> None:
    entries = (f"dn: {dn}\nobjectClass: user\nsAMAccountName: {name}\nuserAccountControl: 546\n" for dn, name in people)
    tool(home, "ldbadd", "-H", _database(home), text="\n".join(entries))


def _database(home: Path) -> str:
    return str(home / "ad/private/sam.ldb")


def _conf(home: Path) -> str:
    return str(home / "ad/etc/smb.conf")


def _answers() -> bool:
    with socket.socket() as probe:
        return all(probe.connect_ex((NAME, port)) == 0 for port in _PORTS[1:])


def _living(users: Path) -> bool:
    """Whether another process still uses the controller; what killed ones left behind is forgotten."""
    for user in users.glob("[0-9]*"):
        try:
            os.kill(int(user.name), 0)
        except ProcessLookupError:
            user.unlink()
    return any(users.glob("[0-9]*"))


def _stop(home: Path) -> None:
    pid_file = home / "samba.pid"
    if pid_file.exists():
        pid = int(pid_file.read_text())
        # A number may have been given to another program since.
        if b"samba" in _command(pid):
            os.kill(pid, signal.SIGTERM)
            until = time.monotonic() + _PATIENCE_SECONDS
            while _answers() and time.monotonic() < until:
                time.sleep(_TICK_SECONDS)
    shutil.rmtree(home, ignore_errors=True)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@contextmanager
def _alone(users: Path) -> Iterator[None]:
    with (users / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
