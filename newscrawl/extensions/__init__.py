"""What watches a run: its verdict, its report, its progress, its log."""
