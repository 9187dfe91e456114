"""The settings as the type checker sees them: it needs names and types, no installation."""

import os
import tempfile
from pathlib import Path

_data = Path(tempfile.gettempdir()) / f"puhui-types-{os.getuid()}"
(_data / "keys").mkdir(mode=0o700, parents=True, exist_ok=True)
(_data / "keys" / "django.key").write_text("x" * 50, encoding="utf-8")
os.environ["PUHUI_DATA"] = str(_data)
os.environ.pop("PUHUI_KEYS", None)

from puhui.config.settings import *  # noqa: E402, F403
