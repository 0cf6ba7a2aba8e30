"""What reaches outside on a workflow's behalf: the promises in ``signatures``, the keeping of them beside it."""
