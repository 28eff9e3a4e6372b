"""What runs beside the student's code. It knows no right answer, and imports nothing of the judge or the catalogue."""
