writeLines("written by the program", "made.txt")
