"""What can go wrong in the shell. The docstring of a class is what its user reads, and says what to do.

Two kinds, told by a flag. A transient error is worth another try (the engine tries again, then parks the message); a
permanent one is not. Trouble with what a school sent is neither: it is a Finding.
"""

from __future__ import annotations

import inspect


class YinjianError(Exception):
    """处理时出错，请把日志交给管理员。"""

    transient = False
    code = "system.failed"

    def __str__(self) -> str:
        text = inspect.cleandoc(type(self).__doc__ or "")
        return f"{text}（{self.args[0]}）" if self.args else text


class ChildDied(YinjianError):
    """识别进程在处理该页时退出，多次重试仍不成功，请人工查看原件。"""

    transient = True
    code = "file.unreadable"


class TooSlow(YinjianError):
    """该页的处理超过时限，请人工查看原件。"""

    code = "file.unreadable"


class StepFailed(YinjianError):
    """处理未能完成，请人工查看原件，必要时重新处理。"""

    def __init__(self, code: str, reason: str = ""):
        super().__init__(reason) if reason else super().__init__()
        self.code = code
        self.reason = reason


class FilesUnknown(YinjianError):
    """原件存储的地址不认识，请检查 YINJIAN_FILES_URL，用对象存储时请安装其 fsspec 组件。"""


class WrongCall(YinjianError):
    """命令的参数不对。"""


class PortTaken(YinjianError):
    """这个端口已被占用（也许印鉴已经在运行），请用 --port 换一个端口，或在 yinjian.toml 中设置 port。"""


class NoSuchAddress(YinjianError):
    """不能在这个地址上提供网页，请检查 --host 与 --port。"""


class NotFound(YinjianError):
    """没有找到。"""


def is_transient(error: BaseException) -> bool:
    """Whether another try may go better: the disk, the network, the database or a child process let us down."""
    from sqlalchemy.exc import DBAPIError  # here, so that the command line starts quickly

    from ingest.errors import FileError

    if isinstance(error, YinjianError):
        return error.transient
    if isinstance(error, FileError):
        return not error.permanent
    return isinstance(error, OSError | DBAPIError)
