"""`yinjian audit verify`."""

from __future__ import annotations

from contextlib import closing

from rich.console import Console

from api.audit.key import open_store
from api.audit.service import verify_store
from api.errors import WrongCall
from api.settings import Settings


def verify(settings: Settings, out: Console, known: str) -> bool:
    """Says what is so; whether all is well. known: "number:hash" as noted before. Raises WrongCall."""
    noted = _noted(known) if known else None
    with closing(open_store(settings)) as store:
        report = verify_store(store, noted)
    if report.fault is not None:
        out.print(f"审计日志有问题：{report.fault.message}", style="red", markup=False)
        out.print(f"此前的 {report.count} 条完好。", markup=False)
        return False
    out.print(f"审计日志完好，共 {report.count} 条。", markup=False)
    out.print("请把末条的“编号:哈希”记在别处，以后可用 --known 核对：", markup=False)
    out.print(f"{report.count}:{report.hash}", markup=False, highlight=False, soft_wrap=True)
    return True


def _noted(known: str) -> tuple[int, str]:
    number, _, hash = known.partition(":")
    if not number.isdecimal() or len(hash) != 64:
        raise WrongCall("--known 应为“编号:哈希”，如 audit verify 以前所显示的")
    return int(number), hash
