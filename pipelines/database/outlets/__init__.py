"""How the outlets are doing: what came in the last month, at what rhythm, what changed. No clock in here."""
