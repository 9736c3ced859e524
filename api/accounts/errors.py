"""What can be wrong with a wish about accounts. The docstring is what the user reads; `status` is HTTP's."""

from __future__ import annotations

from api.errors import YinjianError


class AccountError(YinjianError):
    """账号操作没有完成。"""

    status = 422


class NoSuchUser(AccountError):
    """没有这个账号。"""

    status = 404


class NoSuchToken(AccountError):
    """没有这个令牌，或它已停用。"""

    status = 404


class NameTaken(AccountError):
    """这个账号名已经有人使用，请换一个。"""

    status = 409


class BadName(AccountError):
    """账号名须为 1 至 64 个字母、汉字、数字或 . _ - @，并且不能是系统保留的名字。"""


class BadCity(AccountError):
    """名录中没有这些城市，请按学校名录中的写法填写。"""


class BadRole(AccountError):
    """没有这种角色。"""


class BadScope(AccountError):
    """请至少选择一种令牌权限：read、review、export、admin。"""


class WeakPassword(AccountError):
    """新密码不符合要求。"""


class WrongPassword(AccountError):
    """密码不对。"""

    status = 403


class LastAdministrator(AccountError):
    """这是最后一个可以登录的管理员，不能停用或改为其他角色；请先另设一个管理员。"""

    status = 409


class ProviderFailed(AccountError):
    """统一身份登录暂时不能用，请稍后再试，或用密码登录。"""

    status = 502


class StrangeAnswer(AccountError):
    """统一身份登录没有成功，请从登录页重新开始。"""

    status = 403


class NotKnownHere(AccountError):
    """您的统一身份在本系统中没有账号，或账号已停用，请联系管理员。"""

    status = 403


class MustWait(AccountError):
    """失败次数过多，请稍后再试。"""

    status = 429

    def __init__(self, seconds: int):
        super().__init__(f"还需等待 {seconds} 秒")
        self.seconds = seconds
