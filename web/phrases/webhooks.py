"""The console's words: webhooks."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "事件推送": "Webhooks",
    "案件有进展时通知其他系统：只说编号、事件和状态，不含个人信息和所写内容；每条都签名，未送达会重试三天。": (
        "Other systems are told when a case moves: its number, the event and the status, nobody's data and nothing "
        "that was written. Each message is signed, and tried again for three days until it is heard."
    ),
    "地址": "Address",
    "最近送达": "Last delivered",
    "待送": "Waiting",
    "{at} 起未送达": "Not delivered since {at}",
    "还没有推送地址。": "No address is told anything yet.",
    "新增推送地址": "A new address",
    "新增": "Add",
    "允许的主机：{hosts}": "hosts allowed: {hosts}",
    "只通知此人可见的案件": "told of the cases this person may see",
    "只通知这些事件": "These events only",
    "英文名以空格分隔，如 registered closed；不填为全部": "their names, as registered closed; none for all",
    "尚未允许任何主机。请运行维护人员设置 BANJIE_WEBHOOK_HOSTS（如 oa.example.gov.cn），并重新启动。": (
        "No host is allowed yet. Whoever runs the desk sets BANJIE_WEBHOOK_HOSTS (oa.example.gov.cn), then restarts it."
    ),
    "签名密钥（只显示这一次，填入接收方）": "The secret that signs (shown this once, to be given to the receiver)",
    "发送测试": "Send a test",
    "启用，从现在起通知": "Turn on, from now on",
    "重送未送达的": "Send again what was given up",
    "更换密钥": "New secret",
    "删除": "Delete",
    "更换密钥后一天内新旧密钥同时签名。停用期间发生的事不补发。停用后才能删除。": (
        "For a day after a change both secrets sign. What happens while it is off is not told later. "
        "Only one that is off can be deleted."
    ),
    "最近的推送": "Latest messages",
    "还没有推送。": "Nothing was told yet.",
    "事件": "Event",
    "次数": "Tries",
}
