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
    "template.kept": "保存导出模板",
    "template.dropped": "删除导出模板",
    "evidence": "导出证据包",
    "review_sheet": "打印审核单",
    "record.corrected": "修改材料",
    "record.matched": "选定匹配",
    "record.marked": "改正印章、签字",
    "record.rows_changed": "修改明细行",
    "record.settled": "处理问题",
    "record.accepted": "通过",
    "record.advanced": "报送上一级",
    "record.returned": "退回学校",
    "record.sent_back": "退回上一步",
    "record.rejected": "不予受理",
    "record.reopened": "重新打开",
    "record.undone": "撤销",
    "record.assigned": "分派",
    "record.taken_over": "接手",
    "record.sampled": "抽查",
    "records.accepted": "批量通过",
    "records.accepted_undone": "撤销批量通过",
    "doubts.applied": "批量解答疑问",
    "doubts.undone": "撤销批量解答",
    "alias.taught": "登记别名",
    "alias.taken_back": "撤回别名",
    "delegation.made": "委托",
    "delegation.ended": "结束委托",
    "reply.queued": "回复待发",
    "reply.sent": "回复已发",
    "reply.failed": "回复发送失败",
    "reminder.queued": "催报待发",
    "reminder.sent": "催报已发",
    "reminder.failed": "催报发送失败",
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
    "columns": "列",
    "template": "模板",
    "field": "字段",
    "fields": "字段",
    "level": "级别",
    "to": "给",
    "from": "自",
    "batch": "批次",
    "outbox": "发件编号",
}
VALUES = {
    "clerk": "初审",
    "reviewer": "复审",
    "approver": "终审",
    "administrator": "管理员",
    "auditor": "审计",
    "password": "密码",
    "oidc": "统一身份",
}


def event_word(event: str) -> str:
    return EVENTS.get(event, event)


def detail_words(detail: dict[str, object]) -> list[tuple[str, str]]:
    """What stands in an entry's detail, for reading."""
    return [(DETAILS.get(key, key), _shown(value)) for key, value in detail.items()]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(str(one) for one in value) or "（空）"
    return VALUES.get(str(value), str(value))
