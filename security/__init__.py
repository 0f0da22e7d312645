"""CPR numbers, keys, tokens, actors and audit events; pure."""
