"""Pages of the directory of institutions and companies."""
