"""The post: how letters leave the desk. Nothing leaves it that the post book (``post.toml``) does not send."""
