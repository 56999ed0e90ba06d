"""What can be changed in a definition, one thing at a time, as a system that gets it slightly wrong would."""
