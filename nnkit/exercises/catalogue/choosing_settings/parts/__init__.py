"""What exercises of this notebook are judged by."""
