"""The columns that a public table can have: every profile but an existing ledger's, which is not published."""

from adapters.spreadsheets import Profile, load_profiles


def public_profiles() -> list[Profile]:
    """Return the profiles that a campaign's table can be published in."""
    return [each for each in load_profiles().values() if not each.history]


def title_of_profile(name: str) -> str:
    """Return a profile's title; its name where there is none such."""
    found = load_profiles().get(name)
    return found.title if found else name
