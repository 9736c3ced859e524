"""Cloud attachments: files that a webmail keeps on its own servers, so that the mail holds only a link.

Told by the words and the address together: either alone also stands in ordinary mails.
"""

from __future__ import annotations

import re

_WEBMAIL_WORDS = re.compile(r"超大附件|云附件|divNetease(?:Big|SiriusCloud)Attach|进入下载页面")
_WEBMAIL_PLACES = re.compile(
    r"(?:mail\.qq\.com/(?:cgi-bin/ftnExs_download|ftn/download)|/ftnExs_download|/ftn/download"
    r"|/large-attachment-download|/cloud-attachment-download|dashi\.163\.com/|//u\.163\.com/"
    r"|edisk\.qiye\.163\.com/|qiye\.163\.com/api/biz/attachment/download)",
    re.IGNORECASE,
)
_DISK_WORDS = re.compile(r"提取码|提取密码|访问码|网盘|云盘|微云|分享的?文件")
_DISK_PLACES = re.compile(
    r"//(?:pan\.baidu\.com|yun\.baidu\.com|share\.weiyun\.com|cloud\.189\.cn|caiyun\.139\.com|yun\.139\.com"
    r"|(?:www\.)?ali(?:pan|yundrive)\.com|pan\.quark\.cn|www\.123pan\.com)/",
    re.IGNORECASE,
)
_DATE = r"\d{4}\s*[年/.-]\s*\d{1,2}\s*[月/.-]\s*\d{1,2}\s*日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
_EXPIRY = re.compile(rf"({_DATE})\s*(?:到期|过期|失效|前有效|前下载)|(?:到期|过期|失效|有效期)[^\d\n]{{0,12}}({_DATE})")


def cloud_attachment(text: str, source: str) -> str | None:
    """None when there is no cloud attachment; else when it expires, as the mail writes it, or "" when it does not say.

    text: what the reader sees; source: the same with its HTML, where the addresses are.
    """
    webmail = _WEBMAIL_WORDS.search(source) and _WEBMAIL_PLACES.search(source)
    disk = _DISK_WORDS.search(source) and _DISK_PLACES.search(source)
    if not (webmail or disk):
        return None
    expiry = _EXPIRY.search(text)
    return " ".join((expiry.group(1) or expiry.group(2)).split()) if expiry else ""
