"""What people and programs ask of the file: search, SQL of their own, histories, exports. Reads only."""
