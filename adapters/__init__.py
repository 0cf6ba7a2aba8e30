"""Everything that touches a socket or a file: database, Temporal, spreadsheets, settings, logs."""


class SetupError(Exception):
    """Something about this machine or its settings has to be put right by a person first.

    Carries the same sentence twice, Chinese (`zh`) and English (`en`); `str()` gives both, a line each, so
    that the command line prints it as it is and never a traceback.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en
