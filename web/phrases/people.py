"""The console's words: accounts, logging in, what is under seal."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "{who} 的一次性密码（只显示这一次，首次登录须修改）": (
        "One-time password of {who} (shown this once, to be changed at the first log-in)"
    ),
    "令牌": "Tokens",
    "以何人名义": "In whose name",
    "作废": "Revoke",
    "供其他系统调用接口，以某人名义、在所选范围内": (
        "for other systems that call the API, in somebody's name and within the scopes chosen"
    ),
    "修改密码": "Change password",
    "停用": "Close",
    "再次填写密码": "Password again",
    "再次填写新密码": "New password again",
    "创建": "Made",
    "创建令牌": "Make a token",
    "完成设置": "Finish the setup",
    "密码": "Password",
    "已作废": "revoked",
    "已停用": "closed",
    "已开通": "open",
    "开通": "Open",
    "待改密码": "password to be changed",
    "您正在使用一次性密码，请先设置自己的密码。": "You are using a one-time password. Set one of your own first.",
    "操作": "Actions",
    "新令牌（只显示这一次）": "New token (shown this once)",
    "新密码": "New password",
    "显示在启动本系统的终端上": "shown in the terminal that started this system",
    "未开通": "none",
    "没有账号或忘记密码，请联系系统管理员。": "No account, or a forgotten password? Ask the administrator.",
    "现在的密码": "Present password",
    "用户名": "User name",
    "登录": "Log in",
    "登录时不写空格。": "Type it without the blanks.",
    "系统管理员": "Administrator",
    "系统还没有账号。请为系统管理员设置密码，之后由其为其他人员开通账号。": (
        "There is no account yet. Set a password for the administrator, who then opens accounts for everybody else."
    ),
    "至少 10 个字符": "at least 10 characters",
    "范围": "Scopes",
    "设置码": "Setup code",
    "账号": "Account",
    "还没有令牌。": "There are no tokens yet.",
    "重置密码": "New password",
    "锁定至 {at}": "locked until {at}",
    "首次设置": "First setup",
    "每次查看都会记入访问日志，审计员可见。请勿外传、截图。": (
        "Each opening is kept in the access log, which auditors read. Pass nothing on, take no picture."
    ),
    "依据文号": "Number of the paper it rests on",
    "如有；不写任何人的姓名": "if there is one; nobody's name",
    "已记入访问日志。": "Kept in the access log.",
    "关闭": "Close",
    "两步验证": "Second factor",
    "验证码": "Code",
    "手机验证器上的 6 位数字，或一个恢复码": "six digits from your telephone, or a recovery code",
    "手机不在身边又没有恢复码的，请联系系统管理员。": "Without telephone and recovery code, ask the administrator.",
    "两步验证已启用。": "The second factor is in force.",
    "恢复码只显示这一次，请抄下并锁好；每个只能用一次。": (
        "Recovery codes, shown this once: write them down and lock them away. Each is good once."
    ),
    "用手机上的验证器（如 Microsoft Authenticator、FreeOTP）扫码，再填写它显示的 6 位数字。": (
        "Scan it with an authenticator on your telephone, then write the six digits that it shows."
    ),
    "不能扫码时手工输入": "Where it cannot be scanned, type",
    "启用": "Put in force",
    "已启用": "In force",
    "剩 {n} 个恢复码": "{n} recovery codes left",
    "停用两步验证": "Take the second factor away",
    "您的职责要求启用两步验证，请先启用。": "Your role demands a second factor: set it up first.",
    "登录时除密码外，再核对手机上的 6 位数字：密码泄露也进不来。": (
        "Besides the password six digits from your telephone are asked for: a password that leaked opens nothing."
    ),
    "启用两步验证": "Set up a second factor",
    "登录中的会话": "Where you are logged in",
    "本次": "this one",
    "最近使用 {at}": "used last {at}",
    "退出其他所有会话": "Log out everywhere else",
    "接下来": "What comes next",
    "导入本单位的组织机构工作簿，或用表单修改单位和人员": (
        "Take your organisation's workbook in, or change units and people by forms"
    ),
    "在下表为每个人开通账号，把一次性密码当面交给本人": (
        "Open an account for everybody below, and hand the one-time password over yourself"
    ),
    "信访专员登录后即可登记第一件": "A clerk who logs in can take the first petition in",
    "只想先看看：在终端另起一个目录运行 banjie demo，会有一个演示县和各职责的账号。": (
        "Only to look around: run banjie demo on a folder of its own; it makes a county with an account of each role."
    ),
}
