"""The console's words: the inspectors' page."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "现场": "On site",
    "待发送": "Waiting to be sent",
    "未被受理": "Not accepted",
    "改后重发": "Mend and send",
    "丢弃": "Drop",
    "确定丢弃？填写的内容和照片将一并删除。": "Drop it? What was filled in goes, photos too.",
    "没有网络：可照常填写，恢复后自动发送。": "No line: fill in as ever, it is sent when the line is back.",
    "登录已过期：内容已存在本机，请重新登录后自动发送。": (
        "The session is over: what you filled in is kept here, and sent when you have logged in again."
    ),
    "已发送": "Sent",
    "已存在本机，恢复网络后自动发送。": "Kept here, sent when the line is back.",
    "拍照": "Take a photo",
    "本机空间不足，没有存下，请勿关闭本页。": "No room on this device: it was not kept. Leave this page open.",
    "完整页面": "The whole page",
}
