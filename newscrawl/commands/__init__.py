"""What `scrapy` can do here, besides what it can do anywhere."""
