"""The console's words: the identity provider."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "统一身份认证登录": "Log in with the identity provider",
    "统一身份认证": "Identity provider",
    "已绑定": "Bound",
    "解除绑定": "Unbind",
    "绑定": "Bind",
    "解除统一身份绑定": "Unbind the identity",
    "绑定后可用统一身份认证登录，不必输入本系统密码。": (
        "Bound, you log in by the identity provider, without a password here."
    ),
}
