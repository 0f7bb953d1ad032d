print("maxnorm")
