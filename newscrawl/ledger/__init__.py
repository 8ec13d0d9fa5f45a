"""What is known of each story: by which names it goes, and when it was published as far as was seen."""
