product-name = Opora
