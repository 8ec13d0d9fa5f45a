"""What happens to an item on its way to a file. One class a file, one decision a class."""
