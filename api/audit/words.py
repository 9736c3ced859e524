"""What the entries of the audit log are called on the pages."""

from __future__ import annotations

EVENTS = {
    "sign_in": "登录",
    "sign_in.refused": "登录被拒",
    "sign_in.locked": "失败过多，暂停登录",
    "sign_out": "退出",
    "user.added": "新增账号",
    "user.changed": "修改账号",
    "user.password_reset": "重设密码",
    "user.password_changed": "修改密码",
    "token.added": "生成令牌",
    "token.revoked": "停用令牌",
    "export": "导出",
    "record.corrected": "修改材料",
    "record.accepted": "通过",
    "record.returned": "退回",
    "record.rejected": "不予受理",
    "record.reopened": "重新打开",
    "record.settled": "处理问题",
    "record.undone": "撤销",
    "record.assigned": "分派",
    "reply.sent": "回复学校",
}
DETAILS = {
    "address": "地址",
    "by": "方式",
    "user": "账号",
    "role": "角色",
    "cities": "城市",
    "disabled": "停用",
    "token": "令牌",
    "scopes": "权限",
    "by_token": "经由令牌",
    "format": "格式",
    "count": "条数",
    "field": "字段",
    "fields": "字段",
    "level": "级别",
}


def event_word(event: str) -> str:
    return EVENTS.get(event, event)


def detail_words(detail: dict[str, object]) -> list[tuple[str, str]]:
    """What stands in an entry's detail, for reading."""
    return [(DETAILS.get(key, key), _shown(value)) for key, value in detail.items()]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(str(one) for one in value) if isinstance(value, list) else str(value)
