"""Django's admin site for the system administrator: accounts, vocabularies and settings, and nothing of the business.

What it changes is in the history with who and when, as everything else; its own log is not written.
"""

from cooperation_portal.home.administration import people, vocabularies
from cooperation_portal.home.administration.site import site

__all__ = ["people", "site", "vocabularies"]
