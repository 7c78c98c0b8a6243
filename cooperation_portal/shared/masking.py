"""Company names for those who may not know the company."""

import re

# The corporate form stays readable: ㈜동백정공 and (주)동백정공 are masked as ㈜동***공 and (주)동***공.
CORPORATE_FORMS = re.compile(
    r"^(?P<before>㈜|\(주\)|주식회사\s*|\(유\)|유한회사\s*)?(?P<name>.*?)(?P<after>㈜|\(주\)|\s*주식회사)?$"
)
STARS = "***"  # always three, so that the length of the name is not told


def mask_company_name(name: str) -> str:
    """First and last letter with three stars between; a name of one letter shows only stars."""
    parts = CORPORATE_FORMS.match(name.strip())
    if parts is None:
        return STARS
    core = parts["name"].strip()
    masked = STARS if len(core) < 2 else f"{core[0]}{STARS}{core[-1]}" if len(core) > 2 else f"{core[0]}{STARS}"
    return f"{parts['before'] or ''}{masked}{parts['after'] or ''}"
