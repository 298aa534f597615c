io.write(io.open("given.txt"):read("a"))
