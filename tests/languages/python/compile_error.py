print("before")
def broken(:
