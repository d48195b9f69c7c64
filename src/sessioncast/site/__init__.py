"""The website as a pure function of the catalog."""
