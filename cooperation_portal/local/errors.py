class PortalError(Exception):
    """What the person at the terminal has to know, in one sentence; shown without a traceback."""
