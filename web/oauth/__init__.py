"""Systems sign in by themselves: SMART Backend Services, by Authlib with its defaults repaired."""
