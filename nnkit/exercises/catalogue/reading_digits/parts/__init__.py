"""What the three marks of the open task share: the images, and the judge."""
