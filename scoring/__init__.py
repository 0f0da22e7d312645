"""SCORE, SUGGEST, DECIDE: rules and decision tables as data, and the engine that walks them; pure."""
