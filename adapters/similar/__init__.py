"""Finding petitions that may be about the same: by the index, then judged one by one (``models.likeness``)."""
