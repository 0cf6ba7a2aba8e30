"""The console's words: the fleet."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "运行版本": "Fleet",
    "不分版本": "without versions",
    "未注明": "not told",
    "每个在办案件由一个流程照看。这里是流程在哪个办理规则、哪个版本的工作进程下运行，以及逐批更新的进度。": (
        "A workflow looks after each open case. Here is under which policy and which version of the worker they run, "
        "and how far a part that is being moved has come."
    ),
    "没有这样的在办流程。": "No workflow runs that way.",
    "在办流程 {n} 个": "{n} workflows of cases run",
    "更新一批": "Move a part",
    "确认更新全部流程": "Yes, the whole fleet",
    "两项都为全部时须勾选": "to be ticked where both are All",
    "唤醒并以当前版本继续": "Wake them, to continue in the current version",
    "办完手头的事才更新，不会重复提醒或重复发文；关闭本页也会继续。": (
        "Each finishes what it is doing first; nothing rings or is sent twice, and it goes on when this page is closed."
    ),
    "最近的更新": "Moved lately",
    "开始于": "Began",
    "已通知": "Told",
    "未能通知": "Not reached",
    "尚未更新": "Still to move",
    "本次运行始于": "This run began",
    "只列出最近开始的 {most} 个。": "Only the {most} that began last are listed.",
}
