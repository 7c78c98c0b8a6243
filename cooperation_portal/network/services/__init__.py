"""What changes the directory of institutions and companies."""
