"""Forms of the directory of institutions and companies."""
