"""A submission is run, with a seed that its author cannot know."""
