print("before")
error("boo")
