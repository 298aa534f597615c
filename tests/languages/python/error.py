def fail():
    raise ValueError("boo")

print("before")
fail()
