"""The feed as a pure function of the catalog. The only home of feedgen."""
