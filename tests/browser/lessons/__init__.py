"""One file for each moving widget: the cell that shows it, and its lesson, gone through by mouse and by keyboard."""
