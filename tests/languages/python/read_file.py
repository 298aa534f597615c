print(open("given.txt").read(), end="")
