"""History has no models of its own: each audited model brings its event table (see `tracking`)."""
