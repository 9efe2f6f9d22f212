product-name = Опора
