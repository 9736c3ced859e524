"""Why a file cannot be used: a code of the contract and, in Chinese, what its sender or the clerk can do about it."""

from __future__ import annotations


class FileError(Exception):
    """文件无法处理，请打开原件查看，必要时请学校重新发送。"""

    code = "file.unreadable"
    permanent = True
    """False when the same bytes may well be read the next time (the machine was short of something)."""

    def __init__(self, message: str = ""):
        self.message = message or (self.__doc__ or "").strip()
        super().__init__(self.message)


class Unreadable(FileError):
    """文件已损坏或不完整，无法打开，请学校重新导出或扫描后再发送。"""


class Encrypted(FileError):
    """文件设有打开密码，请学校去掉密码后重新发送。"""

    code = "file.encrypted"


class Bomb(FileError):
    """文件展开后过大，为安全起见未予处理，请学校按普通扫描件（每页 200 dpi 左右）重新发送。"""

    code = "file.bomb"


class Unsupported(FileError):
    """不支持这种文件格式，请学校转为 PDF 或 JPG 后重新发送。"""

    code = "file.unsupported"


class Interrupted(FileError):
    """读取文件时被中断（内存或时间不足），系统将自动重试。"""

    permanent = False
