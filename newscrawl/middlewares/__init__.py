"""What stands between the walk and the network."""
