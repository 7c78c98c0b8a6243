"""Where the catalogue is kept: technologies are written down, completed, published and retired by content admins."""
