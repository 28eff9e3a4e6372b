"""The page that a student gets: made of a graded notebook and its marks, one file that needs nothing else."""
