"""Outside descriptions of sessions in, drafts out; writes nothing."""
