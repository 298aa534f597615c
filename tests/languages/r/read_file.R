writeLines(readLines("given.txt"))
