print File.read("given.txt")
